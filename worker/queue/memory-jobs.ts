/** The jobs of the memory engine and their ways from state to state. */
import type { Failure } from '../protocol/errors.ts';
import { jobOptions } from '../protocol/jobs.ts';
import { allQueueNames, keptJobs, type QueueName } from '../protocol/queues.ts';
import { assertBand, createFairShare, ownerOf, turnOfChild, turnsOf } from './fair-share.ts';
import type { JobAddress, JobData, JobState, NewJob, StoredJob } from './job-engine.ts';
import type { Wishes } from './job-wishes.ts';

export interface KeptJob extends JobAddress {
  readonly name: string;
  data: JobData;
  priority: number;
  /** Among jobs of the same priority the smallest goes first: see fair-share.ts. */
  tag: number;
  parent: KeptJob | undefined;
  state: JobState;
  /** Among jobs of the same tag the smallest is taken first. */
  order: number;
  attemptsMade: number;
  readonly createdAt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  notBefore: number | undefined;
  timer: NodeJS.Timeout | undefined;
  progress: unknown;
  result: unknown;
  failure: Failure | undefined;
  readonly log: string[];
  readonly pendingChildren: Set<KeptJob>;
  readonly children: Set<KeptJob>;
  readonly childrenResults: Map<string, unknown>;
  failureOfChild: Failure | undefined;
  wishes: Wishes;
}

const longestTimerMilliseconds = 2 ** 31 - 1;

export type MemoryJobs = ReturnType<typeof createMemoryJobs>;

