/** A job engine as its suites take it: what has to be opened, jobs, and workers that a test steers. */
import type { WorkerQueueName } from '../../worker/protocol/queues.ts';
import {
  type JobAddress,
  type JobConsumer,
  type JobEngine,
  type JobHandle,
  type JobOutcome,
  type JobState,
  type NewJob,
  type ProcessJob,
  type StoredJob,
  workerIsLeaving,
} from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';

export interface JobEngineUnderTest {
  readonly engine: JobEngine;
  /** A worker of its own that takes jobs of all queues and hears what is said to workers. */
  startWorker(process: ProcessJob): Promise<TestWorker>;
  close(): Promise<void>;
}

export interface TestWorker {
  readonly consumers: Readonly<Record<WorkerQueueName, JobConsumer>>;
  /** As a worker leaves: what is in hand is asked back, nothing new is taken. */
  leave(): Promise<void>;
}

export const done = (result: unknown = null): JobOutcome => ({ kind: 'done', result });

let count = 0;
export function newJob(more: Partial<NewJob> = {}): NewJob {
  return { queue: 'media', id: `job-${++count}`, name: 'test', data: {}, priority: 1, ...more };
}

/** A process that ends when it is told to, and notes its visits. */
export function steered() {
  const visits: { readonly job: JobHandle; readonly signal: AbortSignal; end(outcome: JobOutcome): void }[] = [];
  const process: ProcessJob = (job, signal) =>
    new Promise((resolve) => visits.push({ job, signal, end: (outcome) => resolve(outcome) }));
  /** The visit of that number, the first being 0. */
  const visit = (index: number) => until(`visit ${index}`, () => visits[index]);
  return { process, visits, visit };
}

/** Hands back when asked to leave, ends with CANCELLED when cancelled. */
export function obedient(): ReturnType<typeof steered> {
  const under = steered();
  const process: ProcessJob = (job, signal) =>
    Promise.race([
      under.process(job, signal),
      new Promise<JobOutcome>((resolve) => {
        signal.addEventListener('abort', () =>
          resolve(
            signal.reason === workerIsLeaving
              ? { kind: 'handed-back' }
              : { kind: 'failed', failure: { code: 'CANCELLED', message: 'Cancelled.' } },
          ),
        );
      }),
    ]);
  return { ...under, process };
}

/** How a test reads an engine. */
export function readerOf(engine: JobEngine) {
  const read = async (job: JobAddress): Promise<StoredJob> => {
    const found = await engine.get(job);
    if (found === undefined) throw new Error(`There is no job ${job.id}.`);
    return found;
  };
  const reaches = (job: JobAddress, state: JobState): Promise<StoredJob> =>
    until(`${job.id} is ${state}`, async () => {
      const found = await read(job);
      return found.state === state && found;
    });
  return { read, reaches };
}
