/** Moments and metrics of a pitch, as the product measures them, against the same of the joints without error. */
import type { Skeleton } from '../../../models/skeletons.ts';
import type { JointUncertainty } from '../../../worker/biomechanics/disturb-joints.ts';
import { type JointMotion, leastVisibility, toJointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import { singleCameraErrors, uncertaintyOf } from '../../../worker/biomechanics/known-errors.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import type { MeasuredRepetition } from '../../../worker/biomechanics/profile.ts';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import type { ClipTruth } from '../clip-truth.ts';
import { productEvents, type ScoredEvent, scoredEvents, truthMotion } from './truth-motion.ts';

/** A moment that the clip shows. Seconds; NaN where it was not found. */
export interface EventScore {
  readonly event: ScoredEvent;
  readonly errorSeconds: number;
  /** Half of the 90 % interval. */
  readonly uncertaintySeconds: number;
}

/** A metric that the joints without error give. In the metric's own unit; NaN where the product measures nothing. */
export interface MetricScore {
  readonly id: string;
  readonly truth: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface PitchScore {
  /** Whether the throwing hand was found. What follows was measured with the right one, as a coach would set it. */
  readonly isHandFound: boolean;
  readonly events: readonly EventScore[];
  readonly metrics: readonly MetricScore[];
}

/** One filmed pitch: what is known of it, and what was found. */
export interface FilmedPitch {
  readonly truth: ClipTruth;
  readonly found: JointMotion;
}

export function filmedPitch(truth: ClipTruth, motion: Motion, { names }: Skeleton): FilmedPitch {
  return { truth, found: toJointMotion({ motion, names, leastVisibility }) };
}

export const exact: JointUncertainty = { sigmaMetres: () => 0, correlationSeconds: 1 };

/** `uncertainty` and `draws`: the product's own, when absent. */
export function scorePitch(
  { truth, found }: FilmedPitch,
  options: { readonly uncertainty?: JointUncertainty | undefined; readonly draws?: number | undefined } = {},
): PitchScore {
  const { uncertainty = uncertaintyOf(singleCameraErrors), draws } = options;
  const { hand } = truth;
  const events = productEvents(truth.events);
  const measure = (hand?: 'left' | 'right'): MeasuredRepetition | undefined =>
    strongest(
      profiles.pitching.measure({ motion: found, uncertainty, hand, ...(draws === undefined ? {} : { draws }) }),
      events.release,
    );
  const measured = measure(hand);
  const fastest = profiles.pitching.measure({ motion: found, uncertainty: exact, draws: 1 })[0];
  return {
    isHandFound: fastest?.hand === hand,
    events: scoredEvents.flatMap((event): EventScore[] => {
      const time = events[event];
      if (time === undefined) return [];
      const own = measured?.events[event];
      return [
        {
          event,
          errorSeconds: own === undefined ? Number.NaN : own.timeSeconds - time,
          uncertaintySeconds: own?.uncertaintySeconds ?? Number.NaN,
        },
      ];
    }),
    metrics: trueMetrics(truth).map(({ id, truth: wanted }): MetricScore => {
      const value = measured?.metrics.find(({ metric }) => metric.id === id)?.value;
      const known = value && 'value' in value ? value : undefined;
      const [low = Number.NaN, high = Number.NaN] = known?.interval ?? [];
      return { id, truth: wanted, value: known?.value ?? Number.NaN, low, high };
    }),
  };
}

/** Of the joints without error, at the true moments. */
export function trueMetrics(truth: ClipTruth): { readonly id: string; readonly truth: number }[] {
  const motion = truthMotion(truth);
  const { timesSeconds } = motion;
  const [repetition] = profiles.pitching.measure({
    ...{ motion, uncertainty: exact, draws: 1, hand: truth.hand, heightMetres: truth.athleteHeightMetres },
    repetitions: [
      {
        fromSeconds: Number(timesSeconds[0]),
        toSeconds: Number(timesSeconds[timesSeconds.length - 1]),
        events: productEvents(truth.events),
      },
    ],
  });
  const shown = productEvents(truth.events);
  const isShown = (event: string): boolean => event in shown;
  return (repetition?.metrics ?? []).flatMap(({ metric, value }) =>
    'value' in value && (peaksLate.has(metric.id) || metric.events.every(isShown))
      ? [{ id: metric.id, truth: value.value }]
      : [],
  );
}

/** Looked for from the top of the leg lift on, but reached about foot contact: a clip that begins later shows them too. */
const peaksLate: ReadonlySet<string> = new Set([
  'maximumHipShoulderSeparation',
  'pelvisPeakRotationSpeed',
  'trunkPeakRotationSpeed',
  'pelvisToTrunkPeakLag',
]);

/** The one that holds the throw. */
function strongest(
  repetitions: readonly MeasuredRepetition[],
  releaseSeconds: number | undefined,
): MeasuredRepetition | undefined {
  return (
    repetitions.find(
      ({ fromSeconds, toSeconds }) =>
        releaseSeconds === undefined || (fromSeconds <= releaseSeconds && releaseSeconds <= toSeconds),
    ) ?? repetitions[0]
  );
}
