/** What a coach says of a clip: it overrules what is found. Kept with the clip; the maths of the window goes by it. */
import { z } from 'zod';

export const profileIds = ['pitching', 'squat', 'any'] as const;
export type ProfileId = (typeof profileIds)[number];
export const defaultProfile: ProfileId = 'pitching';

/** One repetition, in seconds of the clip's own clock. */
export const repetitionMarkSchema = z
  .object({
    fromSeconds: z.number().nonnegative(),
    toSeconds: z.number().nonnegative(),
    /** Moments that were dragged to their place, by the ids of the profile's events. */
    events: z.record(z.string(), z.number()).optional(),
  })
  .refine(({ fromSeconds, toSeconds }) => fromSeconds < toSeconds, 'A repetition ends after it begins.');
export type RepetitionMark = z.infer<typeof repetitionMarkSchema>;

export const clipMarksSchema = z.object({
  /** Whose trend this clip belongs to. */
  athlete: z.string().trim().min(1).max(120).optional(),
  /** The day it was filmed, YYYY-MM-DD; the day it was added, when absent. */
  filmedOn: z.iso.date().optional(),
  /** The default, when absent. */
  profile: z.enum(profileIds).optional(),
  hand: z.enum(['left', 'right']).optional(),
  heightMetres: z.number().min(0.5).max(2.8).optional(),
  /** Frames a second that it was filmed with, where the clip is stored slower; its own rate, when absent. */
  filmedFramesPerSecond: z.number().positive().max(10_000).optional(),
  /** Those of the profile's own finding, when absent. */
  repetitions: z.array(repetitionMarkSchema).optional(),
});
export type ClipMarks = z.infer<typeof clipMarksSchema>;
