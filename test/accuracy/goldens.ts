/** What the small set gave when it was last looked at. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Measurement } from './measure-set.ts';
import { type Figures, summarizeScores } from './score/summarize-scores.ts';

const goldenSchema = z.record(z.string(), z.record(z.string(), z.number()));
/** Figures by clip, model and quality. */
export type Goldens = z.infer<typeof goldenSchema>;

const goldensPath = new URL('goldens.json', import.meta.url);

/**
 * How far a figure may be worse than its golden: a fifth, and a floor, because a browser draws a few pixels otherwise
 * on another machine. Share: greater is better.
 */
const guarded = {
  detectionRate: { floor: 0.03, better: 'greater' },
  error2dPercentHeight: { floor: 0.1, better: 'less' },
  wristOverallPercentHeight: { floor: 0.3, better: 'less' },
  error3dAlignedMillimetres: { floor: 5, better: 'less' },
  elbowRmseDegrees: { floor: 1.5, better: 'less' },
  kneeRmseDegrees: { floor: 1.5, better: 'less' },
  trunkTiltRmseDegrees: { floor: 0.7, better: 'less' },
  hipShoulderSeparationRmseDegrees: { floor: 1.5, better: 'less' },
  swapFraction: { floor: 0.03, better: 'less' },
} as const satisfies Partial<Record<keyof Figures, { floor: number; better: 'less' | 'greater' }>>;
const guardedNames = Object.keys(guarded) as (keyof typeof guarded)[];
const tolerance = 0.2;

/** Of the cleaned stage, which is what the coach sees: in the raw one a frame that swaps on one machine only counts much. */
export function goldensOf(measurements: readonly Measurement[]): Goldens {
  const cleaned = measurements.filter(({ stage }) => stage === 'cleaned');
  return Object.fromEntries(
    cleaned.map(({ recipe, model, quality, score }) => {
      const figures = summarizeScores([score]);
      const kept = guardedNames.filter((name) => Number.isFinite(figures[name]));
      return [
        [recipe.name, model, quality].join(' '),
        Object.fromEntries(kept.map((name) => [name, Number(figures[name].toPrecision(4))])),
      ];
    }),
  );
}

/** A sentence for each figure that is worse than its golden by more than it may be, or that is missing. */
export function worseThanGoldens(now: Goldens, goldens: Goldens): string[] {
  return Object.entries(goldens).flatMap(([name, wanted]) =>
    guardedNames.flatMap((figure) => {
      const golden = wanted[figure];
      if (golden === undefined) return [];
      const found = now[name]?.[figure];
      if (found === undefined) return [`${name}: ${figure} is missing, it was ${golden}`];
      const { floor, better } = guarded[figure];
      const slack = Math.max(floor, tolerance * golden);
      const isWorse = better === 'less' ? found > golden + slack : found < golden - floor;
      return isWorse ? [`${name}: ${figure} is ${found}, it was ${golden}`] : [];
    }),
  );
}

export function readGoldens(): Goldens {
  return goldenSchema.parse(JSON.parse(readFileSync(goldensPath, 'utf8')));
}

export function writeGoldens(goldens: Goldens): void {
  writeFileSync(goldensPath, `${JSON.stringify(goldens, undefined, 2)}\n`);
}
