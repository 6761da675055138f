/** Jobs kept in Redis, for whoever adds and watches them. */
import { type Job, type Queue, QueueEvents } from 'bullmq';
import { askRedis, closeInTime, connectRedis, type RedisTarget } from '../connection.ts';
import { type ControlMessage, cancelKey, cancelKeySeconds, controlChannel } from '../protocol/control.ts';
import { allQueueNames, type QueueName } from '../protocol/queues.ts';
import { createBullFairShare } from './bullmq-fair-share.ts';
import { childrenResultsOf, logTo, readFailure, toBullJob, toJobState, toStoredJob } from './bullmq-job.ts';
import { createBullSchedules } from './bullmq-schedules.ts';
import { createBullWishes } from './bullmq-wishes.ts';
import { ownerOf } from './fair-share.ts';
import { type JobEngine, type JobState, jobStates, type StoredJob } from './job-engine.ts';
import { createJobPauses } from './job-pauses.ts';
import { openBullQueue } from './open-bull-queue.ts';
import { createQueueHolds } from './queue-holds.ts';
import { untilReplicated } from './replicated.ts';

const stateEvents = ['waiting', 'active', 'completed', 'failed', 'waiting-children', 'delayed'] as const;

export interface BullEngineOptions {
  /** How long a hold of a process that died lasts. */
  readonly holdLeaseMilliseconds?: number;
}

