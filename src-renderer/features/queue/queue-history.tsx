import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { HistoryChart } from './history-chart.tsx';
import { historyOf } from './history-minutes.ts';

/** What the queue got done, what waited, and for how long, over the last hour. */
export function QueueHistory() {
  const { jobs: store, queue } = useAppStores();
  const jobs = useStore(store, (state) => state.jobs);
  // Read every two seconds: the charts move on with it, also while no job changes.
  const statistics = useStore(queue, (state) => state.statistics);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new reading is a new moment.
  const minutes = useMemo(() => historyOf(jobs.values(), Date.now()), [jobs, statistics]);
  const charts = useMemo(() => chartsOf(minutes), [minutes]);
  const times = useMemo(() => minutes.map(({ at }) => at), [minutes]);
  return (
    <section className="queue-history" aria-label="History">
      {charts.map((chart) => (
        <HistoryChart key={chart.title} {...chart} times={times} />
      ))}
    </section>
  );
}

function chartsOf(minutes: ReturnType<typeof historyOf>) {
  const line = (read: (minute: (typeof minutes)[number]) => number | undefined) => minutes.map(read);
  return [
    {
      title: 'Throughput',
      unit: 'jobs a minute',
      series: [
        // The taller bars are drawn first, so that the failed ones stand on top; none is drawn behind another of its
        // height, whose edges would take its colour.
        {
          label: 'failed',
          token: '--problem',
          kind: 'bars',
          values: line(({ done, failed }) => (failed > 0 ? done + failed : undefined)),
          last: minutes.at(-1)?.failed,
        },
        { label: 'done', token: '--n6', kind: 'bars', values: line(({ done }) => done) },
      ],
    },
    {
      title: 'Depth',
      unit: 'jobs',
      series: [
        { label: 'waiting', token: '--text', kind: 'dashes', values: line(({ waiting }) => waiting) },
        { label: 'running', token: '--accent', kind: 'line', values: line(({ running }) => running) },
      ],
    },
    {
      title: 'Wait',
      unit: 'seconds until begun',
      series: [
        { label: '90%', token: '--text', kind: 'dashes', values: line(({ waitMost }) => waitMost) },
        { label: '50%', token: '--accent', kind: 'line', values: line(({ waitHalf }) => waitHalf) },
      ],
    },
  ] as const;
}
