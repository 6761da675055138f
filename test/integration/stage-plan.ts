/** What the stages of a staged worker do. */
import { z } from 'zod';

/** What a stage does instead of ending. `once`: not at its next start. */
export const stageFailures = [
  'refused',
  'once',
  'always',
  'dies once',
  'dies',
  /** Makes progress for ever. */
  'endless once',
  /** Makes none, but stops when asked to. */
  'hangs once',
  /** Does not even stop when asked to. */
  'deaf once',
  /** Its process is stopped by the system. */
  'freezes once',
  /** Takes 700 MB. */
  'grows once',
] as const;

export const stagePlanSchema = z.object({
  /** A line of JSON for whatever a stage did. */
  journal: z.string(),
  chunks: z.number().int().positive(),
  framesPerChunk: z.number().int().positive(),
  /** Stage name (`plan`, `chunk-0`, `finish`, `export`) to a file that it waits for. */
  gates: z.record(z.string(), z.string()),
  failures: z.record(z.string(), z.enum(stageFailures)),
});
export type StagePlan = z.infer<typeof stagePlanSchema>;

export const journalLineSchema = z.object({
  what: z.enum(['start', 'end', 'aborted']),
  name: z.string(),
  worker: z.string(),
  pid: z.number(),
  /** Milliseconds since 1970, with fractions. */
  at: z.number(),
});
export type JournalLine = z.infer<typeof journalLineSchema>;
