/** Jobs that an app does for its own data folder, by themselves every night or when somebody asks for them. */
import { z } from 'zod';
import { protocolVersion } from './version.ts';

const count = z.number().int().nonnegative();

/** `owner`: the installation whose data folder it is; nobody else takes the job. */
const payload = z.object({ protocolVersion: z.literal(protocolVersion), owner: z.string() });

export const upkeepDefinitions = {
  /** Removes files that nothing needs any more. */
  'clean-up': {
    payload,
    result: z.object({
      /** Stored files that neither the library, nor an analysis, nor a job speaks of. */
      assets: count,
      /** Of those files. */
      bytes: count,
      /** Notes of earlier results whose files are gone. */
      derived: count,
      /** Files in the making that nobody will finish. */
      unfinished: count,
    }),
  },
  /** Queues an analysis for every clip of the library that has none by today's model and pipeline. */
  're-analyse': { payload, result: z.object({ clips: count, queued: count }) },
} as const satisfies Record<string, { payload: z.ZodType; result: z.ZodType }>;

export type UpkeepName = keyof typeof upkeepDefinitions;
export const upkeepNames = Object.keys(upkeepDefinitions) as [UpkeepName, ...UpkeepName[]];
export type UpkeepResult<N extends UpkeepName> = z.infer<(typeof upkeepDefinitions)[N]['result']>;
