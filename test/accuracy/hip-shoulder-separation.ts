import { hipShoulderSeparationDegrees as separationToTheRight } from '../../worker/biomechanics/body-angles.ts';
import { midpoint, subtract, type Vector } from '../../worker/biomechanics/vectors.ts';

export interface TrunkPoints {
  /** Metres, any right-handed axes. */
  readonly leftShoulder: Vector;
  readonly rightShoulder: Vector;
  readonly leftHip: Vector;
  readonly rightHip: Vector;
  /** The throwing hand. */
  readonly hand: 'left' | 'right';
}

/** The product's angle, counted by what it means in a throw: positive when the hips lead, whichever hand throws. */
export function hipShoulderSeparationDegrees(points: TrunkPoints): number {
  const { leftShoulder, rightShoulder, leftHip, rightHip, hand } = points;
  const degrees = separationToTheRight({
    shoulders: subtract(rightShoulder, leftShoulder),
    hips: subtract(rightHip, leftHip),
    trunk: subtract(midpoint(leftShoulder, rightShoulder), midpoint(leftHip, rightHip)),
  });
  return hand === 'right' ? degrees : -degrees;
}
