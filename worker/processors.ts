/** Job name to processor. Exhaustive: a job without a processor does not compile. */
import { type Job, type Queue, UnrecoverableError, WaitingChildrenError, WaitingError } from 'bullmq';
import { exportAnalysis } from './pipeline/export-analysis.ts';
import { finishAnalysis } from './pipeline/finish-analysis.ts';
import { planAnalysis } from './pipeline/plan-analysis.ts';
import type { OnProgress, Ports } from './pipeline/ports.ts';
import { poseChunk } from './pipeline/pose-chunk.ts';
import { preparePlayback } from './pipeline/prepare-playback.ts';
import { AppError, CancelledError, isPermanent, throwIfAborted, toFailure } from './protocol/errors.ts';
import {
  chunkJobId,
  type JobName,
  type JobPayload,
  type JobResult,
  jobDefinitions,
  jobOptions,
  type PlannedChunks,
  plannedChunksSchema,
} from './protocol/jobs.ts';

export interface ProcessorContext {
  readonly ports: Ports;
  readonly processors: Processors;
  /** Where the chunks of an analysis are put. */
  readonly poseQueue: Queue;
  /** Whether somebody cancelled the job, or the analysis it belongs to. */
  readonly isCancelled: (jobId: string) => Promise<boolean>;
}

export interface Run<N extends JobName> {
  readonly job: Job;
  readonly token: string;
  readonly payload: JobPayload<N>;
  readonly onProgress: OnProgress;
  readonly context: ProcessorContext;
  readonly signal: AbortSignal;
}

type Processor<N extends JobName> = (run: Run<N>) => Promise<JobResult<N>>;
export type Processors = { readonly [N in JobName]: Processor<N> };

/** The pipeline, as the queue sees it. Tests put stages of their own here. */
export interface Stages {
  readonly preparePlayback: typeof preparePlayback;
  readonly planAnalysis: typeof planAnalysis;
  readonly poseChunk: typeof poseChunk;
  readonly finishAnalysis: typeof finishAnalysis;
  readonly exportAnalysis: typeof exportAnalysis;
}

export function createProcessors(stages: Stages): Processors {
  return {
    'prepare-playback': ({ payload, onProgress, context, signal }) =>
      stages.preparePlayback({ ...payload, onProgress }, context.ports, signal),
    'pose-chunk': ({ payload, onProgress, context, signal }) =>
      stages.poseChunk({ ...payload, onProgress }, context.ports, signal),
    'export-analysis': ({ payload, onProgress, context, signal }) =>
      stages.exportAnalysis({ ...payload, onProgress }, context.ports, signal),
    'analyse-clip': (run) => analyseClip(run, stages),
  };
}

export const processors = createProcessors({
  preparePlayback,
  planAnalysis,
  poseChunk,
  finishAnalysis,
  exportAnalysis,
});

/** Visits a worker twice: before its chunks, to plan and add them, and after them, to put their results together. */
async function analyseClip(
  { job, token, payload, onProgress, context, signal }: Run<'analyse-clip'>,
  stages: Stages,
): Promise<JobResult<'analyse-clip'>> {
  const jobId = idOf(job);
  let planned = plannedChunksSchema.safeParse(job.data.planned).data;
  if (planned === undefined) {
    const outcome = await stages.planAnalysis({ ...payload, onProgress }, context.ports, signal);
    throwIfAborted(signal);
    if (outcome.reused) {
      const { analysisId, frames, framesWithPose, people } = outcome;
      return { analysisId, frames, framesWithPose, people, reused: true };
    }
    planned = { plan: outcome.plan, chunkCount: outcome.chunkCount, frames: outcome.frames };
    await addChunks(job, payload, planned, context.poseQueue);
    await job.updateData({ ...job.data, planned });
  }
  if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();

  const results = await job.getChildrenValues();
  const chunks = Array.from({ length: planned.chunkCount }, (_, i) => {
    const entry = Object.entries(results).find(([key]) => key.endsWith(`:${chunkJobId(jobId, i)}`));
    return jobDefinitions['pose-chunk'].result.parse(entry?.[1]);
  });
  const workers = new Set(chunks.map((chunk) => chunk.workerId)).size;
  const input = { ...payload, plan: planned.plan, chunks, workers, onProgress };
  return await stages.finishAnalysis(input, context.ports, signal);
}

