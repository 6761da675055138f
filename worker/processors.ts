/** Job name to processor. Exhaustive: a job without a processor does not compile. */

import { exportAnalysis } from './exports/export-analysis.ts';
import { createJobRecorder, type JobRecorder } from './job-recorder.ts';
import { finishAnalysis } from './pipeline/finish-analysis.ts';
import { planAnalysis } from './pipeline/plan-analysis.ts';
import type { OnProgress, Ports } from './pipeline/ports.ts';
import { poseChunk } from './pipeline/pose-chunk.ts';
import { preparePlayback } from './pipeline/prepare-playback.ts';
import { AppError, CancelledError, type ErrorCode, throwIfAborted, toFailure } from './protocol/errors.ts';
import {
  chunkJobId,
  type JobName,
  type JobPayload,
  type JobResult,
  jobDefinitions,
  type PlannedChunks,
} from './protocol/jobs.ts';
import { queueOfJob } from './protocol/queues.ts';
import { plannedChunksOf, type ResumedChunks, resumedChunksOf } from './queue/chunks-of-job.ts';
import { type JobHandle, type JobOutcome, lockWasLost, workerIsLeaving } from './queue/job-engine.ts';
import { receiveAnalysis, sendAnalysis } from './storage/travelling-analysis.ts';

export interface ProcessorContext {
  readonly ports: Ports;
  readonly processors: Processors;
  /** Whether somebody cancelled the job, or the analysis it belongs to. */
  readonly isCancelled: (jobId: string) => Promise<boolean>;
  /** Where files travel: resolves when whoever hears of what the job has put can get it. */
  readonly sent?: () => Promise<void>;
}

export interface Run<N extends JobName> {
  readonly job: JobHandle;
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
    async 'export-analysis'({ payload, onProgress, context, signal }) {
      if (payload.files) await receiveAnalysis(context.ports, payload.analysisId, payload.files);
      return await stages.exportAnalysis({ ...payload, onProgress }, context.ports, signal);
    },
    async 'analyse-clip'(run) {
      const result = await analyseClip(run, stages);
      const { ports } = run.context;
      return ports.team ? { ...result, files: await sendAnalysis(ports, result.analysisId) } : result;
    },
  };
}

export const processors = createProcessors({
  preparePlayback,
  planAnalysis,
  poseChunk,
  finishAnalysis,
  exportAnalysis,
});

/** No job's fault, and no try of it: it goes back until its files can travel again. */
const wayIsBlocked: ReadonlySet<ErrorCode> = new Set(['TEAM_UNREACHABLE', 'TEAM_REFUSED']);
const laterMilliseconds = 5000;

/** Ends a visit: the job comes back when its chunks are done. */
class WaitsForChunks extends Error {}

/** Visits a worker twice: before its chunks, to plan and add them, and after them, to put their results together. */
async function analyseClip(
  { job, payload, onProgress, context, signal }: Run<'analyse-clip'>,
  stages: Stages,
): Promise<JobResult<'analyse-clip'>> {
  let planned = plannedChunksOf(job.data);
  const resume = resumedChunksOf(job.data);
  const kept = new Map(resume?.chunks.map((chunk) => [chunk.chunkIndex, chunk]));
  if (planned === undefined) {
    if (resume === undefined) {
      const outcome = await stages.planAnalysis({ ...payload, onProgress }, context.ports, signal);
      throwIfAborted(signal);
      if (outcome.reused) {
        const { analysisId, frames, framesWithPose, people } = outcome;
        return { analysisId, frames, framesWithPose, people, reused: true };
      }
      planned = { plan: outcome.plan, chunkCount: outcome.chunkCount, frames: outcome.frames };
    } else {
      ({ planned } = resume);
    }
    await context.sent?.();
    await addChunks(job, payload, planned, kept);
    await job.updateData({ ...job.data, planned });
  }
  const results = await job.childrenResults();
  if (results === undefined) throw new WaitsForChunks();

  const chunks = Array.from({ length: planned.chunkCount }, (_, i) =>
    jobDefinitions['pose-chunk'].result.parse(kept.get(i)?.result ?? results.get(chunkJobId(job.id, i))),
  );
  const workers = new Set(chunks.map((chunk) => chunk.workerId)).size;
  const input = { ...payload, plan: planned.plan, chunks, workers, onProgress };
  return await stages.finishAnalysis(input, context.ports, signal);
}

