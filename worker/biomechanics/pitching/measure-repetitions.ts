import type { JointUncertainty } from '../disturb-joints.ts';
import { assertNoJumps, assertTimesIncrease } from '../frame-order.ts';
import type { JointMotion } from '../joint-motion.ts';
import { smoothJoints } from '../smooth-joints.ts';
import { findRepetitions, type Stretch, stretchOf } from './find-repetitions.ts';
import { type MeasuredPitch, measureWithIntervals } from './measure-with-intervals.ts';
import { fasterHand, type Hand } from './throwing-side.ts';

/** Keeps a pitch's fastest turns; a gait analysis' usual 6 Hz would flatten them. Lowered where the rate is low. */
export const pitchCutoffHertz = 20;

export interface MeasuredRepetition extends Stretch {
  readonly measured: MeasuredPitch;
}

/**
 * Every pitch of a motion, each measured in its own stretch. The motion is low-passed here.
 * Throws FrameOrderError. Empty where no throwing arm is seen.
 */
export function measureRepetitions(options: {
  /** As it was recorded. */
  readonly motion: JointMotion;
  readonly uncertainty: JointUncertainty;
  /** The faster hand, when absent. */
  readonly hand?: Hand | undefined;
  readonly heightMetres?: number | undefined;
  /** See `measureWithIntervals`. */
  readonly draws?: number;
}): MeasuredRepetition[] {
  assertTimesIncrease(options.motion.timesSeconds);
  const motion = smoothJoints(options.motion, pitchCutoffHertz);
  assertNoJumps(motion);
  const hand = options.hand ?? fasterHand(motion);
  if (hand === undefined) return [];
  return findRepetitions(motion, hand).flatMap((stretch) => {
    const before = motion.timesSeconds.findIndex((time) => time >= stretch.fromSeconds);
    const { sigmaMetres, correlationSeconds } = options.uncertainty;
    const measured = measureWithIntervals({
      ...options,
      ...{ motion: stretchOf(motion, stretch), hand, cutoffHertz: pitchCutoffHertz },
      uncertainty: { sigmaMetres: (joint, frame) => sigmaMetres(joint, before + frame), correlationSeconds },
    });
    return measured === undefined ? [] : [{ ...stretch, measured }];
  });
}
