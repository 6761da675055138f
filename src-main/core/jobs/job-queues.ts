/** The queues and their events, as BullMQ gives them. */
import { type Job, Queue, QueueEvents } from 'bullmq';
import { connectRedis, type RedisConnection, type RedisTarget } from '../../../worker/connection.ts';
import { chunkJobId, plannedChunksSchema } from '../../../worker/protocol/jobs.ts';
import { type QueueName, queueNames } from '../../../worker/protocol/queues.ts';

export interface JobQueues {
  readonly connection: RedisConnection;
  queue(name: QueueName): Queue;
  /** Every change of a job, and every report of progress. Best effort: events may be lost while Redis is away. */
  listen(listener: JobListener): void;
  close(): Promise<void>;
}

export interface JobListener {
  onState(queue: QueueName, jobId: string): void;
  onProgress(queue: QueueName, jobId: string, data: unknown): void;
}

const stateEvents = ['waiting', 'active', 'completed', 'failed', 'waiting-children', 'delayed'] as const;

export async function openJobQueues(redis: RedisTarget, prefix: string): Promise<JobQueues> {
  const connection = connectRedis(redis, 'answer');
  const create = (name: QueueName): Queue => {
    const queue = new Queue(name, { connection, prefix });
    queue.on('error', () => undefined);
    return queue;
  };
  const queues: Readonly<Record<QueueName, Queue>> = {
    analysis: create('analysis'),
    pose: create('pose'),
    media: create('media'),
  };
  // Reading a stream blocks its connection: each needs its own, and no limit on the answer.
  const streams = queueNames.map((name) => ({ name, connection: connectRedis(redis) }));
  const listeners = streams.map(({ name, connection: own }) => {
    const events = new QueueEvents(name, { connection: own, prefix });
    events.on('error', () => undefined);
    return { name, events };
  });
  await Promise.all(listeners.map(({ events }) => events.waitUntilReady()));

  return {
    connection,
    queue: (name) => queues[name],
    listen({ onState, onProgress }) {
      for (const { name, events } of listeners) {
        const heard = ({ jobId }: { jobId: string }): void => onState(name, jobId);
        for (const event of stateEvents) events.on(event, heard);
        events.on('progress', ({ jobId, data }) => onProgress(name, jobId, data));
      }
    },
    async close() {
      await Promise.all(listeners.map(({ events }) => events.close().catch(() => undefined)));
      await Promise.all(Object.values(queues).map((queue) => queue.close().catch(() => undefined)));
      for (const each of [connection, ...streams.map((stream) => stream.connection)]) each.disconnect();
    },
  };
}

/** Ids of the chunks of an analysis; none while it is not planned, and for any other job. */
export function chunkIdsOf(job: Job | undefined): string[] {
  const planned = plannedChunksSchema.safeParse(job?.data.planned).data;
  return Array.from({ length: planned?.chunkCount ?? 0 }, (_, i) => chunkJobId(job?.id ?? '', i));
}
