/**
 * The queue as the core sees it: submit, cancel, retry, and a view of every job that a coach started.
 * What the engine holds is the truth; events only say when to look, and a look every now and then makes up for lost
 * ones.
 */
import { AppError, CancelledError, type Failure } from '../../../worker/protocol/errors.ts';
import { type JobPayload, jobDefinitions, jobProgressSchema, parseChunkJobId } from '../../../worker/protocol/jobs.ts';
import { type QueueName, queueNames, queueOfJob } from '../../../worker/protocol/queues.ts';
import { canTransition, isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import { chunksOfJob, plannedChunksOf, resumedChunksOf } from '../../../worker/queue/chunks-of-job.ts';
import {
  type ExportedJobs,
  type ExportReport,
  exportJobs,
  exportQueuedJobs,
  importJob,
} from '../../../worker/queue/exported-jobs.ts';
import type { JobAddress, JobEngine, StoredJob } from '../../../worker/queue/job-engine.ts';
import type { JobView, ShownJobKind } from '../../contract/job-view.ts';
import { carryLog, writeToLog } from './job-log.ts';
import { createProgressMeter, type ProgressMeter } from './job-progress.ts';
import { isShown, statusOf, viewJob } from './job-view.ts';
import { createTurns } from './turns.ts';

export interface JobBoardOptions {
  readonly engine: JobEngine;
  readonly onChange: (view: JobView) => void;
  /** A job is not known any more. */
  readonly onRemove?: (id: string) => void;
  /**
   * An unfinished job that the engine lost is queued again, when absent. Who only looks on must not do that: a job
   * that others took elsewhere would be there twice.
   */
  readonly isOnlooker?: boolean;
  /** Of an engine that others use too: whether a job is any business of this board. Every one is, when absent. */
  readonly concerns?: (job: StoredJob) => boolean;
  /** Of an engine elsewhere: a job is shown as done when what it made is here. */
  readonly homecoming?: Homecoming;
}

/** How what a job made gets to this computer. */
export interface Homecoming {
  /** Asked again and again while it is `coming`. */
  look(job: StoredJob): Promise<'here' | 'coming' | Failure>;
}

export interface JobRequest<N extends ShownJobKind> {
  readonly name: N;
  /** Made from all that decides the result: the same id is the same job, and nothing is queued twice. */
  readonly id: string;
  readonly payload: JobPayload<N>;
  /** One that is queued already with a later one is raised to it. */
  readonly priority: number;
  /** Milliseconds since 1970. One that is queued already waits no longer when this is absent. */
  readonly notBefore?: number | undefined;
  /** Whether what a finished job made is still there; it runs again where it is not. */
  readonly isIntact: (view: JobView, result: unknown) => Promise<boolean>;
}

export interface JobBoard {
  /** A job that failed or was cancelled is queued again. Throws AppError REDIS_UNREACHABLE. */
  submit<N extends ShownJobKind>(request: JobRequest<N>): Promise<JobView>;
  /** Acts at once on what runs; what waits is never run. Nothing happens to a job that has ended. */
  cancel(id: string): Promise<void>;
  /** Nothing happens to a job that has ended. */
  prioritize(id: string, priority: number): Promise<void>;
  /** A job that waits for its time waits no longer. Nothing happens to any other. */
  runNow(id: string): Promise<void>;
  /** Queues a failed or cancelled job again. Finished chunks are not computed again. */
  retry(id: string): Promise<void>;
  /** What is in hand goes back to the queue; nothing of the job is begun until it is resumed. */
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Forgets a job that has ended. What it made stays. Throws AppError INVALID_INPUT for one that has not. */
  discard(id: string): Promise<void>;
  list(): JobView[];
  /** Throws AppError NOT_FOUND. */
  get(id: string): JobView;
  /** What a finished job returned; undefined while it has not. */
  resultOf(id: string): Promise<unknown>;
  /**
   * Resolves when the job has ended, however it ended. Rejects with CancelledError when the signal is aborted, with
   * AppError NOT_FOUND when the job is exported.
   */
  waitFor(id: string, signal: AbortSignal): Promise<JobView>;
  /**
   * Takes every unfinished job out of the queue, for another engine; see exported-jobs.ts. With `isWanted` only those
   * that it names and nobody has begun: the others go on.
   */
  exportJobs(
    write: (jobs: ExportedJobs) => Promise<void>,
    isWanted?: (job: StoredJob) => boolean,
  ): Promise<ExportReport>;
  /** Puts such jobs in. One that failed or was cancelled here before is queued again. */
  importJobs(jobs: ExportedJobs): Promise<JobView[]>;
  close(): Promise<void>;
}

interface Entry {
  view: JobView;
  readonly queue: QueueName;
  readonly meter: ProgressMeter;
  plannedFrames: number;
  /** When the job may begin, as long as it waits for that. */
  notBefore: number | undefined;
  /** Queues the job as it was submitted. */
  readonly add: (notBefore?: number) => Promise<unknown>;
}

const reconcileMilliseconds = 1000;
const mostListedJobs = 1000;
/** How long a cancelled run may take to let go of its job. */
const releaseMilliseconds = 5000;
const releasePollMilliseconds = 50;

export async function openJobBoard({
  engine,
  onChange,
  onRemove,
  isOnlooker = false,
  concerns = () => true,
  homecoming,
}: JobBoardOptions): Promise<JobBoard> {
  const entries = new Map<string, Entry>();
  /** Called without a view when the job has been taken away. */
  const watchers = new Set<(id: string, view?: JobView) => void>();
  let isExporting = false;
  /** Everything that is done about one job is done one after the other. */
  const turns = createTurns();

  const publish = (entry: Entry, view: JobView): void => {
    const { status } = entry.view;
    // A look that was overtaken by a later one.
    if (view.status !== status && !canTransition(status, view.status)) return;
    if (JSON.stringify(view) === JSON.stringify(entry.view)) return;
    entry.view = view;
    onChange(view);
    for (const watcher of watchers) watcher(view.id, view);
  };

  const readJob = async (address: JobAddress): Promise<{ job: StoredJob; status: JobStatus } | undefined> => {
    const job = await engine.get(address);
    if (job === undefined) return undefined;
    const [isCancelled, isPaused] = await Promise.all([engine.isCancelled(job.id), engine.isJobPaused(job.id)]);
    return { job, status: statusOf(job, { isCancelled, isPaused }) };
  };

  /** What is done elsewhere goes on here until it has arrived. */
  const whereItIs = async (found: { job: StoredJob; status: JobStatus }) => {
    if (found.status !== 'done' || homecoming === undefined) return found;
    const arrival = await homecoming.look(found.job);
    if (arrival === 'here') return found;
    if (arrival === 'coming') return { ...found, status: 'running' as const };
    return { job: { ...found.job, failure: arrival }, status: 'failed' as const };
  };

  const createEntry = async (job: StoredJob, view: JobView): Promise<Entry> => {
    const { kind: name, id } = view;
    const { queue, priority } = job;
    const payload = jobDefinitions[name].payload.safeParse(job.data).data;
    const entry: Entry = {
      view,
      queue,
      meter: createProgressMeter(name),
      plannedFrames: plannedFramesOf(job),
      notBefore: undefined,
      add: async (notBefore) => payload && (await engine.add({ queue, name, id, data: payload, priority, notBefore })),
    };
    entries.set(id, entry);
    onChange(view);
    if (isEnded(view.status)) return entry;
    // A job that an earlier run of the app started is already some way on.
    onProgress(job, job.progress);
    for (const { chunkIndex, result } of resumedChunksOf(job.data)?.chunks ?? [])
      if (result) entry.meter.reportChunk(chunkIndex, result.frames, plannedFramesOf(job), Date.now());
    for (const chunk of chunksOfJob(job)) onProgress(chunk, (await engine.get(chunk))?.progress);
    entry.meter.restart();
    return entry;
  };

  const refresh = async (address: JobAddress): Promise<void> => {
    const found = await readJob(address);
    const known = entries.get(address.id);
    if (found === undefined) {
      if (known === undefined || isEnded(known.view.status) || isExporting) return;
      // Redis may lose the last second before a power cut; what was accepted is queued again.
      if (!isOnlooker) await known.add(known.notBefore);
      else if (entries.delete(address.id)) onRemove?.(address.id);
      return;
    }
    if (!isShown(found.job.name) || !(known || concerns(found.job))) return;
    const { job, status } = await whereItIs(found);
    const { name } = job;
    if (!isShown(name)) return;
    const entry = known ?? (await createEntry(job, viewJob(job, name, status, createProgressMeter(name))));
    entry.plannedFrames = plannedFramesOf(job) || entry.plannedFrames;
    entry.notBefore = isWaiting(job) ? job.notBefore : undefined;
    const wasEnded = isEnded(entry.view.status);
    publish(entry, viewJob(job, name, status, entry.meter));
    // One chunk failed for good: the others would be computed for nothing.
    if (!wasEnded && status === 'failed') await dropChunks(job);
  };

  const onProgress = ({ queue, id }: JobAddress, data: unknown): void => {
    const progress = jobProgressSchema.safeParse(data).data;
    const chunk = queue === 'pose' ? parseChunkJobId(id) : undefined;
    const entry = entries.get(chunk?.analyseJobId ?? id);
    if (progress === undefined || entry === undefined || isEnded(entry.view.status)) return;
    if (chunk) entry.meter.reportChunk(chunk.chunkIndex, progress.framesDone, entry.plannedFrames, progress.at);
    else entry.meter.report(progress);
    const current = entry.meter.current();
    if (current) publish(entry, { ...entry.view, progress: current });
  };

  /** Who looks on for weeks remembers no more than who has just come. What the engine keeps is left alone. */
  const forgetOldest = (): void => {
    const endOf = ({ endedAt, createdAt }: JobView): string => endedAt ?? createdAt;
    const ended = [...entries.values()].map(({ view }) => view).filter(({ status }) => isEnded(status));
    ended.sort((a, b) => endOf(a).localeCompare(endOf(b)));
    for (const { id } of ended.slice(0, Math.max(0, ended.length - mostListedJobs))) {
      entries.delete(id);
      onRemove?.(id);
    }
  };

  const look = (address: JobAddress): void => {
    // Where the queue is away the next look finds out.
    turns.take(address.id, () => refresh(address)).catch(() => undefined);
  };

  engine.listen({
    onState: (address) => {
      if (address.queue !== 'pose') look(address);
    },
    onProgress,
  });
  for (const name of queueNames) {
    if (name === 'pose') continue;
    for (const job of await engine.list(name, { limit: mostListedJobs })) if (concerns(job)) await refresh(job);
  }
  const reconcile = setInterval(() => {
    if (isOnlooker && entries.size > mostListedJobs) forgetOldest();
    for (const { view, queue } of entries.values()) if (!isEnded(view.status)) look({ queue, id: view.id });
  }, reconcileMilliseconds);

  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new AppError('NOT_FOUND', 'This job is not known any more.');
    return entry;
  };

  /** Chunks that run are stopped; those that wait are taken out of the queue. */
  const dropChunks = async (job: StoredJob | undefined): Promise<void> => {
    const chunks = chunksOfJob(job);
    await engine.cancel(chunks.map(({ id }) => id));
    for (const chunk of chunks) {
      const state = (await engine.get(chunk))?.state;
      if (state === 'waiting' || state === 'delayed') await engine.remove(chunk);
    }
  };
  const prioritize = async (address: JobAddress, priority: number): Promise<void> => {
    // First the job itself, so that the chunks it may add in this moment have it too.
    await engine.setPriority([address], priority);
    const chunks = chunksOfJob(await engine.get(address));
    await engine.setPriority(chunks, priority);
  };
  /** Takes a job and its chunks out of the queue, so that the same ids can be queued afresh. */
  const forget = async (job: StoredJob): Promise<void> => {
    const chunks = chunksOfJob(job);
    for (const each of [...chunks, job]) await removeWhenReleased(each);
    await engine.forgetCancel([job, ...chunks].map(({ id }) => id));
    await engine.resumeJobs([job]);
    entries.delete(job.id);
  };
  const removeWhenReleased = async (address: JobAddress): Promise<void> => {
    const deadline = Date.now() + releaseMilliseconds;
    while ((await engine.get(address)) !== undefined) {
      if (await engine.remove(address)) return;
      if (Date.now() > deadline) {
        throw new AppError('WORKER_LOST', 'The last run of this job has not ended yet. Try again in a moment.');
      }
      await new Promise((resolve) => setTimeout(resolve, releasePollMilliseconds));
    }
  };

  return {
    submit: ({ name, id, payload, priority, notBefore, isIntact }) =>
      turns.take(id, async () => {
        const queue = queueOfJob[name];
        const known = await readJob({ queue, id });
        if (known) {
          const { job, status } = known;
          const view = viewJob(job, name, status, createProgressMeter(name));
          const isSpoiled = status === 'done' && !(await isIntact(view, job.result));
          if (status === 'failed' || status === 'cancelled' || isSpoiled) await forget(job);
          else if (!isEnded(status)) {
            if (job.priority > priority) await prioritize(job, priority);
            if (notBefore === undefined && isWaiting(job)) await engine.promote(job);
          }
        }
        await engine.add({ queue, name, id, data: payload, priority, notBefore });
        await refresh({ queue, id });
        return find(id).view;
      }),
    cancel: (id) =>
      turns.take(id, async () => {
        const { queue, view } = find(id);
        if (isEnded(view.status)) return;
        const job = await engine.get({ queue, id });
        await engine.cancel([id]);
        await writeToLog(engine, { queue, id }, 'cancelled');
        await dropChunks(job);
        await refresh({ queue, id });
      }),
    prioritize: (id, priority) =>
      turns.take(id, async () => {
        const { queue, view } = find(id);
        if (!isEnded(view.status)) await prioritize({ queue, id }, priority);
      }),
    runNow: (id) =>
      turns.take(id, async () => {
        const { queue } = find(id);
        const job = await engine.get({ queue, id });
        if (job && isWaiting(job)) await engine.promote(job);
        await refresh({ queue, id });
      }),
    retry: (id) =>
      turns.take(id, async () => {
        const { queue, view, add } = find(id);
        if (view.status !== 'failed' && view.status !== 'cancelled') return;
        const job = await engine.get({ queue, id });
        const history = await engine.readLog({ queue, id });
        if (job) await forget(job);
        await add();
        if (job) await carryLog(engine, job, history);
        await refresh({ queue, id });
      }),
    pause: (id) =>
      turns.take(id, async () => {
        const { queue, view } = find(id);
        if (view.status !== 'queued' && view.status !== 'running') return;
        const job = await engine.get({ queue, id });
        await engine.pauseJobs([id]);
        await writeToLog(engine, { queue, id }, 'paused');
        await engine.handBack([id, ...chunksOfJob(job).map((chunk) => chunk.id)]);
        await refresh({ queue, id });
      }),
    resume: (id) =>
      turns.take(id, async () => {
        const { queue, view, meter } = find(id);
        if (view.status !== 'paused') return;
        const job = await engine.get({ queue, id });
        await engine.resumeJobs([{ queue, id }, ...chunksOfJob(job)]);
        await writeToLog(engine, { queue, id }, 'resumed');
        // A pause is no work.
        meter.restart();
        await refresh({ queue, id });
      }),
    discard: (id) =>
      turns.take(id, async () => {
        const { queue, view } = find(id);
        if (!isEnded(view.status)) throw new AppError('INVALID_INPUT', 'This job has not ended yet: cancel it first.');
        const job = await engine.get({ queue, id });
        if (job) await forget(job);
        entries.delete(id);
        onRemove?.(id);
      }),
    get: (id) => find(id).view,
    list: () => [...entries.values()].map(({ view }) => view),
    resultOf: async (id) => (await engine.get({ queue: find(id).queue, id }))?.result,
    async waitFor(id, signal) {
      const { view: now } = find(id);
      if (isEnded(now.status)) return now;
      return await new Promise<JobView>((resolve, reject) => {
        const settle = (): void => {
          watchers.delete(watch);
          signal.removeEventListener('abort', abort);
        };
        const watch = (changed: string, view?: JobView): void => {
          if (changed !== id || (view && !isEnded(view.status))) return;
          settle();
          if (view) resolve(view);
          else reject(new AppError('NOT_FOUND', 'This job was taken out of the queue.'));
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
    async exportJobs(write, isWanted) {
      isExporting = true;
      try {
        const report = await (isWanted ? exportQueuedJobs(engine, isWanted, write) : exportJobs(engine, write));
        for (const id of report.taken) {
          entries.delete(id);
          onRemove?.(id);
          for (const watcher of watchers) watcher(id);
        }
        return report;
      } finally {
        isExporting = false;
      }
    },
    importJobs: ({ jobs }) =>
      Promise.all(
        jobs.map((exported) =>
          turns.take(exported.id, async () => {
            const address = { queue: queueOfJob[exported.name], id: exported.id };
            const known = await readJob(address);
            if (known?.status === 'failed' || known?.status === 'cancelled') await forget(known.job);
            await importJob(engine, exported);
            await refresh(address);
            return find(exported.id).view;
          }),
        ),
      ),
    async close() {
      clearInterval(reconcile);
    },
  };
}

/** For its time, or for the machine; one that was begun before waits to be tried again. */
function isWaiting({ state, startedAt }: StoredJob): boolean {
  return state === 'delayed' && startedAt === undefined;
}

/** 0 while nothing is planned. */
function plannedFramesOf({ data }: StoredJob): number {
  return (plannedChunksOf(data) ?? resumedChunksOf(data)?.planned)?.frames ?? 0;
}
