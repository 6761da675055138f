/** What the driver of a chaos run and the app under it say to each other. */
import { z } from 'zod';
import { jobStatuses } from '../../worker/protocol/status.ts';

export const toAppSchema = z.discriminatedUnion('type', [
  /** Queue the job of this number. The same number is the same job. */
  z.object({ type: z.literal('submit'), number: z.number() }),
  /** As a coach would with a job that the app gave up. */
  z.object({ type: z.literal('retry'), jobId: z.string() }),
  z.object({ type: z.literal('list') }),
  z.object({ type: z.literal('stop') }),
]);
export type ToApp = z.infer<typeof toAppSchema>;

const jobSchema = z.object({ id: z.string(), status: z.enum(jobStatuses), failure: z.string().optional() });

export const fromAppSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('accepted'), number: z.number(), jobId: z.string(), analysisId: z.string() }),
  z.object({ type: z.literal('refused'), number: z.number(), code: z.string() }),
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('jobs'), jobs: z.array(jobSchema), workers: z.array(z.number()) }),
]);
export type FromApp = z.infer<typeof fromAppSchema>;
export type ChaosJob = z.infer<typeof jobSchema>;

/** What the app is started with: JSON in its first argument. */
export const chaosAppSettingsSchema = z.object({
  dataDirectory: z.string(),
  journal: z.string(),
  workers: z.number().int().positive(),
});
export type ChaosAppSettings = z.infer<typeof chaosAppSettingsSchema>;
