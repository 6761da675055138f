import { Queue } from 'bullmq';
import type { RedisConnection } from '../connection.ts';
import { keptEvents, type QueueName } from '../protocol/queues.ts';

/** Whoever opens a queue sets its limits: all have to agree on them. */
export function openBullQueue(name: QueueName, options: { connection: RedisConnection; prefix: string }): Queue {
  const queue = new Queue(name, { ...options, streams: { events: { maxLen: keptEvents } } });
  // The connection's own business; an error nobody listens for would be printed on every attempt.
  queue.on('error', () => undefined);
  return queue;
}
