/** A kind of motion, as data: what its moments, metrics and norms are. The next sport is one more of these. */
import type { JointUncertainty } from './disturb-joints.ts';
import type { JointMotion } from './joint-motion.ts';
import type { MetricDescription, MetricNorm, MetricValue } from './metric.ts';
import type { Hand } from './pitching/throwing-side.ts';
import type { SlowMotionGuess } from './slow-motion.ts';

/** Seconds in the motion's own clock. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export interface ProfileEvent {
  readonly id: string;
  /** "Foot contact". */
  readonly label: string;
  /** In a sentence: "the top of the leg lift". */
  readonly phrase: string;
}

export interface ProfilePhase {
  readonly id: string;
  readonly label: string;
  /** Ids of events. */
  readonly from: string;
  readonly to: string;
}

export interface TimedEvent {
  readonly timeSeconds: number;
  /** Half of the 90 % interval; 0 for what a person has set. */
  readonly uncertaintySeconds: number;
}

export interface MeasuredMetric {
  readonly metric: MetricDescription;
  readonly value: MetricValue;
  /** As it is to be held against this motion; offset included by its own field. */
  readonly norm?: MetricNorm | undefined;
}

export interface MeasuredRepetition extends Stretch {
  /** Absent where the motion is not one of a hand. */
  readonly hand?: Hand | undefined;
  /** Standing height, said or estimated; NaN where neither. */
  readonly heightMetres: number;
  /** Of this stretch alone, on the clock of the whole, low-passed. */
  readonly motion: JointMotion;
  /** By id; what was not found is absent. */
  readonly events: Readonly<Record<string, TimedEvent>>;
  /** Every metric of the profile, in its order. */
  readonly metrics: readonly MeasuredMetric[];
}

export interface MeasureOptions {
  /** As it was recorded. */
  readonly motion: JointMotion;
  readonly uncertainty: JointUncertainty;
  /** Found, when absent. */
  readonly hand?: Hand | undefined;
  /** Estimated from the segments' lengths, when absent. */
  readonly heightMetres?: number | undefined;
  /** What a person has cut out, each with the moments that were set by hand; found, when absent. */
  readonly repetitions?: readonly (Stretch & { readonly events?: Readonly<Record<string, number>> })[] | undefined;
  /** How often everything is measured again with errors drawn anew; 0: values without intervals. See `measureWithIntervals`. */
  readonly draws?: number;
}

export interface MotionProfile {
  readonly id: string;
  readonly label: string;
  /** In the order of time. */
  readonly events: readonly ProfileEvent[];
  readonly phases: readonly ProfilePhase[];
  readonly metrics: readonly MetricDescription[];
  /** Low-pass of the motion before it is measured. */
  readonly cutoffHertz: number;
  /** Throws FrameOrderError. Empty where the motion is not seen. */
  readonly measure: (options: MeasureOptions) => MeasuredRepetition[];
  /**
   * Whether a motion, as recorded, on the clip's own clock, was filmed faster than it is stored. Undefined where the
   * motion is not seen; absent where nothing in this kind of motion tells.
   */
  readonly recogniseSlowMotion?: ((motion: JointMotion, hand?: Hand) => SlowMotionGuess | undefined) | undefined;
}
