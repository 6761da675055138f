/**
 * The queue as the core sees it: submit, cancel, retry, and a view of every job that a coach started.
 * What the engine holds is the truth.
 */
import { AppError } from '../../../worker/protocol/errors.ts';
import type { JobPayload } from '../../../worker/protocol/jobs.ts';
import { queueOfJob } from '../../../worker/protocol/queues.ts';
import { isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import { chunksOfJob } from '../../../worker/queue/chunks-of-job.ts';
import {
  type ExportedJobs,
  type ExportReport,
  exportJobs,
  exportQueuedJobs,
  importJob,
} from '../../../worker/queue/exported-jobs.ts';
import type { JobAddress, StoredJob } from '../../../worker/queue/job-engine.ts';
import type { JobView, ShownJobKind } from '../../contract/job-view.ts';
import { carryLog, writeToLog } from './job-log.ts';
import { createProgressMeter } from './job-progress.ts';
import { viewJob } from './job-view.ts';
import { isWaiting, type ShownJobsOptions, showJobs } from './shown-jobs.ts';

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
  /**
   * Acts at once on what runs; what waits is never run. What others want too goes on, and is cancelled for this member
   * alone. Nothing happens to a job that has ended.
   */
  cancel(id: string): Promise<void>;
  /** Nothing happens to a job that has ended. */
  prioritize(id: string, priority: number): Promise<void>;
  /** A job that waits for its time waits no longer. Nothing happens to any other. */
  runNow(id: string): Promise<void>;
  /** Queues a failed or cancelled job again, or joins those who want it still. Finished chunks are not computed again. */
  retry(id: string): Promise<void>;
  /** What is in hand goes back to the queue; nothing of the job is begun until it is resumed. */
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Forgets a job that has ended; others who want it keep it. What it made stays. Throws AppError INVALID_INPUT for one that has not. */
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

/** How long a cancelled run may take to let go of its job. */
const releaseMilliseconds = 5000;
const releasePollMilliseconds = 50;

export async function openJobBoard(options: ShownJobsOptions): Promise<JobBoard> {
  const { engine, member } = options;

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
    shown.drop(job.id);
  };
  /** False where the job was cancelled, or is gone: it has to be added again. */
  const join = async (address: JobAddress): Promise<boolean> => {
    if (member === undefined) return true;
    if (!(await engine.want(address, member))) return false;
    // Whatever has become of it since, it is shown from there on.
    if (shown.statusOf(address.id) === 'cancelled') shown.drop(address.id);
    return true;
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

  // One chunk failed for good: the others would be computed for nothing.
  const shown = await showJobs(options, dropChunks);
  const { turns, find, readJob, refresh } = shown;

  return {
    submit: ({ name, id, payload, priority, notBefore, isIntact }) =>
      turns.take(id, async () => {
        const address = { queue: queueOfJob[name], id };
        do {
          const known = await readJob(address);
          if (known) {
            const { job, status } = known;
            const view = viewJob(job, name, status, createProgressMeter(name));
            const isSpoiled = status === 'done' && !(await isIntact(view, job.result));
            if (isInVain(status) || isSpoiled) await forget(job);
            else if (!isEnded(status)) {
              if (job.priority > priority) await prioritize(job, priority);
              if (notBefore === undefined && isWaiting(job)) await engine.promote(job);
            }
          }
          await engine.add({ ...address, name, data: payload, priority, notBefore });
        } while (!(await join(address)));
        await refresh(address);
        return find(id).view;
      }),
    cancel: (id) =>
      turns.take(id, async () => {
        const { queue, view } = find(id);
        if (isEnded(view.status)) return;
        const address = { queue, id };
        const job = await engine.get(address);
        if (member === undefined) await engine.cancel([id]);
        if (member === undefined || !(await engine.unwant(address, member, 'withdrawn'))) {
          await writeToLog(engine, address, 'cancelled');
          await dropChunks(job);
        }
        await refresh(address);
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
        const address = { queue, id };
        const known = await readJob(address);
        const isToJoin = view.status === 'cancelled' && known !== undefined && !isInVain(known.status);
        if (!(isToJoin && (await join(address)))) {
          const job = await engine.get(address);
          const history = await engine.readLog(address);
          if (job) await forget(job);
          await add({ owner: member });
          await join(address);
          if (job) await carryLog(engine, job, history);
        }
        await refresh(address);
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
        const address = { queue, id };
        const job = await engine.get(address);
        const isKept = member !== undefined && (await engine.unwant(address, member, 'forgotten'));
        if (job && !isKept) await forget(job);
        shown.remove(id);
      }),
    get: (id) => find(id).view,
    list: shown.list,
    resultOf: async (id) => (await engine.get({ queue: find(id).queue, id }))?.result,
    waitFor: shown.waitFor,
    exportJobs: (write, isWanted) =>
      shown.whileTaking(async () => {
        const report = await (isWanted ? exportQueuedJobs(engine, isWanted, write) : exportJobs(engine, write));
        for (const id of report.taken) shown.remove(id);
        return report;
      }),
    importJobs: ({ jobs }) =>
      Promise.all(
        jobs.map((exported) =>
          turns.take(exported.id, async () => {
            const address = { queue: queueOfJob[exported.name], id: exported.id };
            do {
              const known = await readJob(address);
              // Done there once, but what it made is gone.
              const isSpoiled = known?.status === 'done' && shown.statusOf(exported.id) === 'failed';
              if (known && (isInVain(known.status) || isSpoiled)) await forget(known.job);
              await importJob(engine, exported);
            } while (!(await join(address)));
            await refresh(address);
            return find(exported.id).view;
          }),
        ),
      ),
    close: async () => shown.close(),
  };
}

/** It makes nothing, or is about to: whoever wants it has to have it done anew. */
function isInVain(status: JobStatus): boolean {
  return status === 'failed' || status === 'cancelled' || status === 'cancelling';
}
