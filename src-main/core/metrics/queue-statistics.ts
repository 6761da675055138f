/** Figures of the queue, out of the jobs that are kept: nothing is measured beside them, and nothing is lost with the app. */
import { type JobView, shownJobKinds } from '../../contract/job-view.ts';
import type { Outcomes, Percentiles, QueueStatistics } from '../../contract/queue-views.ts';
import type { QueueCounts } from './queue-counts.ts';

const minuteMilliseconds = 60_000;
const shownMinutes = 60;

/** `now`: milliseconds since 1970. */
export function queueStatistics({
  jobs,
  queues,
  now,
}: {
  readonly jobs: readonly JobView[];
  readonly queues: readonly QueueCounts[];
  readonly now: number;
}): QueueStatistics {
  const having = (...statuses: JobView['status'][]): number =>
    jobs.filter(({ status }) => statuses.includes(status)).length;
  const perMinute = endingsPerMinute(jobs, now);
  const byKind = shownJobKinds.flatMap((kind) => {
    const own = jobs.filter((job) => job.kind === kind);
    return own.length > 0 ? [[kind, outcomesOf(own)] as const] : [];
  });
  return {
    depth: { queued: having('queued'), running: having('running', 'cancelling'), paused: having('paused') },
    isPaused: queues.length > 0 && queues.every(({ isPaused }) => isPaused),
    queues: queues.map(({ name, counts, isPaused }) => ({
      name,
      waiting: counts.waiting,
      delayed: counts.delayed,
      active: counts.active,
      waitingForChunks: counts['waiting-children'],
      isPaused,
    })),
    all: outcomesOf(jobs),
    kinds: Object.fromEntries(byKind),
    perMinute,
    perHour: perMinute.reduce((sum, { done, failed }) => sum + done + failed, 0),
  };
}

function outcomesOf(jobs: readonly JobView[]): Outcomes {
  const done = jobs.filter(({ status }) => status === 'done');
  const failed = jobs.filter(({ status }) => status === 'failed').length;
  const waits = done.map(({ createdAt, startedAt }) => secondsBetween(createdAt, startedAt));
  const runs = done.map(({ startedAt, endedAt }) => secondsBetween(startedAt, endedAt));
  const waitSeconds = percentilesOf(waits.filter((value) => value !== undefined));
  const runSeconds = percentilesOf(runs.filter((value) => value !== undefined));
  return {
    done: done.length,
    failed,
    cancelled: jobs.filter(({ status }) => status === 'cancelled').length,
    ...(done.length + failed > 0 && { successRate: done.length / (done.length + failed) }),
    ...(waitSeconds && { waitSeconds }),
    ...(runSeconds && { runSeconds }),
  };
}

/** Zero where the clocks of app and worker disagree by more than there was to measure. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

/** By nearest rank: each is a value that occurred. Undefined for none. */
export function percentilesOf(values: readonly number[]): Percentiles | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? undefined : { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

function endingsPerMinute(jobs: readonly JobView[], now: number): QueueStatistics['perMinute'] {
  const minutes = Array.from({ length: shownMinutes }, () => ({ done: 0, failed: 0 }));
  const running = Math.floor(now / minuteMilliseconds);
  for (const { status, endedAt } of jobs) {
    if (endedAt === undefined || (status !== 'done' && status !== 'failed')) continue;
    const minute = minutes[shownMinutes - 1 - (running - Math.floor(Date.parse(endedAt) / minuteMilliseconds))];
    if (minute) minute[status]++;
  }
  return minutes;
}
