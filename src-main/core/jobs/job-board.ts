/**
 * The queue as the core sees it: submit, cancel, retry, and a view of every job that a coach started.
 * What Redis holds is the truth; events only say when to look, and a look every now and then makes up for lost ones.
 */
import type { Job } from 'bullmq';
import { askRedis, type RedisTarget } from '../../../worker/connection.ts';
import { type ControlMessage, cancelKey, cancelKeySeconds, controlChannel } from '../../../worker/protocol/control.ts';
import { AppError, CancelledError } from '../../../worker/protocol/errors.ts';
import {
  type JobPayload,
  jobDefinitions,
  jobOptions,
  jobProgressSchema,
  parseChunkJobId,
  plannedChunksSchema,
} from '../../../worker/protocol/jobs.ts';
import { type QueueName, queueNames, queueOfJob } from '../../../worker/protocol/queues.ts';
import { canTransition, isEnded } from '../../../worker/protocol/status.ts';
import type { JobView } from '../../contract/calls.ts';
import { readFailure } from './job-failure.ts';
import { createProgressMeter, type ProgressMeter, type ShownJobKind } from './job-progress.ts';
import { chunkIdsOf, openJobQueues } from './job-queues.ts';
import { isShown, type JobState, viewJob } from './job-view.ts';
import { createTurns } from './turns.ts';

export interface JobBoardOptions {
  readonly redis: RedisTarget;
  readonly keyPrefix: string;
  readonly onChange: (view: JobView) => void;
}

export interface JobRequest<N extends ShownJobKind> {
  readonly name: N;
  /** Made from all that decides the result: the same id is the same job, and nothing is queued twice. */
  readonly id: string;
  readonly payload: JobPayload<N>;
  readonly priority: number;
  /** Whether what a finished job made is still there; it runs again where it is not. */
  readonly isIntact: (view: JobView, result: unknown) => Promise<boolean>;
}

export interface JobBoard {
  /** A job that failed or was cancelled is queued again. Throws AppError REDIS_UNREACHABLE. */
  submit<N extends ShownJobKind>(request: JobRequest<N>): Promise<JobView>;
  /** Acts at once on what runs; what waits is never run. Nothing happens to a job that has ended. */
  cancel(id: string): Promise<void>;
  /** Queues a failed or cancelled job again. Finished chunks are not computed again. */
  retry(id: string): Promise<void>;
  list(): JobView[];
  /** What a finished job returned; undefined while it has not. */
  resultOf(id: string): Promise<unknown>;
  /** Resolves when the job has ended, however it ended. Rejects with CancelledError when the signal is aborted. */
  waitFor(id: string, signal: AbortSignal): Promise<JobView>;
  close(): Promise<void>;
}

type JobStateName = Awaited<ReturnType<Job['getState']>>;

interface Entry {
  view: JobView;
  readonly queue: QueueName;
  readonly meter: ProgressMeter;
  plannedFrames: number;
  /** Queues the job as it was submitted. */
  readonly add: () => Promise<unknown>;
}

const reconcileMilliseconds = 1000;
const mostListedJobs = 1000;
/** How long a cancelled run may take to let go of its job. */
const releaseMilliseconds = 5000;
const releasePollMilliseconds = 50;

