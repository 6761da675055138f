/** What differs between two repetitions, each difference with what is not known about it. */
import type { MetricNorm, MetricUnit } from '../metric.ts';
import type { MeasuredMetric, MeasuredRepetition } from '../profile.ts';
import { comparePhases, type PhaseDifference } from './compare-phases.ts';
import { measureSimilarity, type Similarity, type SimilarityOptions } from './similarity.ts';

export interface MetricDifference {
  readonly id: string;
  readonly label: string;
  readonly unit: MetricUnit;
  /** As each was measured. */
  readonly athlete: number;
  readonly reference: number;
  /** Athlete less reference, after each one's definition was brought to the norm's (its `offset`). */
  readonly difference: number;
  /** 90 % for the difference of the two motions: errors of both, and how much one throw differs from the next. */
  readonly interval: readonly [low: number, high: number];
  /** Beyond all that: the interval does not hold 0. */
  readonly isDifference: boolean;
  /** The difference in standard deviations between athletes; absent without a norm. */
  readonly effect?: number;
  /** The difference in halves of its interval: above 1, it is one. */
  readonly certainty: number;
}

export interface UncomparedMetric {
  readonly id: string;
  readonly label: string;
  /** One sentence. */
  readonly notMeasurable: string;
}

/** Plain data: survives JSON. */
export interface RepetitionComparison {
  readonly metrics: readonly (MetricDifference | UncomparedMetric)[];
  readonly phases: readonly PhaseDifference[];
  /** Absent where no joint is seen in both. */
  readonly similarity?: Similarity;
}

export interface ComparisonOptions extends Omit<SimilarityOptions, 'athlete' | 'reference'> {
  readonly athlete: MeasuredRepetition;
  readonly reference: MeasuredRepetition;
  /** How many repetitions the reference is the mean of (1): the mean of several differs less from the next one. */
  readonly referenceCount?: number;
}

/** Half of a 90 % interval, in standard deviations. */
const halfInterval = 1.645;

/**
 * The half-width of a difference is the root of the sum of squares of both intervals' and of the norm's spread within
 * a session, once for each throw: one throw stands for a thrower only as well as his throws are alike. Errors that both
 * share (the same camera, the same day) are not taken off: where they are, intervals are wider than they need be.
 */
export function compareRepetitions(options: ComparisonOptions): RepetitionComparison {
  const { athlete, reference, phases, referenceCount = 1 } = options;
  const others = new Map(reference.metrics.map((measured) => [measured.metric.id, measured]));
  const similarity = measureSimilarity(options);
  return {
    metrics: athlete.metrics.flatMap((own) => {
      const other = others.get(own.metric.id);
      return other === undefined ? [] : [compared(own, other, referenceCount)];
    }),
    phases: comparePhases({ athlete, reference, phases }),
    ...(similarity && { similarity }),
  };
}

function compared(
  athlete: MeasuredMetric,
  reference: MeasuredMetric,
  referenceCount: number,
): MetricDifference | UncomparedMetric {
  const { id, label, unit } = athlete.metric;
  const [own, other] = [athlete.value, reference.value];
  if (!('value' in own)) return { id, label, notMeasurable: own.notMeasurable };
  if (!('value' in other)) return { id, label, notMeasurable: `Of the reference: ${other.notMeasurable}` };
  const difference = own.value - offsetOf(athlete.norm) - (other.value - offsetOf(reference.norm));
  const norm = athlete.norm ?? reference.norm;
  const throwSpread = halfInterval * (norm?.withinSession ?? 0);
  const half = Math.hypot(
    halfWidth(own.interval),
    halfWidth(other.interval),
    throwSpread * Math.sqrt(1 + 1 / referenceCount),
  );
  return {
    ...{ id, label, unit, athlete: own.value, reference: other.value, difference },
    interval: [difference - half, difference + half],
    isDifference: Math.abs(difference) > half,
    ...(norm && { effect: difference / norm.sd }),
    certainty: half > 0 ? Math.abs(difference) / half : certain(difference),
  };
}

/** Finite, so that it survives JSON. */
function certain(difference: number): number {
  return difference === 0 ? 0 : Number.MAX_VALUE;
}

function offsetOf(norm: MetricNorm | undefined): number {
  return norm?.offset?.value ?? 0;
}

function halfWidth([low, high]: readonly [number, number] = [0, 0]): number {
  return (high - low) / 2;
}
