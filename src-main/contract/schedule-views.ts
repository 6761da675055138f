/** What comes later, or every night, as the window sees it. */
import { z } from 'zod';
import { conditionSchema } from '../../worker/protocol/conditions.ts';
import { failureSchema } from '../../worker/protocol/errors.ts';
import { upkeepDefinitions, upkeepNames } from '../../worker/protocol/upkeep.ts';

/** When a job may begin: not before that time, or when the machine is idle or on mains power. */
export const whenSchema = z.union([
  z.strictObject({ at: z.iso.datetime({ offset: true }) }),
  z.strictObject({ condition: conditionSchema }),
]);
export type When = z.infer<typeof whenSchema>;

/** Hours and minutes of the machine's own clock. */
export const timeOfDaySchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is four digits as 02:00, from 00:00 to 23:59');

const upkeepRunSchema = z.object({
  jobId: z.string(),
  status: z.enum(['queued', 'running', 'done', 'failed']),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  failure: failureSchema.optional(),
  /** Of a clean-up that is done. */
  cleanedUp: upkeepDefinitions['clean-up'].result.optional(),
  /** Of a look for clips to analyse again that is done. */
  reAnalysed: upkeepDefinitions['re-analyse'].result.optional(),
});
export type UpkeepRun = z.infer<typeof upkeepRunSchema>;

export const scheduleViewSchema = z.object({
  kind: z.enum(upkeepNames),
  /** Whether it is done every night; the settings say when. */
  enabled: z.boolean(),
  nextAt: z.string().optional(),
  /** Newest first. */
  runs: z.array(upkeepRunSchema),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;