export async function openJobBoard(options: JobBoardOptions): Promise<JobBoard> {
  const { keyPrefix: prefix } = options;
  const queues = await openJobQueues(options.redis, prefix);
  const { connection } = queues;
  const entries = new Map<string, Entry>();
  const watchers = new Set<(view: JobView) => void>();
  /** Everything that is done about one job is done one after the other. */
  const turns = createTurns();

  const publish = (entry: Entry, view: JobView): void => {
    const { status } = entry.view;
    // A look that was overtaken by a later one.
    if (view.status !== status && !canTransition(status, view.status)) return;
    if (JSON.stringify(view) === JSON.stringify(entry.view)) return;
    entry.view = view;
    options.onChange(view);
    for (const watcher of watchers) watcher(view);
  };

  /** The state is asked for first: a job that has ended by then is read with its result. */
  const readJob = async (queue: QueueName, id: string): Promise<{ job: Job; state: JobState } | undefined> => {
    const state = await queues.queue(queue).getJobState(id);
    const job = await queues.queue(queue).getJob(id);
    return job && { job, state: await describeState(job, state) };
  };
  const describeState = async (job: Job, state: JobStateName): Promise<JobState> => {
    if (state === 'completed') return { status: 'done' };
    const isCancelled = (await connection.exists(cancelKey(prefix, job.id ?? ''))) === 1;
    if (state === 'failed') {
      const failure = await readFailure(job, queues.queue('pose'));
      return failure.code === 'CANCELLED' || isCancelled ? { status: 'cancelled' } : { status: 'failed', failure };
    }
    const isUnderWay = state === 'active' || state === 'waiting-children';
    if (isCancelled) return { status: isUnderWay ? 'cancelling' : 'cancelled' };
    return { status: isUnderWay ? 'running' : 'queued' };
  };

  const add = (name: ShownJobKind, id: string, payload: unknown, priority: number): Promise<Job> =>
    queues.queue(queueOfJob[name]).add(name, payload, { ...jobOptions, jobId: id, priority });

  const createEntry = async (job: Job, view: JobView, queue: QueueName): Promise<Entry> => {
    const { kind, id } = view;
    const payload = jobDefinitions[kind].payload.safeParse(job.data).data;
    const entry: Entry = {
      view,
      queue,
      meter: createProgressMeter(kind),
      plannedFrames: plannedFramesOf(job),
      add: async () => payload && (await add(kind, id, payload, job.opts.priority ?? 0)),
    };
    entries.set(id, entry);
    options.onChange(view);
    if (isEnded(view.status)) return entry;
    // A job that an earlier run of the app started is already some way on.
    onProgress(queue, id, job.progress);
    for (const chunkId of chunkIdsOf(job))
      onProgress('pose', chunkId, (await queues.queue('pose').getJob(chunkId))?.progress);
    entry.meter.restart();
    return entry;
  };

  const refresh = async (queue: QueueName, id: string): Promise<void> => {
    const found = await readJob(queue, id);
    const known = entries.get(id);
    if (found === undefined) {
      // Redis may lose the last second before a power cut; what was accepted is queued again.
      if (known && !isEnded(known.view.status)) await known.add();
      return;
    }
    const { job, state } = found;
    if (!isShown(job.name)) return;
    const { name } = job;
    const entry = known ?? (await createEntry(job, viewJob(job, name, state, createProgressMeter(name)), queue));
    entry.plannedFrames = plannedFramesOf(job) || entry.plannedFrames;
    const wasEnded = isEnded(entry.view.status);
    publish(entry, viewJob(job, name, state, entry.meter));
    // One chunk failed for good: the others would be computed for nothing.
    if (!wasEnded && state.status === 'failed') await dropChunks(job);
  };

  const onProgress = (queue: QueueName, id: string, data: unknown): void => {
    const progress = jobProgressSchema.safeParse(data).data;
    const chunk = queue === 'pose' ? parseChunkJobId(id) : undefined;
    const entry = entries.get(chunk?.analyseJobId ?? id);
    if (progress === undefined || entry === undefined || isEnded(entry.view.status)) return;
    if (chunk) entry.meter.reportChunk(chunk.chunkIndex, progress.framesDone, entry.plannedFrames, progress.at);
    else entry.meter.report(progress);
    const current = entry.meter.current();
    if (current) publish(entry, { ...entry.view, progress: current });
  };

  const look = (queue: QueueName, id: string): void => {
    // Where Redis is away the next look finds out.
    turns.take(id, () => refresh(queue, id)).catch(() => undefined);
  };

  queues.listen({
    onState: (queue, id) => {
      if (queue !== 'pose') look(queue, id);
    },
    onProgress,
  });
  for (const name of queueNames) {
    if (name === 'pose') continue;
    for (const job of await queues.queue(name).getJobs(undefined, 0, mostListedJobs))
      if (job?.id) await refresh(name, job.id);
  }
  const reconcile = setInterval(() => {
    for (const { view, queue } of entries.values()) if (!isEnded(view.status)) look(queue, view.id);
  }, reconcileMilliseconds);

  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new AppError('NOT_FOUND', 'This job is not known any more.');
    return entry;
  };

  /** Whoever works on them stops, whoever is about to does not begin. The mark comes first: one of the two is seen. */
  const stopWork = async (jobIds: string[]): Promise<void> => {
    for (const id of jobIds) await connection.set(cancelKey(prefix, id), '1', 'EX', cancelKeySeconds);
    const message: ControlMessage = { type: 'cancel', jobIds };
    if (jobIds.length > 0) await connection.publish(controlChannel(prefix), JSON.stringify(message));
  };
  /** Chunks that run are stopped; those that wait are taken out of the queue. */
  const dropChunks = async (job: Job | undefined): Promise<void> => {
    const ids = chunkIdsOf(job);
    await stopWork(ids);
    for (const id of ids) {
      const chunk = await queues.queue('pose').getJob(id);
      const state = await chunk?.getState();
      if (state === 'waiting' || state === 'prioritized' || state === 'delayed') await queues.queue('pose').remove(id);
    }
  };
  /** Takes a job and its chunks out of the queue, so that the same ids can be queued afresh. */
  const forget = async (queue: QueueName, job: Job): Promise<void> => {
    const id = job.id ?? '';
    const chunkIds = chunkIdsOf(job);
    for (const chunkId of chunkIds) await removeWhenReleased('pose', chunkId);
    await removeWhenReleased(queue, id);
    await connection.del(...[id, ...chunkIds].map((each) => cancelKey(prefix, each)));
    entries.delete(id);
  };
  const removeWhenReleased = async (queue: QueueName, id: string): Promise<void> => {
    const deadline = Date.now() + releaseMilliseconds;
    while ((await queues.queue(queue).getJob(id)) !== undefined) {
      if ((await queues.queue(queue).remove(id)) === 1) return;
      if (Date.now() > deadline) {
        throw new AppError('WORKER_LOST', 'The last run of this job has not ended yet. Try again in a moment.');
      }
      await new Promise((resolve) => setTimeout(resolve, releasePollMilliseconds));
    }
  };

  return {
    submit: ({ name, id, payload, priority, isIntact }) =>
      inTurn(id, async () => {
        const queue = queueOfJob[name];
        const known = await readJob(queue, id);
        if (known) {
          const { job, state } = known;
          const view = viewJob(job, name, state, createProgressMeter(name));
          const isSpoiled = state.status === 'done' && !(await isIntact(view, job.returnvalue));
          if (state.status === 'failed' || state.status === 'cancelled' || isSpoiled) await forget(queue, job);
        }
        await add(name, id, payload, priority);
        await refresh(queue, id);
        return find(id).view;
      }),
    cancel: (id) =>
      inTurn(id, async () => {
        const { queue, view } = find(id);
        if (isEnded(view.status)) return;
        const job = await queues.queue(queue).getJob(id);
        await stopWork([id]);
        await dropChunks(job);
        await refresh(queue, id);
      }),
    retry: (id) =>
      inTurn(id, async () => {
        const { queue, view, add: addAgain } = find(id);
        if (view.status !== 'failed' && view.status !== 'cancelled') return;
        const job = await queues.queue(queue).getJob(id);
        if (job) await forget(queue, job);
        await addAgain();
        await refresh(queue, id);
      }),
    list: () => [...entries.values()].map(({ view }) => view),
    resultOf: (id) => askRedis(async () => (await queues.queue(find(id).queue).getJob(id))?.returnvalue),
    async waitFor(id, signal) {
      const { view: now } = find(id);
      if (isEnded(now.status)) return now;
      return await new Promise<JobView>((resolve, reject) => {
        const settle = (): void => {
          watchers.delete(watch);
          signal.removeEventListener('abort', abort);
        };
        const watch = (view: JobView): void => {
          if (view.id !== id || !isEnded(view.status)) return;
          settle();
          resolve(view);
        };
        const abort = (): void => {
          settle();
          reject(new CancelledError(undefined, { cause: signal.reason }));
        };
        watchers.add(watch);
        signal.addEventListener('abort', abort);
        if (signal.aborted) abort();
      });
    },
    async close() {
      clearInterval(reconcile);
      await queues.close();
    },
  };

  function inTurn<T>(id: string, run: () => Promise<T>): Promise<T> {
    return askRedis(() => turns.take(id, run));
  }
}

function plannedFramesOf(job: Job): number {
  return plannedChunksSchema.safeParse(job.data.planned).data?.frames ?? 0;
}
