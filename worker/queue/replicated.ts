import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisConnection } from '../connection.ts';
import { AppError } from '../protocol/errors.ts';

const replicaMilliseconds = 3000;
const failoverMilliseconds = 10_000;
const retryMilliseconds = 100;

/**
 * In a cluster, and behind Sentinel, resolves when a replica has the key as well: its master may die at any time, and
 * the replica then takes its place. Elsewhere there is nothing to wait for. To be called right after the key was
 * written, over the same connection. Throws AppError REDIS_UNREACHABLE when the key is gone with its master, or no
 * replica has it in time: then it has to be written again, which must do no harm where it is there after all.
 *
 * What cannot be promised, because Redis replicates after it has answered: where no replica is connected, as
 * after a failover until the dead node is back, a key is on its master's disk and nowhere else; and of several replicas
 * the one that is elected may be one that had not answered here.
 */
export async function untilReplicated(connection: RedisConnection, key: string): Promise<void> {
  if (connection instanceof Redis && !connection.options.sentinels) return;
  const deadline = Date.now() + failoverMilliseconds;
  for (;;) {
    try {
      if (await isReplicated(connection, key)) return;
      throw new AppError('REDIS_UNREACHABLE', 'The queue has no second copy of this job yet. Try again in a moment.');
    } catch (error) {
      // Of a failover: the new master is asked whether it has the key.
      if (error instanceof AppError || Date.now() > deadline) throw error;
      await pause(retryMilliseconds);
    }
  }
}

async function isReplicated(connection: RedisConnection, key: string): Promise<boolean> {
  // By itself, so that the cluster's client learns who has the key now; in a pipeline it would not.
  if ((await connection.exists(key)) !== 1) return false;
  const replication = await askItsNode(connection, key, ['INFO', 'replication']);
  if (!/^connected_slaves:[1-9]/m.test(String(replication))) return true;
  return Number(await askItsNode(connection, key, ['WAIT', 1, replicaMilliseconds])) > 0;
}

/** A pipeline with the key in it goes to the node, and over the connection, of the write before: WAIT speaks of that. */
async function askItsNode(
  connection: RedisConnection,
  key: string,
  [name, ...rest]: readonly [string, ...(string | number)[]],
): Promise<unknown> {
  const results =
    (await connection
      .pipeline()
      .exists(key)
      .call(name, ...rest)
      .exec()) ?? [];
  for (const [error] of results) if (error) throw error;
  return results[1]?.[1];
}
