import { type JointMotion, jointAt } from './joint-motion.ts';
import { cross, dot, rejection, subtract, unit } from './vectors.ts';

/**
 * Whether what is called left is the body's left: knees bend forward, so that hips, knees and ankles tell the sides
 * apart whatever they are called. Where no leg is bent or seen, the names are believed.
 */
export function areSidesTrue(motion: JointMotion): boolean {
  let sum = 0;
  for (let frame = 0; frame < motion.timesSeconds.length; frame++) {
    const across = subtract(jointAt(motion, 'left_hip', frame), jointAt(motion, 'right_hip', frame));
    for (const leg of ['left', 'right'] as const) {
      const hip = jointAt(motion, `${leg}_hip`, frame);
      const up = unit(subtract(hip, jointAt(motion, `${leg}_ankle`, frame)));
      const forward = rejection(subtract(jointAt(motion, `${leg}_knee`, frame), hip), up);
      // Bent knees count more: `forward` is as long as the knee stands out.
      const turn = dot(across, cross(up, forward));
      if (Number.isFinite(turn)) sum += turn;
    }
  }
  return sum >= 0;
}
