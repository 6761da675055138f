/** What the stages of a staged worker do. */
import { z } from 'zod';

export const stagePlanSchema = z.object({
  /** A line of JSON for whatever a stage did. */
  journal: z.string(),
  chunks: z.number().int().positive(),
  framesPerChunk: z.number().int().positive(),
  /** Stage name (`plan`, `chunk-0`, `finish`, `export`) to a file that it waits for. */
  gates: z.record(z.string(), z.string()),
  failures: z.record(z.string(), z.enum(['refused', 'once', 'always', 'dies once'])),
});
export type StagePlan = z.infer<typeof stagePlanSchema>;

export const journalLineSchema = z.object({
  what: z.enum(['start', 'end', 'aborted']),
  name: z.string(),
  worker: z.string(),
  pid: z.number(),
});
export type JournalLine = z.infer<typeof journalLineSchema>;
