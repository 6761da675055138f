import { type JointMotion, jointAt } from '../../../worker/biomechanics/joint-motion.ts';
import type { Hand } from '../../../worker/biomechanics/pitching/throwing-side.ts';
import { add, cross, length, scale, subtract, type Vector } from '../../../worker/biomechanics/vectors.ts';

/** Ankles farther apart than in any stance are those of a stride. */
const strideMetres = 0.6;

/**
 * Where "front" looks from, over the ground, length 1, in the space of the view. Where the motion says where its throw
 * goes, that; of a throw, the direction of the stride, rear to lead ankle where they are farthest apart; else where the
 * hips face on the average. Towards the camera where nothing of it is seen.
 */
export function forwardOfMotion(motion: JointMotion, hand: Hand | undefined): Vector {
  const stated = motion.towardsTarget;
  if (stated !== undefined) return levelled(stated) ?? towardsCamera;
  const stride = hand === undefined ? undefined : widestStance(motion, hand);
  return levelled(stride ?? meanFacing(motion)) ?? towardsCamera;
}

const towardsCamera: Vector = [0, 0, 1];

/** From z up to the space of the view. Undefined without a direction over the ground. */
function levelled([x = Number.NaN, away = Number.NaN]: Vector): Vector | undefined {
  const long = Math.hypot(x, away);
  return long > 1e-6 ? [x / long, 0, -away / long] : undefined;
}

function widestStance(motion: JointMotion, hand: Hand): Vector | undefined {
  const lead = hand === 'right' ? 'left_ankle' : 'right_ankle';
  let widest: Vector | undefined;
  let most = strideMetres;
  for (let frame = 0; frame < motion.timesSeconds.length; frame++) {
    const [x = 0, away = 0] = subtract(jointAt(motion, lead, frame), jointAt(motion, `${hand}_ankle`, frame));
    const wide = Math.hypot(x, away);
    if (!(wide > most)) continue;
    most = wide;
    widest = [x, away, 0];
  }
  return widest;
}

function meanFacing(motion: JointMotion): Vector {
  let sum: Vector = [0, 0, 0];
  for (let frame = 0; frame < motion.timesSeconds.length; frame++) {
    const left = subtract(jointAt(motion, 'left_hip', frame), jointAt(motion, 'right_hip', frame));
    const facing = cross(left, [0, 0, 1]);
    const long = length(facing);
    if (long > 0) sum = add(sum, scale(facing, 1 / long));
  }
  return sum;
}
