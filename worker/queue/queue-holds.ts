/**
 * Holds of all queues in Redis. Each has a lease that its process renews: queues go on when the last hold is released,
 * or when its process has died and its lease is over, and not because somebody else opens the queue.
 */
import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import { askRedis, type RedisConnection } from '../connection.ts';
import { heldQueuesKey, holdsKey } from '../protocol/control.ts';
import { allQueueNames, type QueueName } from '../protocol/queues.ts';

export interface QueueHolds {
  hold(): Promise<{ release(): Promise<void> }>;
  /** Lets queues go on that are held by nobody alive; looked for again and again by itself. */
  releaseAbandoned(): Promise<void>;
  /** Holds of this process that are still open are left to their leases. */
  close(): void;
}

export interface QueueHoldsOptions {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly queueOf: (name: QueueName) => Queue;
  readonly leaseMilliseconds?: number | undefined;
}

const defaultLeaseMilliseconds = 10_000;

/** KEYS: the holds. ARGV: the hold, milliseconds. By the clock of Redis: those of the machines need not agree. */
const leaseScript = `
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
`;
/** KEYS: the holds. ARGV: one that ends. Returns how many are left whose leases last. */
const endScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZCARD', KEYS[1])
`;

export function createQueueHolds(options: QueueHoldsOptions): QueueHolds {
  const { connection, keyPrefix, queueOf, leaseMilliseconds = defaultLeaseMilliseconds } = options;
  const [holds, held] = [holdsKey(keyPrefix), heldQueuesKey(keyPrefix)];
  const renewals = new Set<NodeJS.Timeout>();

  const end = async (hold: string): Promise<void> => {
    if (Number(await connection.eval(endScript, 1, holds, hold)) > 0) return;
    for (const name of allQueueNames) if (await connection.sismember(held, name)) await queueOf(name).resume();
    await connection.del(held);
  };

  const releaseAbandoned = async (): Promise<void> => {
    if ((await connection.scard(held)) > 0) await end('');
  };
  // Where Redis is away, the next look finds out.
  const watch = setInterval(() => void releaseAbandoned().catch(() => undefined), leaseMilliseconds);
  watch.unref();

  return {
    releaseAbandoned,
    async hold() {
      const hold = randomUUID();
      const renew = async (): Promise<void> =>
        void (await connection.eval(leaseScript, 1, holds, hold, leaseMilliseconds));
      await renew();
      const renewal = setInterval(() => void renew().catch(() => undefined), leaseMilliseconds / 4);
      renewal.unref();
      renewals.add(renewal);
      for (const name of allQueueNames) {
        if (await queueOf(name).isPaused()) continue;
        // The note comes first, so that it can be undone whatever happens.
        await connection.sadd(held, name);
        await queueOf(name).pause();
      }
      return {
        release: () =>
          askRedis(async () => {
            clearInterval(renewal);
            renewals.delete(renewal);
            await end(hold);
          }),
      };
    },
    close() {
      clearInterval(watch);
      for (const renewal of renewals) clearInterval(renewal);
    },
  };
}
