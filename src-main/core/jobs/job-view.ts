/** A job of the queue as the window sees it. */
import { conditionSchema } from '../../../worker/protocol/conditions.ts';
import { jobDefinitions } from '../../../worker/protocol/jobs.ts';
import { isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import type { JobData, StoredJob } from '../../../worker/queue/job-engine.ts';
import { type JobView, type ShownJobKind, shownJobKinds } from '../../contract/job-view.ts';
import type { ProgressMeter } from './job-progress.ts';

/** Chunks are part of their analysis and never shown by themselves. */
export function isShown(name: string): name is ShownJobKind {
  return (shownJobKinds as readonly string[]).includes(name);
}

/** What somebody wants of a job, beside what it is. */
export interface JobMarks {
  readonly isCancelled: boolean;
  readonly isPaused: boolean;
}

export function statusOf({ state, failure }: StoredJob, { isCancelled, isPaused }: JobMarks): JobStatus {
  if (state === 'completed') return 'done';
  if (state === 'failed') return failure?.code === 'CANCELLED' || isCancelled ? 'cancelled' : 'failed';
  const isUnderWay = state === 'active' || state === 'waiting-children';
  if (isCancelled) return isUnderWay ? 'cancelling' : 'cancelled';
  if (isPaused) return 'paused';
  return isUnderWay ? 'running' : 'queued';
}

interface KnownData {
  readonly clip: { readonly sha256: string };
  readonly clipName?: string;
  /** Of its first visit; the engine knows only that of the last. */
  readonly startedAt?: number;
}

export function viewJob(job: StoredJob, kind: ShownJobKind, status: JobStatus, meter: ProgressMeter): JobView {
  const { clip, clipName, startedAt = job.startedAt } = job.data as JobData & KnownData;
  const progress = isEnded(status) ? undefined : meter.current();
  return {
    id: job.id,
    kind,
    clipSha256: clip.sha256,
    status,
    createdAt: new Date(job.createdAt).toISOString(),
    ...(clipName !== undefined && { clipName }),
    ...(status === 'queued' && whenOf(job)),
    ...(startedAt !== undefined && { startedAt: new Date(startedAt).toISOString() }),
    ...(job.attemptsMade > 0 && { attempts: job.attemptsMade }),
    ...(progress && { progress }),
    ...(status === 'failed' && job.failure && { failure: job.failure }),
    ...(isEnded(status) && job.endedAt !== undefined && { endedAt: new Date(job.endedAt).toISOString() }),
    ...(status === 'done' && viewResult(job)),
  };
}

/** What a job that nobody has begun waits for; one that is tried again waits for nothing that a coach could want. */
function whenOf(job: StoredJob): Pick<JobView, 'when'> {
  const { data, state, notBefore, startedAt } = job;
  if (state !== 'delayed' || notBefore === undefined || startedAt !== undefined) return {};
  const condition = conditionSchema.safeParse(data['condition']).data;
  return { when: condition ? { condition } : { at: new Date(notBefore).toISOString() } };
}

function viewResult(job: StoredJob): Pick<JobView, 'analysisId' | 'exported'> {
  const analysed = job.name === 'analyse-clip' && jobDefinitions['analyse-clip'].result.safeParse(job.result).data;
  if (analysed) return { analysisId: analysed.analysisId };
  const payload = job.name === 'export-analysis' && jobDefinitions['export-analysis'].payload.safeParse(job.data).data;
  const file = payload && jobDefinitions['export-analysis'].result.safeParse(job.result).data;
  return file ? { exported: { kind: payload.kind, ...file } } : {};
}