/**
 * All in one step, but for those finished in another engine. A chunk that was added before, by a worker that died here,
 * stays as it is, finished or not.
 */
async function addChunks(
  job: JobHandle,
  { protocolVersion, owner, prefers, clip, clipName, parameters }: JobPayload<'analyse-clip'>,
  { plan, chunkCount }: PlannedChunks,
  kept: ReadonlyMap<number, ResumedChunks['chunks'][number]>,
): Promise<void> {
  const common: Omit<JobPayload<'pose-chunk'>, 'chunkIndex'> = {
    ...{ protocolVersion, clip, clipName, parameters, plan },
    ...(owner !== undefined && { owner }),
    ...(prefers && { prefers }),
  };
  const indexes = Array.from({ length: chunkCount }, (_, i) => i).filter((i) => kept.get(i)?.result === undefined);
  await job.addChildren(
    indexes.map((chunkIndex) => ({
      queue: queueOfJob['pose-chunk'],
      name: 'pose-chunk',
      id: chunkJobId(job.id, chunkIndex),
      data: { ...common, chunkIndex },
      priority: job.priority,
      attemptsMade: kept.get(chunkIndex)?.attemptsMade,
    })),
  );
}

/**
 * Runs one visit of a job: parses what it carries, reports progress, turns what it throws into a failure, and writes
 * into its log what happened.
 */
export async function processJob(job: JobHandle, signal: AbortSignal, context: ProcessorContext): Promise<JobOutcome> {
  const record = createJobRecorder(job, context.ports.workerId);
  await record.started();
  const outcome = await visit(withStart(job), signal, context, record);
  record.ended(outcome);
  return outcome;
}

/** When a job was begun first, which no engine keeps over its visits. Chunks have one visit. */
function withStart(job: JobHandle): JobHandle {
  if (job.parent !== undefined || job.data['startedAt'] !== undefined) return job;
  const data = { ...job.data, startedAt: Date.now() };
  // Only a figure for the statistics.
  job.updateData(data).catch(() => undefined);
  return { ...job, data };
}

async function visit(
  job: JobHandle,
  signal: AbortSignal,
  context: ProcessorContext,
  record: JobRecorder,
): Promise<JobOutcome> {
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
    for (const id of [job.id, ...(job.parent ? [job.parent.id] : [])])
      if (await context.isCancelled(id)) throw new CancelledError();
    const onProgress = progressReporter(job, record);
    const { ports } = context;
    const own = ports.team?.assetsFor(parsed.data.clip, signal);
    try {
      const ownContext = own ? { ...context, ports: { ...ports, assets: own.assets }, sent: own.sent } : context;
      const result = await run(name, { job, payload: parsed.data, onProgress, context: ownContext, signal });
      await own?.sent();
      return { kind: 'done', result };
    } finally {
      own?.release();
    }
  } catch (error) {
    if (error instanceof WaitsForChunks) return { kind: 'waits' };
    // Nobody's fault.
    if (signal.reason === workerIsLeaving) return { kind: 'handed-back' };
    if (!signal.aborted && error instanceof AppError && wayIsBlocked.has(error.code)) {
      context.ports.log('job waits for the team server', { job: job.id, message: error.message });
      return { kind: 'handed-back', notBefore: Date.now() + laterMilliseconds };
    }
    const failure = toFailure(signal.aborted ? interruption(signal, error) : error);
    const cause = String(error instanceof Error ? (error.cause ?? error.stack) : error);
    context.ports.log('job failed', { job: job.id, ...failure, cause });
    return { kind: 'failed', failure: record.locate(failure, cause) };
  }
}

function interruption(signal: AbortSignal, cause: unknown): AppError {
  if (signal.reason instanceof AppError) return signal.reason;
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
function progressReporter(job: JobHandle, record: JobRecorder): OnProgress {
  const shortestIntervalMilliseconds = 200;
  let last = { at: 0, stage: '' };
  return (stage, framesDone, framesTotal) => {
    const now = Date.now();
    const isNews = stage !== last.stage || framesDone >= framesTotal;
    if (!isNews && now - last.at < shortestIntervalMilliseconds) return;
    if (stage !== last.stage) record.stage(stage);
    last = { at: now, stage };
    // A lost progress report is not worth a failed job.
    job.updateProgress({ stage, framesDone, framesTotal, at: now }).catch(() => undefined);
  };
}