/** Throws what ioredis throws when the server cannot be reached. */
export async function openBullEngine(
  redis: RedisTarget,
  prefix: string,
  { holdLeaseMilliseconds }: BullEngineOptions = {},
): Promise<JobEngine> {
  const connection = connectRedis(redis, 'answer');
  const openQueue = (name: QueueName) => openBullQueue(name, { connection, prefix });
  const queues: Readonly<Record<QueueName, Queue>> = {
    analysis: openQueue('analysis'),
    pose: openQueue('pose'),
    media: openQueue('media'),
    upkeep: openQueue('upkeep'),
  };
  // Reading a stream blocks its connection: each needs its own, and no limit on the answer.
  const streams = allQueueNames.map((queue) => {
    const own = connectRedis(redis);
    const events = new QueueEvents(queue, { connection: own, prefix });
    events.on('error', () => undefined);
    return { queue, connection: own, events };
  });
  await Promise.all(streams.map(({ events }) => events.waitUntilReady()));
  const queueOf = (name: QueueName): Queue => queues[name];
  const parts = { connection, keyPrefix: prefix, queueOf };
  const pauses = createJobPauses(parts);
  const holds = createQueueHolds({ ...parts, leaseMilliseconds: holdLeaseMilliseconds });
  await holds.releaseAbandoned();
  const sharing = createBullFairShare(parts);
  const wishes = createBullWishes(parts);
  const schedules = createBullSchedules(queueOf);

  const storedJob = async (job: Job, queue: QueueName, state: JobState): Promise<StoredJob> => {
    const reasonOfChild = async (id: string): Promise<string | undefined> =>
      (await queues.pose.getJob(id))?.failedReason;
    const [said, failure] = await Promise.all([
      wishes.read({ queue, id: job.id ?? '' }),
      state === 'failed' ? readFailure(job.failedReason, reasonOfChild) : undefined,
    ]);
    return toStoredJob(job, { queue, state, failure, wishes: said });
  };

  const tell = async (message: ControlMessage): Promise<void> => {
    await connection.publish(controlChannel(prefix), JSON.stringify(message));
  };

  return {
    add: ({ queue, ...job }) =>
      askRedis(async () => {
        const shared = { queue, ids: [job.id], band: job.priority, owner: ownerOf(job.data) };
        await sharing.place(shared, async ([priority = job.priority]) => {
          const { name, data, opts } = toBullJob({ queue, ...job, priority }, prefix);
          await queues[queue].add(name, data, opts);
        });
        await untilReplicated(connection, queues[queue].toKey(job.id));
      }),
    get: ({ queue, id }) =>
      askRedis(async () => {
        // In this order: a job that has ended by then is read with its result.
        const state = toJobState(await queues[queue].getJobState(id));
        const job = await queues[queue].getJob(id);
        return job && (await storedJob(job, queue, state ?? 'waiting'));
      }),
    list: (queue, { states = jobStates, limit }) =>
      askRedis(async () => {
        const found = await Promise.all(
          states.map(async (state) => {
            const types = state === 'waiting' ? (['waiting', 'prioritized'] as const) : [state];
            const jobs = await queues[queue].getJobs([...types], 0, limit - 1);
            return await Promise.all(jobs.map((job) => storedJob(job, queue, state)));
          }),
        );
        return found.flat();
      }),
    counts: (queue) =>
      askRedis(async () => {
        const counts = await queues[queue].getJobCounts();
        const count = (state: string): number => counts[state] ?? 0;
        return {
          waiting: count('waiting') + count('prioritized'),
          delayed: count('delayed'),
          active: count('active'),
          'waiting-children': count('waiting-children'),
          completed: count('completed'),
          failed: count('failed'),
        };
      }),
    setPriority: (jobs, band) =>
      askRedis(async () => {
        for (const queue of allQueueNames) {
          const ids = jobs.flatMap((job) => (job.queue === queue ? [job.id] : []));
          const [some] = ids;
          const job = some === undefined ? undefined : await queues[queue].getJob(some);
          if (job) await sharing.move({ queue, ids, band, owner: ownerOf(job.data) });
        }
      }),
    promote: ({ queue, id }) =>
      askRedis(async () => {
        const job = await queues[queue].getJob(id);
        if (job === undefined || !(await job.isDelayed())) return false;
        // Taken in between.
        return await job.promote().then(
          () => true,
          () => false,
        );
      }),
    schedule: (schedule) => askRedis(() => schedules.schedule(schedule)),
    unschedule: (address) => askRedis(() => schedules.unschedule(address)),
    schedules: (queue) => askRedis(() => schedules.list(queue)),
    updateData: ({ queue, id }, data) => askRedis(async () => await (await queues[queue].getJob(id))?.updateData(data)),
    childrenResults: ({ queue, id }) =>
      askRedis(async () => {
        const job = await queues[queue].getJob(id);
        return job === undefined ? new Map() : await childrenResultsOf(job);
      }),
    log: ({ queue, id }, line) => askRedis(() => logTo(queues[queue], id, line)),
    readLog: ({ queue, id }) => askRedis(async () => (await queues[queue].getJobLogs(id)).logs),
    remove: ({ queue, id }) => askRedis(async () => (await queues[queue].remove(id)) === 1),

    cancel: (jobIds) =>
      askRedis(async () => {
        if (jobIds.length === 0) return;
        // The mark comes first: whoever is about to begin sees it, whoever has begun hears the message.
        for (const id of jobIds) await connection.set(cancelKey(prefix, id), '1', 'EX', cancelKeySeconds);
        await tell({ type: 'cancel', jobIds: [...jobIds] });
      }),
    isCancelled: (id) => askRedis(async () => (await connection.exists(cancelKey(prefix, id))) === 1),
    forgetCancel: (jobIds) =>
      askRedis(async () => {
        if (jobIds.length > 0) await connection.del(...jobIds.map((id) => cancelKey(prefix, id)));
      }),

    want: (job, member) =>
      askRedis(async () => {
        const { isThere } = await wishes.say(job, member, 'wanted');
        if (isThere) await untilReplicated(connection, queues[job.queue].toKey(job.id));
        return isThere;
      }),
    unwant: (job, member, wish) =>
      askRedis(async () => {
        const { isWantedByOthers } = await wishes.say(job, member, wish);
        if (wish === 'withdrawn' && !isWantedByOthers) await tell({ type: 'cancel', jobIds: [job.id] });
        return isWantedByOthers;
      }),

    pause: (queue) => askRedis(() => queues[queue].pause()),
    resume: (queue) => askRedis(() => queues[queue].resume()),
    pauseJobs: (jobIds) => askRedis(() => pauses.pause(jobIds)),
    isJobPaused: (id) => askRedis(() => pauses.isPaused(id)),
    resumeJobs: (jobs) => askRedis(() => pauses.resume(jobs)),
    handBack: (jobIds) => askRedis(() => tell({ type: 'hand-back', jobIds: [...jobIds] })),
    hold: () => askRedis(holds.hold),
    isPaused: (queue) => askRedis(() => queues[queue].isPaused()),

    listen({ onState, onProgress }) {
      for (const { queue, events } of streams) {
        const heard = ({ jobId: id }: { jobId: string }): void => onState({ queue, id });
        for (const event of stateEvents) events.on(event, heard);
        events.on('progress', ({ jobId: id, data }) => onProgress({ queue, id }, data));
      }
    },
    async close() {
      holds.close();
      await closeInTime(Promise.allSettled(streams.map(({ events }) => events.close())));
      await closeInTime(Promise.allSettled(Object.values(queues).map((queue) => queue.close())));
      for (const each of [connection, ...streams.map((stream) => stream.connection)]) each.disconnect();
    },
  };
}
