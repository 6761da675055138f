/** The story of one job, over all its visits to workers and over its chunks, out of its log and of what it is now. */
import type { Failure } from '../../../worker/protocol/errors.ts';
import type { JobStatus } from '../../../worker/protocol/status.ts';
import type { JobLogLine, TimelineEntry, TimelineKind } from '../../../worker/protocol/timeline.ts';

export interface TimelineSource {
  readonly log: readonly JobLogLine[];
  readonly status: JobStatus;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly endedAt?: number | undefined;
  readonly failure?: Failure | undefined;
}

/** Between these and the end of the visit a worker has the job in hand. */
const inHand: readonly TimelineKind[] = ['started', 'stage'];
const said: readonly TimelineKind[] = ['paused', 'resumed'];

/**
 * In order of time. What nobody could write is added: that the job was queued, that a worker died on it (it was begun
 * again without an end), and how it ended where its last worker was not asked.
 */
export function mergeTimeline({ log, status, createdAt, endedAt, failure }: TimelineSource): TimelineEntry[] {
  const written = log.filter((line): line is TimelineEntry => line.kind !== 'note').sort((a, b) => a.at - b.at);
  const merged = withStalls(written);
  if (!merged.some(({ kind, at, chunk }) => kind === 'queued' && at === createdAt && chunk === undefined))
    merged.push({ at: createdAt, kind: 'queued' });
  merged.sort((a, b) => a.at - b.at);
  const last = merged.findLast(({ chunk, kind }) => chunk === undefined && !said.includes(kind));
  const isEnded = status === 'done' || status === 'failed' || status === 'cancelled';
  if (isEnded && endedAt !== undefined && last?.kind !== status) {
    merged.push({ at: endedAt, kind: status, ...(status === 'failed' && failure && { failure }) });
  }
  return merged;
}

function withStalls(entries: readonly TimelineEntry[]): TimelineEntry[] {
  /** Of each lane, the job itself and every chunk, the last thing a worker said that was no end. */
  const open = new Map<number | undefined, TimelineEntry>();
  return entries.flatMap((entry) => {
    const { chunk, kind, at } = entry;
    if (said.includes(kind)) return [entry];
    const before = open.get(chunk);
    if (inHand.includes(kind)) open.set(chunk, entry);
    else open.delete(chunk);
    if (kind !== 'started' || before === undefined) return [entry];
    const { worker, stage, attempt } = before;
    return [
      {
        at,
        kind: 'stalled',
        ...(chunk !== undefined && { chunk }),
        ...(worker !== undefined && { worker }),
        ...(stage && { stage }),
        ...(attempt !== undefined && { attempt }),
      } as const,
      entry,
    ];
  });
}

/** Where and why the job failed: its failure's own account, or else the last one in the story. */
export function originOf(timeline: readonly TimelineEntry[], failure: Failure | undefined): Failure['origin'] {
  if (failure?.origin) return failure.origin;
  const last = timeline.findLast(({ kind, worker, stage }) => kind === 'stalled' && worker && stage);
  if (failure === undefined || last?.worker === undefined || last.stage === undefined) return undefined;
  return { worker: last.worker, stage: last.stage, attempt: last.attempt ?? 1 };
}
