/** What the app itself writes into the log of a job. */
import type { TimelineEntry, TimelineKind } from '../../../worker/protocol/timeline.ts';
import type { JobAddress, JobEngine, StoredJob } from '../../../worker/queue/job-engine.ts';

/** Of an earlier life of a job, this many lines are carried into the next. */
const carriedLines = 100;

export async function writeToLog(engine: JobEngine, job: JobAddress, kind: TimelineKind): Promise<void> {
  const entry: TimelineEntry = { at: Date.now(), kind };
  // A story with a gap is better than a job that cannot be stopped.
  await engine.log(job, JSON.stringify(entry)).catch(() => undefined);
}

/** A job that is queued again keeps its story. */
export async function carryLog(engine: JobEngine, before: StoredJob, lines: readonly string[]): Promise<void> {
  const address = { queue: before.queue, id: before.id };
  // A worker may have begun it by now: the story goes by when it was queued.
  const at = (await engine.get(address).catch(() => undefined))?.createdAt ?? Date.now();
  const entry = (when: number, kind: TimelineKind): string =>
    JSON.stringify({ at: when, kind } satisfies TimelineEntry);
  const told = [
    entry(before.createdAt, 'queued'),
    ...lines.slice(-carriedLines),
    entry(at, 'queued'),
    entry(at, 'retry'),
  ];
  for (const line of told) await engine.log(address, line).catch(() => undefined);
}
