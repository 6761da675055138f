/** The files that the jobs of a team speak of, for whoever keeps those files. */
import type { JobType } from 'bullmq';
import type { RedisConnection } from '../connection.ts';
import { queueNames, type WorkerQueueName } from '../protocol/queues.ts';
import { childrenResultsOf } from './bullmq-job.ts';
import { plannedChunksOf } from './chunks-of-job.ts';
import { openBullQueue } from './open-bull-queue.ts';

export interface JobHashes {
  /** Of jobs that have not ended. */
  readonly needed: ReadonlySet<string>;
  /** Of those that have: what they made, which somebody may not have fetched yet, and what trying again would take. */
  readonly ended: ReadonlySet<string>;
}

/** There and back, so that a job on its way from state to state is met in one of them. */
const unfinished: readonly JobType[] = ['waiting', 'prioritized', 'delayed', 'active', 'waiting-children'];
const unfinishedTwice = [...unfinished, ...unfinished.toReversed()];

/** A hash in the text of a job is enough. Throws what ioredis throws: not knowing all means knowing nothing. */
export async function readJobHashes(connection: RedisConnection, prefix: string): Promise<JobHashes> {
  const needed = new Set<string>();
  const ended = new Set<string>();
  for (const name of queueNames) await readQueue(name, { connection, prefix, needed, ended });
  return { needed, ended };
}

async function readQueue(
  name: WorkerQueueName,
  to: { connection: RedisConnection; prefix: string; needed: Set<string>; ended: Set<string> },
): Promise<void> {
  const queue = openBullQueue(name, to);
  try {
    for (const state of unfinishedTwice)
      for (const job of await queue.getJobs([state])) {
        add(to.needed, [job.data, plannedChunksOf(job.data) && [...(await childrenResultsOf(job))]]);
      }
    for (const job of await queue.getJobs(['completed', 'failed'])) add(to.ended, [job.data, job.returnvalue]);
  } finally {
    await queue.close();
  }
}

function add(to: Set<string>, value: unknown): void {
  for (const [hash] of JSON.stringify(value).matchAll(/[0-9a-f]{64}/g)) to.add(hash);
}
