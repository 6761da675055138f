/** How long a stage may take, as data: by the stage and by the number of frames it works on. */
import { z } from 'zod';
import { type JobName, type StageName, stageNames } from './jobs.ts';

/** Seconds that any clip has, and those that each frame adds. */
const scaledSecondsSchema = z.object({ base: z.number().nonnegative(), perFrame: z.number().nonnegative() });
export type ScaledSeconds = z.infer<typeof scaledSecondsSchema>;

export const stageLimitsSchema = z.object({
  /** After this the stage is asked to stop, through its signal: the job fails with TIME_LIMIT, what it finished stays. */
  soft: scaledSecondsSchema,
  /** After this the worker process ends itself; the job goes to another one. */
  hard: scaledSecondsSchema,
  /** The longest time without progress; after it the job fails with NO_PROGRESS and is tried again. */
  silence: scaledSecondsSchema,
});
export type StageLimits = z.infer<typeof stageLimitsSchema>;

/** Limits that take the place of the table's. */
export const limitOverridesSchema = z.partialRecord(z.enum(stageNames), stageLimitsSchema);
export type LimitOverrides = z.infer<typeof limitOverridesSchema>;

/**
 * About ten times what the slowest machine known takes: they end what hangs, not what is slow. Silence covers the
 * loading of a model where a stage loads one, and the whole of a stage that computes without reporting.
 */
export const stageLimits: Readonly<Record<StageName, StageLimits>> = {
  probe: limits({ soft: [120, 0], hard: [180, 0], silence: [60, 0] }),
  index: limits({ soft: [120, 0.5], hard: [180, 0.75], silence: [60, 0] }),
  scout: limits({ soft: [300, 10], hard: [450, 15], silence: [120, 0] }),
  pose: limits({ soft: [300, 5], hard: [450, 7.5], silence: [120, 0] }),
  clean: limits({ soft: [120, 0.1], hard: [180, 0.15], silence: [60, 0.1] }),
  measure: limits({ soft: [120, 0.1], hard: [180, 0.15], silence: [60, 0.1] }),
  store: limits({ soft: [120, 0.1], hard: [180, 0.15], silence: [60, 0.1] }),
  playback: limits({ soft: [300, 2], hard: [450, 3], silence: [120, 0] }),
  export: limits({ soft: [300, 2], hard: [450, 3], silence: [120, 0] }),
};

/** The stage that a job is at before it has reported one. */
export const firstStageOf: Readonly<Record<JobName, StageName>> = {
  'analyse-clip': 'probe',
  'pose-chunk': 'pose',
  'prepare-playback': 'probe',
  'export-analysis': 'export',
};

/** How long a job that was asked to stop may take to do so; after that the worker process ends itself. */
export const defaultGraceSeconds = 10;

/** A job that took this many workers with it is not tried again. */
export const defaultMostDeaths = 3;

export function secondsFor({ base, perFrame }: ScaledSeconds, frames: number): number {
  return base + perFrame * frames;
}

type Pair = readonly [base: number, perFrame: number];
function limits(pairs: { soft: Pair; hard: Pair; silence: Pair }): StageLimits {
  const scaled = ([base, perFrame]: Pair): ScaledSeconds => ({ base, perFrame });
  return { soft: scaled(pairs.soft), hard: scaled(pairs.hard), silence: scaled(pairs.silence) };
}
