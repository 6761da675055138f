import { queueNames, type WorkerQueueName } from '../../../worker/protocol/queues.ts';
import type { JobEngine, JobState } from '../../../worker/queue/job-engine.ts';

export interface QueueCounts {
  readonly name: WorkerQueueName;
  readonly counts: Readonly<Record<JobState, number>>;
  readonly isPaused: boolean;
}

/** Throws AppError REDIS_UNREACHABLE. */
export async function readQueueCounts(engine: JobEngine): Promise<QueueCounts[]> {
  return await Promise.all(
    queueNames.map(async (name) => {
      const [counts, isPaused] = await Promise.all([engine.counts(name), engine.isPaused(name)]);
      return { name, counts, isPaused };
    }),
  );
}
