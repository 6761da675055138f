import { RotateCw, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { JobView } from '../../../src-main/contract/calls.ts';
import type { JobDetails } from '../../../src-main/contract/queue-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { stageOf, stageWords } from './describe-job.ts';
import { JobActions } from './job-actions.tsx';
import { JobGantt } from './job-gantt.tsx';
import { duration, kindWords, storyLine, workerName } from './queue-words.ts';

/** All that is known of the selected job. */
export function JobDrawer() {
  const { jobs, queue, library } = useAppStores();
  const selected = useStore(queue, (state) => state.selected);
  const details = useStore(queue, (state) => state.details);
  const job = useStore(jobs, (state) => (selected === undefined ? undefined : state.jobs.get(selected)));
  const clips = useStore(library, (state) => state.clips);
  if (job === undefined) return undefined;
  const name = clips.get(job.clipSha256)?.name ?? job.clipName ?? 'A clip that was removed';
  return (
    <aside className="job-drawer" aria-label="Job">
      <header className="panel-header">
        <h2 title={name}>
          {kindWords[job.kind]} of {name}
        </h2>
        <span className="push-end" />
        <JobActions job={job} />
        <IconButton icon={X} label="Close" shortcut="Esc" onPress={() => queue.getState().select(undefined)} />
      </header>
      <div className="job-drawer-body">
        {job.status === 'failed' ? <Failure job={job} details={details} /> : undefined}
        {details === undefined ? (
          <p className="quiet">Reading…</p>
        ) : (
          <>
            <Facts job={job} details={details} />
            <JobGantt details={details} />
            <Story details={details} />
          </>
        )}
      </div>
    </aside>
  );
}

/** What happened, what was kept, what to do. */
function Failure({ job, details }: { readonly job: JobView; readonly details: JobDetails | undefined }) {
  const { jobs, settings, queue } = useAppStores();
  const { retry } = useStore(jobs);
  const isViewer = useStore(queue, ({ access }) => access === 'viewer');
  const workers = useStore(settings, (state) => state.workers);
  const { origin, chunks } = details ?? {};
  const kept = chunks === undefined ? '' : ` ${chunks.done} of ${chunks.total} parts are finished and kept.`;
  return (
    <section className="job-failure" aria-label="Failure">
      <p className="selectable">{job.failure?.message}</p>
      {origin === undefined ? undefined : (
        <p className="quiet">
          While “{stageWords[origin.stage]}”, on {workerName(origin.worker, workers)}, attempt {origin.attempt}.{kept}
        </p>
      )}
      {isViewer ? undefined : (
        <Button className="button" onPress={() => retry([job])}>
          <RotateCw size={14} aria-hidden />
          {origin === undefined ? 'Try again' : `Try again from “${stageWords[origin.stage]}”`}
        </Button>
      )}
    </section>
  );
}

function Facts({ job, details }: { readonly job: JobView; readonly details: JobDetails }) {
  const { settings } = useAppStores();
  const workers = useStore(settings, (state) => state.workers);
  const seconds = (from: string | undefined, to: string | undefined): string =>
    from === undefined || to === undefined ? '–' : duration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000);
  const { chunks } = details;
  const rows = [
    ['State', job.status === 'done' ? 'Done' : job.status === 'failed' ? 'Failed' : stageOf(job)],
    ['Queued', new Date(job.createdAt).toLocaleString()],
    ['Waited', seconds(job.createdAt, job.startedAt)],
    ['Took', seconds(job.startedAt, job.endedAt)],
    ['Parts', chunks === undefined ? '–' : `${chunks.done} of ${chunks.total} done`],
    ['Workers', details.workers.map((id) => workerName(id, workers)).join(', ') || '–'],
    ['Failed attempts', String(details.timeline.filter(({ kind }) => kind === 'retry' || kind === 'failed').length)],
  ] as const;
  return (
    <dl className="job-facts">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt className="quiet">{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Story({ details: { timeline, notes } }: { readonly details: JobDetails }) {
  const { settings } = useAppStores();
  const workers = useStore(settings, (state) => state.workers);
  const lines = [...timeline, ...notes].sort((a, b) => a.at - b.at);
  const first = lines[0]?.at ?? 0;
  return (
    <section aria-labelledby="job-story">
      <h2 id="job-story">Log</h2>
      <ol className="job-story selectable" aria-label="Log">
        {lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end, and two may be alike.
          <li key={`${i} ${line.at}`} data-kind={line.kind}>
            <span className="quiet">{((line.at - first) / 1000).toFixed(1)} s</span>
            <span>{storyLine(line, (worker) => workerName(worker, workers))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
