import type { Skeleton } from '../../../models/skeletons.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import { measureMotion } from '../../../worker/pipeline/measure-motion.ts';
import type { ClipTruth, TruthAngle } from '../clip-truth.ts';

/** The product's name of each angle that the truth knows. */
const productAngles = {
  leftElbow: 'left_elbow_flexion',
  rightElbow: 'right_elbow_flexion',
  leftKnee: 'left_knee_flexion',
  rightKnee: 'right_knee_flexion',
  trunkTilt: 'trunk_tilt',
  hipShoulderSeparation: 'hip_shoulder_separation',
} as const satisfies Record<TruthAngle, string>;

export const truthAngles = Object.keys(productAngles) as readonly TruthAngle[];

/** Product minus truth, degrees, -180..180; NaN where the product measures nothing. */
export type AngleErrors = Readonly<Record<TruthAngle, readonly number[]>>;

export function angleErrors(truth: ClipTruth, motion: Motion, skeleton: Skeleton): AngleErrors {
  const { descriptors, angles } = measureMotion(motion, skeleton);
  const errorsOf = (name: TruthAngle): number[] => {
    const column = descriptors.findIndex(({ id }) => id === productAngles[name]);
    // The truth counts hips that lead as positive whichever hand throws, the product a turn to the right.
    const sign = name === 'hipShoulderSeparation' && truth.hand === 'left' ? -1 : 1;
    return Array.from(motion.timesSeconds, (time, index) => {
      const wanted = truth.angles[name][Math.round(time * truth.framesPerSecond)] ?? Number.NaN;
      const measured = column < 0 ? Number.NaN : (angles[index * descriptors.length + column] ?? Number.NaN);
      return wrapDegrees(sign * measured - wanted);
    });
  };
  return {
    leftElbow: errorsOf('leftElbow'),
    rightElbow: errorsOf('rightElbow'),
    leftKnee: errorsOf('leftKnee'),
    rightKnee: errorsOf('rightKnee'),
    trunkTilt: errorsOf('trunkTilt'),
    hipShoulderSeparation: errorsOf('hipShoulderSeparation'),
  };
}

function wrapDegrees(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
