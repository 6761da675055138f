/** What a kind of motion gives to be measured; `defineProfile` makes the rest of it. */
import type { JointMotion, JointName } from './joint-motion.ts';
import type { Metric, MetricDescription, MetricNorm } from './metric.ts';
import type { Hand } from './pitching/throwing-side.ts';
import type { MotionProfile, ProfileEvent, ProfilePhase, Stretch } from './profile.ts';

/** Seconds in the motion's own clock. What cannot be found is absent. */
export type EventTimes<EventId extends string> = Readonly<Partial<Record<EventId, number>>>;

/** One repetition, ready to be measured. */
export interface RepetitionContext<EventId extends string> {
  /** Low-pass filtered. */
  readonly motion: JointMotion;
  readonly events: EventTimes<EventId>;
  /** Standing height; NaN where neither said nor seen. */
  readonly heightMetres: number;
}

export interface ContextOptions<Context, EventId extends string> {
  /** Low-pass filtered. */
  readonly motion: JointMotion;
  /** Absent where the motion is not one of a hand. */
  readonly hand: Hand | undefined;
  /** As said or estimated; NaN where neither. */
  readonly heightMetres: number;
  /** What a person has set: other moments are looked for from these. */
  readonly events: EventTimes<EventId>;
  /** The same repetition without the errors that are drawn for this one: ways of finding that it chose stay chosen. */
  readonly undisturbed?: Context | undefined;
}

export interface ProfileDefinition<Context extends RepetitionContext<EventId>, EventId extends string> {
  readonly id: string;
  readonly label: string;
  /** In the order of time. */
  readonly events: readonly (ProfileEvent & { readonly id: EventId })[];
  readonly phases: readonly (ProfilePhase & { readonly from: EventId; readonly to: EventId })[];
  readonly metrics: readonly Metric<Context, EventId>[];
  /** Low-pass of the motion before it is measured. */
  readonly cutoffHertz: number;
  /** Whose motion it is: undefined where it is not seen. Absent where the motion is not one of a hand. */
  readonly findHand?: (motion: JointMotion) => Hand | undefined;
  /** Joints that the metrics need: errors are drawn for these alone. */
  readonly joints: (hand: Hand | undefined) => readonly JointName[];
  readonly findRepetitions: (motion: JointMotion, hand: Hand | undefined) => readonly Stretch[];
  readonly context: (options: ContextOptions<Context, EventId>) => Context;
  /** Standard deviation of what remains of a moment's error where the joints are known without one; 0 when absent. */
  readonly eventErrorsSeconds?: (context: Context) => EventTimes<EventId>;
  readonly recogniseSlowMotion?: MotionProfile['recogniseSlowMotion'];
  /** The norm as it is to be held against this motion; the metric's own, when absent. */
  readonly normFor?: (metric: MetricDescription, motion: JointMotion) => MetricNorm | undefined;
}
