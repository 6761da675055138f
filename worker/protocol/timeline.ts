/** What the log of a job holds: one JSON a line, written by whoever knows, about the job and the chunks it is cut into. */
import { z } from 'zod';
import { failureSchema } from './errors.ts';
import { stageNames } from './jobs.ts';

export const timelineKinds = [
  /** It waits: newly made, handed back, or, with the stage `pose` and without a chunk, for its chunks. */
  'queued',
  'started',
  'stage',
  /** An attempt failed, or a person asked again: another one follows. */
  'retry',
  /** Its worker died or fell silent in the middle. */
  'stalled',
  'paused',
  'resumed',
  'failed',
  'cancelled',
  'done',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

const common = {
  /** Milliseconds since 1970, by the clock of whoever wrote it. */
  at: z.number(),
  /** Of a chunk of the analysis; undefined: of the job itself. */
  chunk: z.number().int().nonnegative().optional(),
  worker: z.string().optional(),
};

export const timelineEntrySchema = z.object({
  ...common,
  kind: z.enum(timelineKinds),
  stage: z.enum(stageNames).optional(),
  /** The first is 1. */
  attempt: z.number().int().positive().optional(),
  failure: failureSchema.optional(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** A sentence for whoever looks into a failure. */
export const jobNoteSchema = z.object({ ...common, kind: z.literal('note'), text: z.string() });
export type JobNote = z.infer<typeof jobNoteSchema>;

/** Longer notes are cut: a log stays small however much an error has to say. */
export const longestNote = 2000;

export const jobLogLineSchema = z.union([timelineEntrySchema, jobNoteSchema]);
export type JobLogLine = z.infer<typeof jobLogLineSchema>;

/** Lines of another version, or of no version, become notes without a time of their own: nothing is dropped. */
export function readJobLog(lines: readonly string[]): JobLogLine[] {
  let last = 0;
  return lines.map((text) => {
    const line = parseLine(text) ?? { at: last, kind: 'note', text };
    last = line.at;
    return line;
  });
}

function parseLine(text: string): JobLogLine | undefined {
  try {
    return jobLogLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
