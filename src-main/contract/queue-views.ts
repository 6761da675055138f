/** What the window sees of the queue as a whole, and of one job in all detail. */
import { z } from 'zod';
import { failureSchema } from '../../worker/protocol/errors.ts';
import { queueNames } from '../../worker/protocol/queues.ts';
import { jobNoteSchema, timelineEntrySchema } from '../../worker/protocol/timeline.ts';
import { jobViewSchema, shownJobKinds } from './job-view.ts';

export const jobDetailsSchema = z.object({
  job: jobViewSchema,
  /** In order of time, over the job and its chunks. */
  timeline: z.array(timelineEntrySchema),
  notes: z.array(jobNoteSchema),
  /** Everyone who worked on it. */
  workers: z.array(z.string()),
  /** Of a failed job: where it failed. */
  origin: failureSchema.shape.origin,
  /** Of a planned analysis: finished ones are kept, whatever happens to the job. */
  chunks: z.object({ done: z.number().int().nonnegative(), total: z.number().int().positive() }).optional(),
});
export type JobDetails = z.infer<typeof jobDetailsSchema>;

/** Seconds. */
const percentilesSchema = z.object({ p50: z.number(), p90: z.number(), p99: z.number() });
export type Percentiles = z.infer<typeof percentilesSchema>;

const outcomesSchema = z.object({
  done: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  cancelled: z.number().int().nonnegative(),
  /** Done of done and failed, 0..1; undefined while neither is there. */
  successRate: z.number().min(0).max(1).optional(),
  /** From queued to started, and from started to ended, of the jobs that are done. */
  waitSeconds: percentilesSchema.optional(),
  runSeconds: percentilesSchema.optional(),
});
export type Outcomes = z.infer<typeof outcomesSchema>;

export const queueStatisticsSchema = z.object({
  /** Of the jobs in the list, by what they are. */
  depth: z.object({
    queued: z.number().int().nonnegative(),
    running: z.number().int().nonnegative(),
    paused: z.number().int().nonnegative(),
  }),
  /** No worker takes anything while it is set. */
  isPaused: z.boolean(),
  queues: z.array(
    z.object({
      name: z.enum(queueNames),
      waiting: z.number().int().nonnegative(),
      delayed: z.number().int().nonnegative(),
      active: z.number().int().nonnegative(),
      waitingForChunks: z.number().int().nonnegative(),
      isPaused: z.boolean(),
    }),
  ),
  /** Over the jobs that are kept. */
  all: outcomesSchema,
  kinds: z.partialRecord(z.enum(shownJobKinds), outcomesSchema),
  /** Jobs ended in each of the last sixty minutes, the running one last. */
  perMinute: z.array(z.object({ done: z.number().int(), failed: z.number().int() })),
  /** Ended in the last hour. */
  perHour: z.number().int().nonnegative(),
});
export type QueueStatistics = z.infer<typeof queueStatisticsSchema>;

/** Something to be told of when nobody looks. */
export const queueNoticeSchema = z.object({
  kind: z.enum(['batch-ended', 'job-failed']),
  /** One sentence for a coach. */
  message: z.string().min(1),
  ready: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
});
export type QueueNotice = z.infer<typeof queueNoticeSchema>;
