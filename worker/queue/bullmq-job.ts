/** Jobs of this product as BullMQ keeps them, there and back. */
import type { BulkJobOptions, JobState as BullState, Job, Queue } from 'bullmq';
import { type Failure, failureSchema } from '../protocol/errors.ts';
import { jobOptions } from '../protocol/jobs.ts';
import { keptJobs, type QueueName } from '../protocol/queues.ts';
import { bandOf } from './bullmq-fair-share.ts';
import { type JobAddress, type JobState, jobStates, type NewJob, type StoredJob } from './job-engine.ts';
import type { Wishes } from './job-wishes.ts';

/** Qualified as BullMQ does it. */
export function queueKey(prefix: string, queue: QueueName): string {
  return `${prefix}:${queue}`;
}

export function toBullJob(job: NewJob, prefix: string, parent?: JobAddress) {
  const { name, data, id, priority, attemptsMade = 0, createdAt = Date.now(), notBefore } = job;
  const opts: BulkJobOptions = {
    ...jobOptions,
    ...keptJobs(job.queue),
    // What was used up elsewhere is read back as the difference.
    attempts: Math.max(1, jobOptions.attempts - attemptsMade),
    jobId: id,
    priority,
    timestamp: createdAt,
    ...(notBefore !== undefined && { delay: Math.max(0, notBefore - createdAt) }),
    ...(parent && { parent: { id: parent.id, queue: queueKey(prefix, parent.queue) }, failParentOnFailure: true }),
  };
  return { name, data, opts };
}

/** How often it was tried, here and elsewhere. */
export function attemptsOf(job: Job): number {
  return job.attemptsMade + jobOptions.attempts - (job.opts.attempts ?? jobOptions.attempts);
}

/** Of the children that have completed, by id. */
export async function childrenResultsOf(job: Job): Promise<Map<string, unknown>> {
  const results = Object.entries(await job.getChildrenValues());
  return new Map(results.map(([key, result]) => [key.slice(key.lastIndexOf(':') + 1), result]));
}

/** Undefined for a job without a parent. */
export function parentOf(job: Job): JobAddress | undefined {
  const { id, queueKey: key = '' } = job.parent ?? {};
  if (id === undefined) return undefined;
  return { id, queue: key.slice(key.lastIndexOf(':') + 1) as QueueName };
}

/** What is known of a job beside BullMQ's own account of it. */
interface KnownOfJob {
  readonly queue: QueueName;
  readonly state: JobState;
  readonly failure: Failure | undefined;
  readonly wishes: Wishes;
}

export function toStoredJob(job: Job, { queue, state, failure, wishes }: KnownOfJob): StoredJob {
  return {
    queue,
    id: job.id ?? '',
    name: job.name,
    data: job.data,
    priority: bandOf(job.priority),
    parent: parentOf(job),
    state,
    attemptsMade: attemptsOf(job),
    createdAt: job.timestamp,
    startedAt: job.processedOn,
    endedAt: job.finishedOn,
    ...(state === 'delayed' && { notBefore: job.timestamp + job.delay }),
    // BullMQ's way of saying that nothing was reported or returned.
    progress: job.progress === 0 ? undefined : job.progress,
    result: state === 'completed' ? job.returnvalue : undefined,
    failure,
    wishes,
  };
}

/** Undefined for a job that is in no state, because it is gone. */
export function toJobState(state: BullState | 'unknown'): JobState | undefined {
  if (state === 'prioritized') return 'waiting';
  return jobStates.find((known) => known === state);
}

/** Nothing happens where the job is gone. */
export async function logTo(queue: Queue, jobId: string, line: string): Promise<void> {
  await queue.addJobLog(jobId, line, jobOptions.keepLogs).catch((error: Error) => {
    if (!/Missing key for job/.test(error.message)) throw error;
  });
}

/** How a failure crosses Redis: as the reason that BullMQ keeps. */
export function writeFailure(failure: Failure): string {
  return JSON.stringify(failure);
}

/** What made a job fail. A parent fails because of a child: then it is the child's failure. */
export async function readFailure(
  failedReason: string | undefined,
  reasonOfChild: (childId: string) => Promise<string | undefined>,
): Promise<Failure> {
  const own = parseFailure(failedReason);
  if (own) return own;
  const childId = /^child \S*:([^:\s]+) failed$/.exec(failedReason ?? '')?.[1];
  const childReason = childId === undefined ? undefined : await reasonOfChild(childId);
  const inherited = parseFailure(childReason);
  if (inherited) return inherited;
  if (/stalled/.test(`${failedReason} ${childReason}`)) {
    return {
      code: 'WORKER_LOST',
      message: 'The worker died more than once on this job. Try again, or try another model.',
    };
  }
  return {
    code: 'INTERNAL',
    message: `Something went wrong inside Shadow Trainer: ${failedReason ?? 'no reason given'}`,
  };
}

function parseFailure(text: string | undefined): Failure | undefined {
  try {
    return failureSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
