import type { Job } from 'bullmq';
import type { RedisConnection } from '../connection.ts';

/**
 * Puts a job back into its queue under the lock that it is held with; rejects where that is another one by now. BullMQ
 * wakes no idle worker for a job that has a priority and goes back (moveJobFromActiveToWait adds no marker): it would
 * lie there until somebody looks by chance, up to five seconds later.
 */
export async function putBack(job: Job, token: string, connection: RedisConnection): Promise<void> {
  await job.moveToWait(token);
  await connection.zadd(`${job.queueQualifiedName}:marker`, 0, '0');
}