/** All in one step. A chunk that was added before, by a worker that died here, stays as it is, finished or not. */
async function addChunks(
  job: Job,
  payload: JobPayload<'analyse-clip'>,
  { plan, chunkCount }: PlannedChunks,
  poseQueue: Queue,
): Promise<void> {
  const parentId = idOf(job);
  const { protocolVersion, clip, clipName, parameters } = payload;
  const data = (chunkIndex: number): JobPayload<'pose-chunk'> => ({
    protocolVersion,
    clip,
    clipName,
    parameters,
    plan,
    chunkIndex,
  });
  await poseQueue.addBulk(
    Array.from({ length: chunkCount }, (_, chunkIndex) => ({
      name: 'pose-chunk',
      data: data(chunkIndex),
      opts: {
        ...jobOptions,
        ...(job.opts.priority !== undefined && { priority: job.opts.priority }),
        jobId: chunkJobId(parentId, chunkIndex),
        parent: { id: parentId, queue: job.queueQualifiedName },
        failParentOnFailure: true,
      },
    })),
  );
}

/**
 * Runs one job: parses what it carries, reports progress, turns what it throws into a failure that crosses Redis as
 * JSON in the job's failed reason. Permanent failures are not tried again.
 */
export async function processJob(
  job: Job,
  token: string,
  signal: AbortSignal,
  context: ProcessorContext,
): Promise<unknown> {
  try {
    const name = job.name as JobName;
    const definition = jobDefinitions[name];
    if (definition === undefined)
      throw new AppError('PROTOCOL_MISMATCH', `This worker does not know the job "${job.name}".`);
    const parsed = definition.payload.safeParse(job.data);
    if (!parsed.success) {
      throw new AppError('PROTOCOL_MISMATCH', 'The job was made by another version of Shadow Trainer.', {
        cause: parsed.error,
      });
    }
    const ids = [idOf(job), ...(job.parent?.id === undefined ? [] : [job.parent.id])];
    for (const id of ids) if (await context.isCancelled(id)) throw new CancelledError();
    return await run(name, { job, token, payload: parsed.data, onProgress: progressReporter(job), context, signal });
  } catch (error) {
    if (error instanceof WaitingChildrenError) throw error;
    if (signal.reason === workerIsLeaving) {
      // Nobody's fault: the job goes to another worker, and this start of it does not count as an attempt.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const failure = toFailure(signal.aborted ? interruption(signal, error) : error);
    context.ports.log('job failed', {
      job: job.id,
      ...failure,
      cause: String(error instanceof Error ? (error.cause ?? error.stack) : error),
    });
    const text = JSON.stringify(failure);
    throw isPermanent(failure.code) ? new UnrecoverableError(text) : new Error(text, { cause: error });
  }
}

/** Reasons of an abort that is nobody's wish. Any other abort is a cancel. */
export const workerIsLeaving = 'worker is leaving';
export const lockWasLost = 'lock was lost';

function interruption(signal: AbortSignal, cause: unknown): AppError {
  if (signal.reason !== lockWasLost) return new CancelledError(undefined, { cause });
  return new AppError('WORKER_LOST', 'The worker fell silent; the job goes on with another one.', { cause });
}

/** The table's entry and the payload belong to the same name; the compiler cannot see that through a union. */
async function run<N extends JobName>(
  name: N,
  options: Omit<Run<N>, 'payload'> & { payload: unknown },
): Promise<JobResult<N>> {
  return await options.context.processors[name](options as Run<N>);
}

/** Reports at most a few times a second: progress costs a write to Redis. */
function progressReporter(job: Job): OnProgress {
  const shortestIntervalMilliseconds = 200;
  let last = { at: 0, stage: '' };
  return (stage, framesDone, framesTotal) => {
    const now = Date.now();
    const isNews = stage !== last.stage || framesDone >= framesTotal;
    if (!isNews && now - last.at < shortestIntervalMilliseconds) return;
    last = { at: now, stage };
    // A lost progress report is not worth a failed job.
    job.updateProgress({ stage, framesDone, framesTotal, at: now }).catch(() => undefined);
  };
}

function idOf(job: Job): string {
  if (job.id === undefined) throw new AppError('INTERNAL', 'The queue gave a job without an id.');
  return job.id;
}
