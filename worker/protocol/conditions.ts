import { z } from 'zod';

/** What a machine must be like before a job begins on it: nobody works on it; it does not run on its battery. */
export const conditions = ['idle', 'mains'] as const;
export const conditionSchema = z.enum(conditions);
export type Condition = z.infer<typeof conditionSchema>;

/** A job whose condition never comes is done all the same after this long. */
export const longestHoldMilliseconds = 30 * 24 * 3600 * 1000;
