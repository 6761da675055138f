import { useStore } from 'zustand';
import type { Percentiles } from '../../../src-main/contract/queue-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { duration } from './queue-words.ts';
import { Sparkline } from './sparkline.tsx';
import { type ConnectedQueue, useTeamQueue } from './use-team-queue.ts';

/** The queue in figures, over the jobs that are kept. */
export function StatisticsStrip() {
  const { queue } = useAppStores();
  const statistics = useStore(queue, (state) => state.statistics);
  const team = useTeamQueue();
  if (statistics === undefined) return <div className="queue-figures" />;
  const { depth, all, perHour, perMinute } = statistics;
  return (
    <dl className="queue-figures" aria-label="Figures">
      <Figure label="Waiting" value={String(depth.queued + depth.paused)} />
      <Figure label="Running" value={String(depth.running)} />
      {team?.counts === undefined ? undefined : <InTeam counts={team.counts} />}
      <Figure label="Succeeded" value={all.successRate === undefined ? '–' : percent(all.successRate)} />
      <Spread label="Wait" percentiles={all.waitSeconds} />
      <Spread label="Work" percentiles={all.runSeconds} />
      <div className="queue-throughput">
        <dt>Last hour</dt>
        <dd>
          {perHour} <small>ended</small>
          <Sparkline minutes={perMinute} />
        </dd>
      </div>
    </dl>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The jobs of all members. */
function InTeam({ counts: { waiting, running } }: { readonly counts: NonNullable<ConnectedQueue['counts']> }) {
  return (
    <div className="queue-spread queue-team">
      <dt>In the team</dt>
      <dd>
        <span>
          {waiting} <small>waiting</small>
        </span>
        <span>
          {running} <small>running</small>
        </span>
      </dd>
    </div>
  );
}

/** Half of the jobs took at most the first, nine of ten at most the second, all but one in a hundred the third. */
function Spread({ label, percentiles }: { readonly label: string; readonly percentiles: Percentiles | undefined }) {
  const parts = [
    ['50%', percentiles?.p50],
    ['90%', percentiles?.p90],
    ['99%', percentiles?.p99],
  ] as const;
  return (
    <div className="queue-spread">
      <dt>{label}</dt>
      <dd>
        {parts.map(([share, seconds]) => (
          <span key={share}>
            <small>{share}</small> {seconds === undefined ? '–' : duration(seconds)}
          </span>
        ))}
      </dd>
    </div>
  );
}

/** Never rounded up to all. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10}%`;
}
