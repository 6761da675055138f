/** Pausing of single jobs in Redis; how workers heed it is told at `pauseKey`. */
import type { Queue } from 'bullmq';
import type { RedisConnection } from '../connection.ts';
import { pauseKey, pauseSeconds } from '../protocol/control.ts';
import type { QueueName } from '../protocol/queues.ts';
import type { JobAddress } from './job-engine.ts';

export interface JobPauses {
  /** What runs goes on to its end: of an analysis the chunks in hand. Nothing else of these jobs is begun. */
  pause(jobIds: readonly string[]): Promise<void>;
  isPaused(jobId: string): Promise<boolean>;
  /** `jobs` are the paused ones with their chunks; those that a worker has put back are taken again at once. */
  resume(jobs: readonly JobAddress[]): Promise<void>;
}

export function createJobPauses(options: {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly queueOf: (name: QueueName) => Queue;
}): JobPauses {
  const { connection, keyPrefix: prefix, queueOf } = options;
  return {
    async pause(jobIds) {
      for (const id of jobIds) await connection.set(pauseKey(prefix, id), String(Date.now()), 'EX', pauseSeconds);
    },
    isPaused: async (jobId) => (await connection.exists(pauseKey(prefix, jobId))) === 1,
    async resume(jobs) {
      // The marks go first: whoever puts a job back after that does so for a short while.
      for (const { id } of jobs) await connection.del(pauseKey(prefix, id));
      for (const { id, queue } of jobs) {
        const job = await queueOf(queue).getJob(id);
        // One that waits for its time goes on waiting. One that is in no such state is not delayed: nothing to do.
        const isDue = job && job.timestamp + (job.opts.delay ?? 0) <= Date.now();
        if (isDue) await job.promote().catch(() => undefined);
      }
    },
  };
}
