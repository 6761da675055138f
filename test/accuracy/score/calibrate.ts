import { type JointKind, jointKinds } from './paired-frames.ts';
import type { IntervalSample } from './score-clip.ts';
import { mean, quantile } from './summary.ts';

/** Lower bounds of the visibility that the product states, best first. */
const visibilityBuckets = [0.9, 0.5, 0] as const;

export interface CalibrationRow {
  readonly kind: JointKind;
  readonly visibilityFrom: number;
  readonly visibilityTo: number;
  readonly samples: number;
  /** Of all samples, percent of the athlete's height. */
  readonly medianErrorPercent: number;
  readonly error90Percent: number;
  /** Of the samples with an interval, the share that it holds. NaN: there is none. */
  readonly coverage90: number;
  /** What every radius would have to be multiplied by so that it holds 90 %. */
  readonly scaleFor90: number;
}

/** The product's intervals against real errors, by kind of joint and stated visibility; rows without samples are left out. */
export function calibrate(samples: readonly IntervalSample[]): CalibrationRow[] {
  return jointKinds.flatMap((kind) =>
    visibilityBuckets.flatMap((visibilityFrom, bucket): CalibrationRow[] => {
      const visibilityTo = visibilityBuckets[bucket - 1] ?? 1;
      const own = samples.filter(
        (sample) =>
          sample.kind === kind &&
          sample.visibility >= visibilityFrom &&
          (sample.visibility < visibilityTo || visibilityTo === 1),
      );
      if (own.length === 0) return [];
      const errors = own.map(({ errorPercent }) => errorPercent);
      const ratios = own.map(({ errorPixels, radius90Pixels }) => errorPixels / radius90Pixels);
      return [
        {
          kind,
          visibilityFrom,
          visibilityTo,
          samples: own.length,
          medianErrorPercent: quantile(errors, 0.5),
          error90Percent: quantile(errors, 0.9),
          coverage90: mean(ratios.map((ratio) => (Number.isNaN(ratio) ? ratio : Number(ratio <= 1)))),
          scaleFor90: quantile(ratios, 0.9),
        },
      ];
    }),
  );
}