export function createMemoryJobs(onState: (job: KeptJob) => void) {
  const kept = new Map<string, KeptJob>();
  const shares = new Map(allQueueNames.map((queue) => [queue, createFairShare()]));
  let lastOrder = 0;
  const keyOf = ({ queue, id }: JobAddress): string => `${queue}:${id}`;
  const find = (address: JobAddress): KeptJob | undefined => kept.get(keyOf(address));
  const list = (queue: QueueName, state: JobState): KeptJob[] =>
    [...kept.values()].filter((job) => job.queue === queue && job.state === state);

  const enter = (job: KeptJob, state: JobState): void => {
    clearTimeout(job.timer);
    job.state = state;
    onState(job);
  };
  const wait = (job: KeptJob, notBefore: number | undefined, order = ++lastOrder): void => {
    job.order = order;
    job.notBefore = notBefore;
    if (notBefore === undefined || notBefore <= Date.now()) {
      enter(job, 'waiting');
    } else {
      enter(job, 'delayed');
      // A timer takes no more than 24 days: then it looks again.
      const pause = Math.min(notBefore - Date.now(), longestTimerMilliseconds);
      job.timer = setTimeout(() => wait(job, notBefore, order), pause);
    }
  };
  const end = (job: KeptJob, state: 'completed' | 'failed'): void => {
    job.attemptsMade++;
    job.endedAt = Date.now();
    enter(job, state);
    trim(job.queue, state);
  };
  const trim = (queue: QueueName, state: 'completed' | 'failed'): void => {
    const { age, count } = keptJobs(queue)[state === 'completed' ? 'removeOnComplete' : 'removeOnFail'];
    const ended = list(queue, state).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
    const oldest = Date.now() - age * 1000;
    for (const [i, job] of ended.entries()) if (i >= count || (job.endedAt ?? 0) < oldest) kept.delete(keyOf(job));
  };
  /** A child that is not waited for any longer; the last one calls the parent back. */
  const release = (child: KeptJob): void => {
    const { parent } = child;
    if (!parent?.pendingChildren.delete(child)) return;
    if (parent.pendingChildren.size === 0 && parent.state === 'waiting-children') wait(parent, undefined);
  };
  const complete = (job: KeptJob, result: unknown): void => {
    job.result = copy(result);
    job.parent?.childrenResults.set(job.id, job.result);
    end(job, 'completed');
    release(job);
  };
  const fail = (job: KeptJob, failure: Failure): void => {
    job.failure = failure;
    end(job, 'failed');
    const { parent } = job;
    if (parent === undefined || parent.state === 'completed' || parent.state === 'failed') return;
    parent.pendingChildren.delete(job);
    parent.failureOfChild ??= failure;
    // One that is at work finds out when it has to wait.
    if (parent.state === 'waiting-children') fail(parent, failure);
  };

  const takeTurns = (queue: QueueName, owner: string, jobCount: number, band: number): number => {
    assertBand(band);
    return shares.get(queue)?.take({ band, owner, turns: turnsOf(jobCount) }) ?? 0;
  };
  const add = (job: NewJob, parent?: KeptJob, tag?: number): KeptJob => {
    const known = find(job);
    if (known) return known;
    const { queue, id, name, priority, attemptsMade = 0, createdAt = Date.now(), notBefore } = job;
    const added: KeptJob = {
      queue,
      id,
      name,
      data: copy(job.data),
      priority,
      tag: tag ?? takeTurns(queue, ownerOf(job.data), 1, priority),
      parent,
      state: 'waiting',
      order: 0,
      attemptsMade: Math.min(attemptsMade, jobOptions.attempts - 1),
      createdAt,
      startedAt: undefined,
      endedAt: undefined,
      notBefore,
      timer: undefined,
      progress: undefined,
      result: undefined,
      failure: undefined,
      log: [],
      pendingChildren: new Set(),
      children: new Set(),
      childrenResults: new Map(),
      failureOfChild: undefined,
      wishes: {},
    };
    kept.set(keyOf(job), added);
    wait(added, notBefore);
    return added;
  };
  const addChild = (parent: KeptJob, job: NewJob, tag: number): void => {
    const child = add(job, parent, tag);
    child.parent ??= parent;
    parent.children.add(child);
    if (child.state === 'completed') parent.childrenResults.set(child.id, child.result);
    else if (child.state === 'failed') parent.failureOfChild ??= child.failure;
    else parent.pendingChildren.add(child);
  };
  const isHeld = (job: KeptJob): boolean => job.state === 'active' || [...job.pendingChildren].some(isHeld);
  const drop = (job: KeptJob): void => {
    clearTimeout(job.timer);
    for (const child of job.children) drop(child);
    if (kept.get(keyOf(job)) === job) kept.delete(keyOf(job));
    release(job);
  };

  const store = (job: KeptJob): StoredJob => ({
    queue: job.queue,
    id: job.id,
    name: job.name,
    data: copy(job.data),
    priority: job.priority,
    parent: job.parent && { queue: job.parent.queue, id: job.parent.id },
    state: job.state,
    attemptsMade: job.attemptsMade,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    ...(job.state === 'delayed' && { notBefore: job.notBefore }),
    progress: copy(job.progress),
    result: copy(job.result),
    failure: job.failure,
    wishes: job.wishes,
  });

  return {
    find,
    list,
    store,
    add,
    complete,
    fail,
    read(address: JobAddress): StoredJob | undefined {
      const job = find(address);
      return job && store(job);
    },
    addChildren(parent: KeptJob, children: readonly NewJob[]): void {
      const { priority } = parent;
      for (const queue of new Set(children.map((job) => job.queue))) {
        const own = children.filter((job) => job.queue === queue);
        const first = own.every(find) ? 0 : takeTurns(queue, ownerOf(parent.data), own.length, priority);
        for (const [i, job] of own.entries()) addChild(parent, { ...job, priority }, first + turnOfChild(i));
      }
    },
    promote(address: JobAddress): boolean {
      const job = find(address);
      if (job?.state !== 'delayed') return false;
      wait(job, undefined);
      return true;
    },
    setPriority(addresses: readonly JobAddress[], priority: number): void {
      for (const queue of allQueueNames) {
        const jobs = addresses.flatMap((address) => (address.queue === queue ? (find(address) ?? []) : []));
        const [some] = jobs;
        if (some === undefined) continue;
        const first = takeTurns(queue, ownerOf(some.data), jobs.length, priority);
        for (const [i, job] of jobs.entries()) {
          job.priority = priority;
          job.tag = first + turnOfChild(i);
        }
      }
    },
    /** The latest lines stay. */
    log(job: KeptJob, line: string): void {
      job.log.push(line);
      job.log.splice(0, job.log.length - jobOptions.keepLogs);
    },
    change(job: KeptJob, { data, progress }: { data?: JobData; progress?: unknown }): void {
      if (data !== undefined) job.data = copy(data);
      if (progress !== undefined) job.progress = copy(progress);
    },
    takeNext(queue: QueueName, isLeftAlone: (job: KeptJob) => boolean): KeptJob | undefined {
      const takeable = list(queue, 'waiting').filter((job) => !isLeftAlone(job));
      const [next] = takeable.sort((a, b) => a.priority - b.priority || a.tag - b.tag || a.order - b.order);
      if (next === undefined) return undefined;
      shares.get(queue)?.started({ band: next.priority, tag: next.tag });
      next.startedAt = Date.now();
      enter(next, 'active');
      return next;
    },
    waitForChildren(job: KeptJob): void {
      if (job.failureOfChild) fail(job, job.failureOfChild);
      else if (job.pendingChildren.size === 0) wait(job, undefined);
      else enter(job, 'waiting-children');
    },
    /** Before all others of its priority: it was its turn already. */
    giveBack: (job: KeptJob, notBefore: number | undefined): void => wait(job, notBefore, -++lastOrder),
    tryAgain(job: KeptJob, pauseMilliseconds: number): void {
      job.attemptsMade++;
      wait(job, Date.now() + pauseMilliseconds);
    },
    remove(address: JobAddress): boolean {
      const job = find(address);
      if (job === undefined) return true;
      if (isHeld(job)) return false;
      drop(job);
      return true;
    },
    close(): void {
      for (const job of kept.values()) clearTimeout(job.timer);
    },
  };
}

/** As a value is after its way through Redis. */
function copy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
