/**
 * Jobs kept in this process: for one run without Redis, and for tests. They end with the process, so there is nothing to
 * recover: no lock, no worker that falls silent, no other process that takes a job. Everything else is as in Redis,
 * values included: they go in and out as copies made by JSON.
 */
import { isPermanent, toFailure } from '../protocol/errors.ts';
import { jobOptions } from '../protocol/jobs.ts';
import type { QueueName } from '../protocol/queues.ts';
import {
  type JobConsumer,
  type JobEngine,
  type JobHandle,
  type JobListener,
  type JobOutcome,
  type JobSource,
  jobStates,
  workerIsLeaving,
} from './job-engine.ts';
import { isWantedByOthers } from './job-wishes.ts';
import { createMemoryJobs, type KeptJob } from './memory-jobs.ts';
import { createMemorySchedules } from './memory-schedules.ts';

export type MemoryEngine = JobEngine & JobSource;

interface Taker {
  readonly queue: QueueName;
  readonly inHand: ReadonlyMap<string, AbortController>;
  take(): void;
}

export function createMemoryEngine(): MemoryEngine {
  const takers = new Set<Taker>();
  const listeners = new Set<JobListener>();
  const cancelled = new Set<string>();
  const paused = new Set<QueueName>();
  const pausedJobs = new Set<string>();
  let holds = 0;

  const tell = (say: (listener: JobListener) => void): void =>
    queueMicrotask(() => {
      for (const listener of listeners) say(listener);
    });
  const wake = (): void =>
    queueMicrotask(() => {
      for (const taker of takers) taker.take();
    });
  const jobs = createMemoryJobs(({ queue, id, state }) => {
    tell((listener) => listener.onState({ queue, id }));
    if (state === 'waiting') wake();
  });
  const schedules = createMemorySchedules(jobs);
  const stop = (jobIds: readonly string[], reason?: string): void => {
    for (const { inHand } of takers) for (const id of jobIds) inHand.get(id)?.abort(reason);
  };

  const cancel = (jobIds: readonly string[]): void => {
    for (const id of jobIds) cancelled.add(id);
    stop(jobIds);
    wake();
  };

  /** A cancel outdoes a pause: the job is taken, and ends. */
  const isPausedJob = ({ id, parent }: KeptJob): boolean => {
    const ids = parent === undefined ? [id] : [id, parent.id];
    return ids.some((each) => pausedJobs.has(each)) && !ids.some((each) => cancelled.has(each));
  };

  const handleOf = (job: KeptJob): JobHandle => ({
    ...jobs.store(job),
    updateData: async (data) => jobs.change(job, { data }),
    async updateProgress(progress) {
      jobs.change(job, { progress });
      tell((listener) => listener.onProgress({ queue: job.queue, id: job.id }, job.progress));
    },
    log: async (line) => jobs.log(job.parent ?? job, line),
    async addChildren(children) {
      jobs.addChildren(job, children);
    },
    childrenResults: async () => (job.pendingChildren.size > 0 ? undefined : new Map(job.childrenResults)),
  });

  const settle = (job: KeptJob, outcome: JobOutcome): void => {
    switch (outcome.kind) {
      case 'done':
        jobs.complete(job, outcome.result);
        break;
      case 'waits':
        jobs.waitForChildren(job);
        break;
      case 'handed-back':
        jobs.giveBack(job, outcome.notBefore);
        break;
      case 'failed': {
        const { failure } = outcome;
        const isLast = isPermanent(failure.code) || job.attemptsMade + 1 >= jobOptions.attempts;
        if (isLast) jobs.fail(job, failure);
        else jobs.tryAgain(job, pauseBefore(job.attemptsMade + 1));
      }
    }
  };

  return {
    add: async (job) => void jobs.add(job),
    get: async (address) => jobs.read(address),
    list: async (queue, { states = jobStates, limit }) =>
      states.flatMap((state) => jobs.list(queue, state).slice(0, limit).map(jobs.store)),
    counts: async (queue) => {
      const count = (state: (typeof jobStates)[number]): number => jobs.list(queue, state).length;
      return {
        waiting: count('waiting'),
        delayed: count('delayed'),
        active: count('active'),
        'waiting-children': count('waiting-children'),
        completed: count('completed'),
        failed: count('failed'),
      };
    },
    async updateData(address, data) {
      const job = jobs.find(address);
      if (job) jobs.change(job, { data });
    },
    setPriority: async (addresses, priority) => jobs.setPriority(addresses, priority),
    promote: async (address) => jobs.promote(address),
    schedule: async (schedule) => schedules.schedule(schedule),
    unschedule: async (address) => schedules.unschedule(address),
    schedules: async (queue) => schedules.list(queue),
    childrenResults: async (address) => new Map(jobs.find(address)?.childrenResults),
    async log(address, line) {
      const job = jobs.find(address);
      if (job) jobs.log(job, line);
    },
    readLog: async (address) => [...(jobs.find(address)?.log ?? [])],
    remove: async (address) => jobs.remove(address),

    cancel: async (jobIds) => cancel(jobIds),
    isCancelled: async (id) => cancelled.has(id),
    async forgetCancel(jobIds) {
      for (const id of jobIds) cancelled.delete(id);
    },

    async want(address, member) {
      const job = jobs.find(address);
      if (job === undefined || cancelled.has(job.id)) return false;
      job.wishes = { ...job.wishes, [member]: 'wanted' };
      return true;
    },
    async unwant(address, member, wish) {
      const job = jobs.find(address);
      if (job) job.wishes = { ...job.wishes, [member]: wish };
      const isWanted = job !== undefined && isWantedByOthers(job, member);
      if (wish === 'withdrawn' && !isWanted) cancel([address.id]);
      return isWanted;
    },

    pause: async (queue) => void paused.add(queue),
    async resume(queue) {
      paused.delete(queue);
      wake();
    },
    isPaused: async (queue) => paused.has(queue),
    async pauseJobs(jobIds) {
      for (const id of jobIds) pausedJobs.add(id);
    },
    isJobPaused: async (id) => pausedJobs.has(id),
    async resumeJobs(resumed) {
      for (const { id } of resumed) pausedJobs.delete(id);
      wake();
    },
    handBack: async (jobIds) => stop(jobIds, workerIsLeaving),
    async hold() {
      holds++;
      let isReleased = false;
      return {
        async release() {
          if (!isReleased) holds--;
          isReleased = true;
          wake();
        },
      };
    },

    listen: (listener) => void listeners.add(listener),
    async close() {
      listeners.clear();
      jobs.close();
    },

    consume(queue, process): JobConsumer {
      const inHand = new Map<string, AbortController>();
      let isOpen = false;
      let isPaused = false;
      let ended = (): void => undefined;
      const end = new Promise<void>((resolve) => {
        ended = resolve;
      });
      let visit: Promise<void> = Promise.resolve();
      const visitOf = async (job: KeptJob, { signal }: AbortController): Promise<void> => {
        const outcome = await process(handleOf(job), signal).catch(
          (error: unknown): JobOutcome => ({ kind: 'failed', failure: toFailure(error) }),
        );
        inHand.delete(job.id);
        settle(job, outcome);
        taker.take();
      };
      const taker: Taker = {
        queue,
        inHand,
        take() {
          if (!isOpen || isPaused || inHand.size > 0 || holds > 0 || paused.has(queue)) return;
          const job = jobs.takeNext(queue, isPausedJob);
          if (job === undefined) return;
          schedules.taken(job.id);
          const abort = new AbortController();
          inHand.set(job.id, abort);
          visit = visitOf(job, abort);
        },
      };
      takers.add(taker);
      return {
        run() {
          isOpen = true;
          taker.take();
          return end;
        },
        cancelJob: (id, reason) => inHand.get(id)?.abort(reason),
        cancelAllJobs(reason) {
          for (const abort of inHand.values()) abort.abort(reason);
        },
        pause() {
          isPaused = true;
        },
        resume() {
          isPaused = false;
          taker.take();
        },
        async close() {
          isOpen = false;
          await visit;
          takers.delete(taker);
          ended();
        },
      };
    },
  };
}

/** Milliseconds before the next attempt, as BullMQ computes them from the same options. `attempts` have failed. */
function pauseBefore(attempts: number): number {
  const { delay, jitter } = jobOptions.backoff;
  const longest = delay * 2 ** (attempts - 1);
  return Math.floor(longest * (1 - jitter + jitter * Math.random()));
}
