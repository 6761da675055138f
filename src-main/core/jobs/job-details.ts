/** All that is known of one job. */
import { AppError } from '../../../worker/protocol/errors.ts';
import { queueOfJob } from '../../../worker/protocol/queues.ts';
import { readJobLog } from '../../../worker/protocol/timeline.ts';
import { plannedChunksOf } from '../../../worker/queue/chunks-of-job.ts';
import type { JobEngine } from '../../../worker/queue/job-engine.ts';
import type { JobView } from '../../contract/calls.ts';
import type { JobDetails } from '../../contract/queue-views.ts';
import { mergeTimeline, originOf } from './job-timeline.ts';

/** Throws AppError NOT_FOUND where the job is gone, REDIS_UNREACHABLE where the queue is. */
export async function readJobDetails(engine: JobEngine, view: JobView): Promise<JobDetails> {
  const address = { queue: queueOfJob[view.kind], id: view.id };
  const job = await engine.get(address);
  if (job === undefined) throw new AppError('NOT_FOUND', 'This job is not known any more.');
  const log = readJobLog(await engine.readLog(address));
  const { createdAt, endedAt, failure } = job;
  const timeline = mergeTimeline({ log, status: view.status, createdAt, endedAt, failure });
  const chunks = plannedChunksOf(job.data);
  const origin = view.status === 'failed' ? originOf(timeline, failure) : undefined;
  return {
    job: view,
    timeline,
    notes: log.filter((line) => line.kind === 'note'),
    workers: [...new Set(timeline.flatMap(({ worker }) => worker ?? []))],
    ...(origin && { origin }),
    ...(chunks && {
      chunks: { done: (await engine.childrenResults(address)).size, total: chunks.chunkCount },
    }),
  };
}
