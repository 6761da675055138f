/** What an analysis keeps of its chunks in its own data. */
import { z } from 'zod';
import { chunkJobId, jobDefinitions, type PlannedChunks, plannedChunksSchema } from '../protocol/jobs.ts';
import { queueOfJob } from '../protocol/queues.ts';
import type { JobAddress, JobData } from './job-engine.ts';

/** What was done of an analysis in another engine, before it came here. */
export const resumedChunksSchema = z.object({
  planned: plannedChunksSchema,
  chunks: z.array(
    z.object({
      chunkIndex: z.number().int().nonnegative(),
      attemptsMade: z.number().int().nonnegative(),
      /** Of a finished chunk: it is not computed again. */
      result: jobDefinitions['pose-chunk'].result.optional(),
    }),
  ),
});
export type ResumedChunks = z.infer<typeof resumedChunksSchema>;

/** What an analysis has planned; undefined while it has not, and for any other job. */
export function plannedChunksOf(data: JobData): PlannedChunks | undefined {
  return plannedChunksSchema.safeParse(data['planned']).data;
}

export function resumedChunksOf(data: JobData): ResumedChunks | undefined {
  return resumedChunksSchema.safeParse(data['resume']).data;
}

/** The chunks of an analysis; none while it is not planned, and for any other job. */
export function chunksOfJob(job: { readonly id: string; readonly data: JobData } | undefined): JobAddress[] {
  const count = (job && plannedChunksOf(job.data)?.chunkCount) ?? 0;
  return Array.from({ length: count }, (_, i) => ({
    queue: queueOfJob['pose-chunk'],
    id: chunkJobId(job?.id ?? '', i),
  }));
}
