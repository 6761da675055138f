/**
 * The one port between the product and whatever keeps its jobs, in two parts: `JobEngine` for whoever adds and watches
 * jobs, `JobSource` for whoever does them. `bullmq-engine.ts` and `bullmq-source.ts` keep jobs in Redis,
 * `memory-engine.ts` in the process; one suite of tests (test/contract/job-engine.conformance.ts) runs over both.
 */
import type { Failure } from '../protocol/errors.ts';
import type { QueueName } from '../protocol/queues.ts';
import type { Wishes } from './job-wishes.ts';

export const jobStates = ['waiting', 'delayed', 'active', 'waiting-children', 'completed', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

export const unfinishedStates: readonly JobState[] = ['waiting', 'delayed', 'active', 'waiting-children'];

/** What a job carries: JSON, parsed by its schema where it is used. */
export type JobData = Readonly<Record<string, unknown>>;

export interface JobAddress {
  readonly queue: QueueName;
  readonly id: string;
}

export interface NewJob extends JobAddress {
  readonly name: string;
  readonly data: JobData;
  /** 0 to 15, lower is sooner. Among equals, owners (`data.owner`) share: see fair-share.ts. */
  readonly priority: number;
  /** Attempts that have failed already, in another engine. */
  readonly attemptsMade?: number | undefined;
  /** Now, when absent. Milliseconds since 1970. */
  readonly createdAt?: number | undefined;
  /** Not taken before this time. Milliseconds since 1970. */
  readonly notBefore?: number | undefined;
}

/** Work that comes again and again: a job of its own each time. */
export interface JobSchedule extends JobAddress {
  readonly name: string;
  readonly data: JobData;
  readonly priority: number;
  /** When: minute, hour, day of the month, month and day of the week, as cron has them. */
  readonly pattern: string;
  /** Whose clock that is, as the IANA names it. A time that a change of clocks leaves out or repeats comes once. */
  readonly timeZone: string;
}

export interface StoredSchedule extends JobSchedule {
  /** Milliseconds since 1970. */
  readonly nextAt: number;
}

/** A job as the engine keeps it. Times are milliseconds since 1970. */
export interface StoredJob extends JobAddress {
  readonly name: string;
  readonly data: JobData;
  readonly priority: number;
  readonly parent?: JobAddress | undefined;
  readonly state: JobState;
  /** Attempts that have ended, however they ended. */
  readonly attemptsMade: number;
  readonly createdAt: number;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly notBefore?: number | undefined;
  /** As last reported; undefined while nothing was. */
  readonly progress: unknown;
  /** What it returned; undefined while it has not completed. */
  readonly result: unknown;
  /** Why it failed; of a parent that failed because of a child, the child's. */
  readonly failure?: Failure | undefined;
  /** What those want of it who said so. */
  readonly wishes: Wishes;
}

export interface JobListener {
  onState(job: JobAddress): void;
  onProgress(job: JobAddress, progress: unknown): void;
}

/**
 * For producers. A job ends once: completed, or failed for good after its attempts (see `jobOptions`), with a growing
 * pause between them. Ended jobs are kept for a while and then trimmed. Every method may throw AppError
 * REDIS_UNREACHABLE.
 */
export interface JobEngine {
  /** One whose id is there already stays as it is, whatever its state. */
  add(job: NewJob): Promise<void>;
  get(job: JobAddress): Promise<StoredJob | undefined>;
  /** At most `limit` of each state; without `states` all of them. */
  list(queue: QueueName, options: { states?: readonly JobState[]; limit: number }): Promise<StoredJob[]>;
  counts(queue: QueueName): Promise<Record<JobState, number>>;
  updateData(job: JobAddress, data: JobData): Promise<void>;
  /** Of a job that is under way, what it adds later has the new one too. Nothing happens where a job is gone. */
  setPriority(jobs: readonly JobAddress[], priority: number): Promise<void>;
  /** A delayed job may be taken from now on. False where it is not delayed. */
  promote(job: JobAddress): Promise<boolean>;

  /**
   * Makes jobs from now on, the next one when the last one is taken: times that passed meanwhile, because nobody took
   * jobs, are made up for once. The same again changes nothing; another one of the same id takes its place.
   */
  schedule(schedule: JobSchedule): Promise<void>;
  /** The job that waits for its time goes too; one that is due stays. */
  unschedule(schedule: JobAddress): Promise<void>;
  schedules(queue: QueueName): Promise<StoredSchedule[]>;

  /** Of the children that have completed so far, by id. */
  childrenResults(job: JobAddress): Promise<ReadonlyMap<string, unknown>>;
  /** The latest lines stay, `jobOptions.keepLogs` of them. Nothing happens where the job is gone. */
  log(job: JobAddress, line: string): Promise<void>;
  readLog(job: JobAddress): Promise<string[]>;
  /** False while a worker holds it. Its children go with it. */
  remove(job: JobAddress): Promise<boolean>;

  /** Marks the ids, whether such jobs are there or not, and stops whoever works on one. What waits ends when taken. */
  cancel(jobIds: readonly string[]): Promise<void>;
  isCancelled(jobId: string): Promise<boolean>;
  /** Takes the marks away, so that the ids can be used again. */
  forgetCancel(jobIds: readonly string[]): Promise<void>;

  /** A member wants the job, too. False where it is gone or cancelled: it has to be added again. */
  want(job: JobAddress, member: string): Promise<boolean>;
  /**
   * A member wants it no longer, or not to be shown it any more (`forgotten`). True where somebody else wants it; where
   * nobody does, one that is withdrawn is cancelled in the same step.
   */
  unwant(job: JobAddress, member: string, wish: 'withdrawn' | 'forgotten'): Promise<boolean>;

  /** Nobody takes a job from the queue until it is resumed; what runs goes on. */
  pause(queue: QueueName): Promise<void>;
  resume(queue: QueueName): Promise<void>;
  isPaused(queue: QueueName): Promise<boolean>;

  /** What is in hand goes on to its end: of an analysis, some chunks. Nothing else of these jobs is begun. */
  pauseJobs(jobIds: readonly string[]): Promise<void>;
  isJobPaused(jobId: string): Promise<boolean>;
  /** `jobs` are the paused ones with their chunks; they may be taken again at once. */
  resumeJobs(jobs: readonly JobAddress[]): Promise<void>;

  /** Whoever works on one of them puts it back. Resolves when they have been told. */
  handBack(jobIds: readonly string[]): Promise<void>;
  /**
   * Nobody takes anything from any queue until the hold is released, and every other one. Queues that are paused stay
   * paused. A hold whose process died ends after a while, where an engine is open.
   */
  hold(): Promise<{ release(): Promise<void> }>;

  /** Every change of a job and every report of progress. Best effort: what an engine holds is the truth. */
  listen(listener: JobListener): void;
  close(): Promise<void>;
}

/** A job in the hand of whoever does it. */
export interface JobHandle extends JobAddress {
  readonly name: string;
  readonly data: JobData;
  readonly priority: number;
  readonly parent?: JobAddress | undefined;
  readonly attemptsMade: number;
  updateData(data: JobData): Promise<void>;
  updateProgress(progress: unknown): Promise<void>;
  /** Into its own log; a child writes into that of its parent, which tells the whole story. */
  log(line: string): Promise<void>;
  /** All in one step; one that was added before stays as it is. When a child fails for good, so does this job. */
  addChildren(children: readonly NewJob[]): Promise<void>;
  /** By id. Undefined while a child is to come: the visit has to end with `waits`, and the job comes back after it. */
  childrenResults(): Promise<ReadonlyMap<string, unknown> | undefined>;
}

/** How one visit of a job to a worker ended. */
export type JobOutcome =
  | { readonly kind: 'done'; readonly result: unknown }
  /** Tried again after a pause where that can help and attempts are left. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** For its children. */
  | { readonly kind: 'waits' }
  /** Goes to another worker, or to any after that time; this visit does not count as an attempt. */
  | { readonly kind: 'handed-back'; readonly notBefore?: number };

/**
 * Never rejects. The signal's reason is `workerIsLeaving` for a hand-back, `lockWasLost`, an AppError that the job fails
 * with, or anything else for a cancel.
 */
export type ProcessJob = (job: JobHandle, signal: AbortSignal) => Promise<JobOutcome>;

export const workerIsLeaving = 'worker is leaving';
export const lockWasLost = 'lock was lost';

/** For consumers. */
export interface JobSource {
  /** Takes one job at a time from the queue, after `run`. */
  consume(queue: QueueName, process: ProcessJob): JobConsumer;
  isCancelled(jobId: string): Promise<boolean>;
}

export interface JobConsumer {
  /** Takes jobs until it is closed. */
  run(): Promise<void>;
  cancelJob(jobId: string, reason?: string): void;
  cancelAllJobs(reason?: string): void;
  /** Takes nothing new until it is resumed; one that was on its way may still come. What is in hand goes on. */
  pause(): void;
  resume(): void;
  /** Takes nothing new; resolves when what is in hand has ended. */
  close(): Promise<void>;
}
