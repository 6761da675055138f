/** A job of the queue as the window sees it. */
import type { Job } from 'bullmq';
import type { Failure } from '../../../worker/protocol/errors.ts';
import { jobDefinitions } from '../../../worker/protocol/jobs.ts';
import { isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import type { JobView } from '../../contract/calls.ts';
import type { ProgressMeter, ShownJobKind } from './job-progress.ts';

const shownKinds: readonly ShownJobKind[] = ['prepare-playback', 'analyse-clip', 'export-analysis'];

/** Chunks are part of their analysis and never shown by themselves. */
export function isShown(name: string): name is ShownJobKind {
  return (shownKinds as readonly string[]).includes(name);
}

export interface JobState {
  readonly status: JobStatus;
  readonly failure?: Failure;
}

export function viewJob(job: Job, kind: ShownJobKind, { status, failure }: JobState, meter: ProgressMeter): JobView {
  const { clip } = job.data as { clip: { sha256: string } };
  const progress = isEnded(status) ? undefined : meter.current();
  return {
    id: job.id ?? '',
    kind,
    clipSha256: clip.sha256,
    status,
    createdAt: new Date(job.timestamp).toISOString(),
    ...(progress && { progress }),
    ...(failure && { failure }),
    ...(isEnded(status) && job.finishedOn !== undefined && { endedAt: new Date(job.finishedOn).toISOString() }),
    ...(status === 'done' && viewResult(job)),
  };
}

function viewResult(job: Job): Pick<JobView, 'analysisId' | 'exported'> {
  const analysed = job.name === 'analyse-clip' && jobDefinitions['analyse-clip'].result.safeParse(job.returnvalue).data;
  if (analysed) return { analysisId: analysed.analysisId };
  const payload = job.name === 'export-analysis' && jobDefinitions['export-analysis'].payload.safeParse(job.data).data;
  const file = payload && jobDefinitions['export-analysis'].result.safeParse(job.returnvalue).data;
  return file ? { exported: { kind: payload.kind, ...file } } : {};
}
