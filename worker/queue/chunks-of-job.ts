import { chunkJobId, type PlannedChunks, plannedChunksSchema } from '../protocol/jobs.ts';
import { queueOfJob } from '../protocol/queues.ts';
import type { JobAddress, JobData } from './job-engine.ts';

/** What an analysis has planned; undefined while it has not, and for any other job. */
export function plannedChunksOf(data: JobData): PlannedChunks | undefined {
  return plannedChunksSchema.safeParse(data['planned']).data;
}

/** The chunks of an analysis; none while it is not planned, and for any other job. */
export function chunksOfJob(job: { readonly id: string; readonly data: JobData } | undefined): JobAddress[] {
  const count = (job && plannedChunksOf(job.data)?.chunkCount) ?? 0;
  return Array.from({ length: count }, (_, i) => ({
    queue: queueOfJob['pose-chunk'],
    id: chunkJobId(job?.id ?? '', i),
  }));
}
