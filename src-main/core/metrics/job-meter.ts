/** What has ended since the app started, as counters that only grow: what Prometheus wants, beside the kept jobs. */

import type { MetricFamily, MetricSample } from '../../../worker/protocol/prometheus-text.ts';
import { queueOfJob } from '../../../worker/protocol/queues.ts';
import type { JobView } from '../../contract/job-view.ts';
import { createFreshEndings } from '../jobs/fresh-endings.ts';
import { secondsBetween } from './queue-statistics.ts';

export interface JobMeter {
  /** Every view of every job, as it changes. */
  observe(job: JobView): void;
  families(): MetricFamily[];
}

/** Seconds: from a fast idle machine to a night's work. */
const bounds = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200];

/** `since`: when the app started. Milliseconds since 1970. */
export function createJobMeter(since: number): JobMeter {
  const ended = new Map<string, { queue: string; status: string; count: number }>();
  const waits = new Map<string, number[]>();
  const runs = new Map<string, number[]>();
  const isFresh = createFreshEndings(since);

  return {
    observe(job) {
      if (!isFresh(job)) return;
      const { kind, status, createdAt, startedAt, endedAt } = job;
      const queue = queueOfJob[kind];
      const known = ended.get(`${queue} ${status}`) ?? { queue, status, count: 0 };
      ended.set(`${queue} ${status}`, { ...known, count: known.count + 1 });
      if (status !== 'done') return;
      note(waits, queue, secondsBetween(createdAt, startedAt));
      note(runs, queue, secondsBetween(startedAt, endedAt));
    },
    families: () => [
      {
        name: 'shadow_trainer_jobs_ended_total',
        help: 'Jobs that ended since the app started.',
        type: 'counter',
        samples: [...ended.values()].map(({ queue, status, count }) => ({ labels: { queue, status }, value: count })),
      },
      histogram('shadow_trainer_job_wait_seconds', 'From queued to started, of the jobs that are done.', waits),
      histogram('shadow_trainer_job_run_seconds', 'From started to ended, of the jobs that are done.', runs),
    ],
  };
}

/** Per queue: how many lay at or below each bound, how many there were, and their sum. */
function note(histograms: Map<string, number[]>, queue: string, seconds: number | undefined): void {
  if (seconds === undefined) return;
  const cells = histograms.get(queue) ?? Array.from({ length: bounds.length + 2 }, () => 0);
  histograms.set(
    queue,
    cells.map((cell, i) => {
      const bound = bounds[i];
      if (bound !== undefined) return seconds <= bound ? cell + 1 : cell;
      return i === bounds.length ? cell + 1 : cell + seconds;
    }),
  );
}

function histogram(name: string, help: string, histograms: ReadonlyMap<string, readonly number[]>): MetricFamily {
  const samples = [...histograms].flatMap(([queue, cells]): MetricSample[] => {
    const [count = 0, sum = 0] = cells.slice(bounds.length);
    return [
      ...bounds.map((bound, i) => ({
        suffix: '_bucket' as const,
        labels: { queue, le: String(bound) },
        value: cells[i] ?? 0,
      })),
      { suffix: '_bucket', labels: { queue, le: '+Inf' }, value: count },
      { suffix: '_sum', labels: { queue }, value: sum },
      { suffix: '_count', labels: { queue }, value: count },
    ];
  });
  return { name, help, type: 'histogram', samples };
}
