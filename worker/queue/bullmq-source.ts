/** Jobs out of Redis, for a worker. */
import {
  DelayedError,
  type Job,
  type Queue,
  UnrecoverableError,
  WaitingChildrenError,
  WaitingError,
  Worker,
} from 'bullmq';
import type { RedisConnection } from '../connection.ts';
import { cancelKey } from '../protocol/control.ts';
import { isPermanent } from '../protocol/errors.ts';
import type { QueueName } from '../protocol/queues.ts';
import { bandOf, createBullFairShare } from './bullmq-fair-share.ts';
import { attemptsOf, childrenResultsOf, logTo, parentOf, toBullJob, writeFailure } from './bullmq-job.ts';
import { ownerOf } from './fair-share.ts';
import { type JobHandle, type JobSource, lockWasLost } from './job-engine.ts';
import { openBullQueue } from './open-bull-queue.ts';
import { putBack } from './put-back.ts';

export interface BullSourceOptions {
  /** Without a limit on the answer: a worker waits for its queue. */
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  /** Unlike that of any other process: whose the jobs in hand are, when it dies. */
  readonly holder: string;
  /** A job whose worker fell silent is given to another one after this long. */
  readonly lockMilliseconds: number;
  readonly stalledCheckMilliseconds: number;
  readonly onError: (queue: QueueName, error: Error) => void;
}

export function createBullSource(options: BullSourceOptions): JobSource {
  const { connection, keyPrefix: prefix } = options;
  const queues = new Map<QueueName, Queue>();
  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name) ?? openBullQueue(name, { connection, prefix });
    queues.set(name, queue);
    return queue;
  };

  const sharing = createBullFairShare({ connection, keyPrefix: prefix, queueOf });

  const handleOf = (job: Job, queue: QueueName, token: string): JobHandle => {
    const id = job.id ?? '';
    const parent = parentOf(job);
    return {
      queue,
      id,
      name: job.name,
      data: job.data,
      priority: bandOf(job.priority),
      parent,
      attemptsMade: attemptsOf(job),
      updateData: (data) => job.updateData(data),
      updateProgress: (progress) => job.updateProgress(progress as object),
      log: (line) => logTo(queueOf(parent?.queue ?? queue), parent?.id ?? id, line),
      async addChildren(children) {
        for (const name of new Set(children.map((child) => child.queue))) {
          const own = children.filter((child) => child.queue === name);
          // As it is now: it may have been raised since it was taken.
          const band = bandOf(Number(await connection.hget(queueOf(queue).toKey(id), 'priority')));
          const shared = { queue: name, ids: own.map((child) => child.id), band, owner: ownerOf(job.data) };
          await sharing.place(shared, (priorities) =>
            queueOf(name).addBulk(
              own.map((child, i) => toBullJob({ ...child, priority: priorities[i] ?? 1 }, prefix, { queue, id })),
            ),
          );
        }
      },
      async childrenResults() {
        if (await job.moveToWaitingChildren(token)) return undefined;
        return await childrenResultsOf(job);
      },
    };
  };

  return {
    isCancelled: async (jobId) => (await connection.exists(cancelKey(prefix, jobId))) === 1,
    consume(queue, process) {
      const worker = new Worker(
        queue,
        // Three parameters without defaults: BullMQ counts them to know whether a signal is wanted.
        async (job, givenToken, givenSignal) => {
          const token = givenToken ?? '';
          const signal = givenSignal ?? new AbortController().signal;
          // Nobody waits for it: where it is lost, somebody's next turn comes a little late.
          sharing.started(queue, job.id ?? '').catch(() => undefined);
          const outcome = await process(handleOf(job, queue, token), signal);
          switch (outcome.kind) {
            case 'done':
              return outcome.result;
            case 'waits':
              throw new WaitingChildrenError();
            case 'handed-back':
              if (outcome.notBefore !== undefined) {
                await job.moveToDelayed(outcome.notBefore, token);
                throw new DelayedError();
              }
              await putBack(job, token, connection);
              throw new WaitingError();
            case 'failed': {
              const text = writeFailure(outcome.failure);
              throw isPermanent(outcome.failure.code) ? new UnrecoverableError(text) : new Error(text);
            }
          }
        },
        {
          connection,
          prefix,
          autorun: false,
          name: options.holder,
          concurrency: 1,
          lockDuration: options.lockMilliseconds,
          stalledInterval: options.stalledCheckMilliseconds,
          // Which jobs kill their workers is counted where they start: a worker that fell silent need not have died.
          maxStalledCount: Number.MAX_SAFE_INTEGER,
        },
      );
      worker.on('error', (error) => options.onError(queue, error));
      // Another worker may have the job by now: two must not work on it.
      worker.on('lockRenewalFailed', (ids) => {
        for (const id of ids) worker.cancelJob(id, lockWasLost);
      });
      return {
        run: () => worker.run(),
        cancelJob: (id, reason) => void worker.cancelJob(id, reason),
        cancelAllJobs: (reason) => worker.cancelAllJobs(reason),
        pause: () => void worker.pause(true).catch((error: Error) => options.onError(queue, error)),
        resume: () => void worker.resume().catch((error: Error) => options.onError(queue, error)),
        close: () => worker.close(),
      };
    },
  };
}
