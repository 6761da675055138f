import { z } from 'zod';
import { assetReferenceSchema, sha256Schema } from '../../worker/protocol/assets.ts';
import { failureSchema } from '../../worker/protocol/errors.ts';
import { exportKinds, stageProgressSchema } from '../../worker/protocol/jobs.ts';
import { jobStatuses } from '../../worker/protocol/status.ts';
import { whenSchema } from './schedule-views.ts';
import { jobPlaces } from './team-views.ts';

/** What a job is for; chunk jobs are never shown by themselves. */
export const shownJobKinds = ['prepare-playback', 'analyse-clip', 'export-analysis'] as const;
export type ShownJobKind = (typeof shownJobKinds)[number];

export const jobViewSchema = z.object({
  id: z.string(),
  kind: z.enum(shownJobKinds),
  clipSha256: sha256Schema,
  /** As it was when the job was made. */
  clipName: z.string().optional(),
  status: z.enum(jobStatuses),
  /** Whose queue keeps it; this computer's own, when absent. */
  place: z.enum(jobPlaces).optional(),
  progress: stageProgressSchema.optional(),
  failure: failureSchema.optional(),
  createdAt: z.string(),
  /** Set while it waits for that. */
  when: whenSchema.optional(),
  /** When a worker began it first. */
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** Attempts that failed or ended it; of an analysis without those of its chunks. */
  attempts: z.number().int().nonnegative().optional(),
  /** Set when an analysis is done. */
  analysisId: sha256Schema.optional(),
  /** Set when an export is done. */
  exported: z.object({ kind: z.enum(exportKinds), file: assetReferenceSchema, suggestedName: z.string() }).optional(),
});
export type JobView = z.infer<typeof jobViewSchema>;
