/** A job of the queue as the window sees it. */
import { jobDefinitions } from '../../../worker/protocol/jobs.ts';
import { isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import type { StoredJob } from '../../../worker/queue/job-engine.ts';
import type { JobView } from '../../contract/calls.ts';
import type { ProgressMeter, ShownJobKind } from './job-progress.ts';

const shownKinds: readonly ShownJobKind[] = ['prepare-playback', 'analyse-clip', 'export-analysis'];

/** Chunks are part of their analysis and never shown by themselves. */
export function isShown(name: string): name is ShownJobKind {
  return (shownKinds as readonly string[]).includes(name);
}

/** `isCancelled`: whether somebody wants the job cancelled. */
export function statusOf({ state, failure }: StoredJob, isCancelled: boolean): JobStatus {
  if (state === 'completed') return 'done';
  if (state === 'failed') return failure?.code === 'CANCELLED' || isCancelled ? 'cancelled' : 'failed';
  const isUnderWay = state === 'active' || state === 'waiting-children';
  if (isCancelled) return isUnderWay ? 'cancelling' : 'cancelled';
  return isUnderWay ? 'running' : 'queued';
}

export function viewJob(job: StoredJob, kind: ShownJobKind, status: JobStatus, meter: ProgressMeter): JobView {
  const { clip } = job.data as { clip: { sha256: string } };
  const progress = isEnded(status) ? undefined : meter.current();
  return {
    id: job.id,
    kind,
    clipSha256: clip.sha256,
    status,
    createdAt: new Date(job.createdAt).toISOString(),
    ...(progress && { progress }),
    ...(status === 'failed' && job.failure && { failure: job.failure }),
    ...(isEnded(status) && job.endedAt !== undefined && { endedAt: new Date(job.endedAt).toISOString() }),
    ...(status === 'done' && viewResult(job)),
  };
}

function viewResult(job: StoredJob): Pick<JobView, 'analysisId' | 'exported'> {
  const analysed = job.name === 'analyse-clip' && jobDefinitions['analyse-clip'].result.safeParse(job.result).data;
  if (analysed) return { analysisId: analysed.analysisId };
  const payload = job.name === 'export-analysis' && jobDefinitions['export-analysis'].payload.safeParse(job.data).data;
  const file = payload && jobDefinitions['export-analysis'].result.safeParse(job.result).data;
  return file ? { exported: { kind: payload.kind, ...file } } : {};
}
