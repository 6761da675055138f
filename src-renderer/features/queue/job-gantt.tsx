import { useStore } from 'zustand';
import type { JobDetails } from '../../../src-main/contract/queue-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { stageWords } from './describe-job.ts';
import { type BarEnd, type GanttBar, ganttOf } from './gantt-bars.ts';
import { duration, workerName } from './queue-words.ts';

const endWords: Readonly<Record<BarEnd, string>> = {
  open: 'under way',
  left: '',
  done: '',
  retry: 'failed, tried again',
  failed: 'failed',
  stalled: 'the worker was lost',
  cancelled: 'cancelled',
};

/** Who worked on what, and when: a lane for each worker, a bar for each stage and part. */
export function JobGantt({ details }: { readonly details: JobDetails }) {
  const { settings } = useAppStores();
  const workers = useStore(settings, (state) => state.workers);
  const { from, to, lanes, waits } = ganttOf(details.timeline, Date.now());
  const span = Math.max(1, to - from);
  const place = (bar: { readonly from: number; readonly to: number }) => ({
    left: `${(100 * (bar.from - from)) / span}%`,
    width: `${(100 * (bar.to - bar.from)) / span}%`,
  });
  const label = (bar: GanttBar): string => {
    const what = bar.chunk === undefined ? (bar.stage ? stageWords[bar.stage] : 'Work') : `Part ${bar.chunk + 1}`;
    return [what, duration((bar.to - bar.from) / 1000), endWords[bar.end]].filter(Boolean).join(', ');
  };
  return (
    <figure className="gantt" aria-label="Work over time">
      <div className="gantt-lane">
        <span className="gantt-name quiet">Waiting</span>
        <div className="gantt-bars">
          {waits.map((wait) => (
            <span
              key={wait.from}
              className="gantt-wait"
              style={place(wait)}
              title={`Nobody worked on it for ${duration((wait.to - wait.from) / 1000)}`}
            />
          ))}
        </div>
      </div>
      {lanes.map(({ worker, bars }) => (
        <div key={worker} className="gantt-lane">
          <span className="gantt-name" title={worker}>
            {workerName(worker, workers)}
          </span>
          <div className="gantt-bars">
            {bars.map((bar) => (
              <span
                key={`${bar.from} ${bar.chunk} ${bar.stage}`}
                className={bar.chunk === undefined ? 'gantt-bar own' : 'gantt-bar'}
                data-end={bar.end}
                style={place(bar)}
                title={label(bar)}
                role="img"
                aria-label={label(bar)}
              />
            ))}
          </div>
        </div>
      ))}
      <figcaption className="quiet">
        <span>0 s</span>
        <span>{duration(span / 1000)}</span>
      </figcaption>
    </figure>
  );
}
