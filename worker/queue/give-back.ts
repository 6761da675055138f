import type { RedisConnection } from '../connection.ts';
import { queueNames } from '../protocol/queues.ts';
import { openBullQueue } from './open-bull-queue.ts';
import { putBack } from './put-back.ts';

export interface GiveBackOptions {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  /** What the dead process called itself: no living one does. */
  readonly holder: string;
}

/**
 * Gives the jobs of a process that is certainly dead back to their queues, without waiting for their locks to expire.
 * Returns their ids. A job that somebody else has taken since stays with them: the lock is read before its holder, so
 * it is the dead one's where the holder is, and BullMQ's own script gives back only under that very lock. What has no
 * lock any more is found by the stalled check.
 */
export async function giveBackJobsOf({ connection, keyPrefix: prefix, holder }: GiveBackOptions): Promise<string[]> {
  const given: string[] = [];
  for (const name of queueNames) {
    const queue = openBullQueue(name, { connection, prefix });
    try {
      for (const id of await connection.lrange(queue.toKey('active'), 0, -1)) {
        const token = await connection.get(`${queue.toKey(id)}:lock`);
        const job = await queue.getJob(id);
        if (token === null || job?.processedBy !== holder) continue;
        // Refused where the lock is another one by now.
        await putBack(job, token, connection).then(
          () => given.push(id),
          () => undefined,
        );
      }
    } finally {
      await queue.close();
    }
  }
  return given;
}
