import type { JointMotion } from '../joint-motion.ts';
import type { MeasuredRepetition } from '../profile.ts';
import type { Vector } from '../vectors.ts';

/** The motion in a mirror that stands upright: y is turned round, left is right. */
export function mirrorMotion(motion: JointMotion): JointMotion {
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points]) => [
      name.replace(/^(left|right)_/, (side) => (side === 'left_' ? 'right_' : 'left_')),
      points.map((value, i) => (i % 3 === 1 ? -value : value)),
    ]),
  );
  const { towardsTarget, lineOfSight } = motion;
  return {
    ...{ ...motion, joints },
    ...(towardsTarget && { towardsTarget: reflected(towardsTarget) }),
    ...(lineOfSight && { lineOfSight: reflected(lineOfSight) }),
  };
}

function reflected([x = Number.NaN, y = Number.NaN, z = Number.NaN]: Vector): Vector {
  return [x, -y, z];
}

export type HandedMotion = Pick<MeasuredRepetition, 'hand' | 'motion'>;

/** Whether the two throw with different hands: then the reference is mirrored. */
export function isOtherHand(athlete: HandedMotion, reference: HandedMotion): boolean {
  return athlete.hand !== undefined && reference.hand !== undefined && athlete.hand !== reference.hand;
}
