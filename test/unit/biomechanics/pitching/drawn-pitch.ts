import type { JointMotion, JointName } from '../../../../worker/biomechanics/joint-motion.ts';
import { createRig } from '../../../accuracy/athlete/body/rig.ts';
import { stand } from '../../../accuracy/athlete/body/stand.ts';
import { pitchTimes } from '../../../accuracy/athlete/motion/pitch-keys.ts';
import { createPitchMotion } from '../../../accuracy/athlete/motion/pitch-motion.ts';
import { place } from '../../../accuracy/athlete/vector.ts';

const parts = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'] as const;
export const drawnHeightMetres = 1.86;
/** Seconds on the drawn pitch's clock: what the joints were made with. */
export const drawnTimes = pitchTimes;

/** The sample's right-handed pitch as joint centres without error: +x to home plate, z up. */
export function drawnPitch(options: {
  framesPerSecond: number;
  fromSeconds?: number;
  toSeconds?: number;
  /** The middle of the skull stands in for the nose. */
  withHead?: boolean;
}): JointMotion {
  const { framesPerSecond, fromSeconds = 0.1, toSeconds = 2 } = options;
  const rig = createRig({ heightMetres: drawnHeightMetres, build: 1 });
  const pitch = createPitchMotion(rig);
  const frames = Math.round((toSeconds - fromSeconds) * framesPerSecond);
  const timesSeconds = Float64Array.from({ length: frames }, (_, frame) => fromSeconds + frame / framesPerSecond);
  const joints: Partial<Record<JointName, Float64Array>> = {};
  timesSeconds.forEach((time, frame) => {
    const body = stand(rig, pitch.posture(time));
    if (options.withHead) {
      joints.nose ??= new Float64Array(frames * 3);
      joints.nose.set(place(body.bones.head, rig.head), frame * 3);
    }
    for (const side of ['left', 'right'] as const) {
      for (const part of parts) {
        joints[`${side}_${part}`] ??= new Float64Array(frames * 3);
        joints[`${side}_${part}`]?.set(body[side][part], frame * 3);
      }
    }
  });
  return { timesSeconds, joints, isGrounded: true, towardsTarget: [1, 0, 0] };
}

/** Every point moved by a function of it. */
export function mapPoints(
  motion: JointMotion,
  move: (point: readonly [number, number, number]) => readonly number[],
): JointMotion {
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points]) => {
      const moved = new Float64Array(points.length);
      for (let at = 0; at < points.length; at += 3) {
        moved.set(move([points[at] as number, points[at + 1] as number, points[at + 2] as number]), at);
      }
      return [name, moved];
    }),
  );
  return { ...motion, joints };
}

/** The same motion in a mirror: the other hand throws. */
export function mirrored(motion: JointMotion): JointMotion {
  const { joints } = mapPoints(motion, ([x, y, z]) => [x, -y, z]);
  const swapped = Object.fromEntries(
    Object.entries(joints).map(([name, points]) => [
      name.replace(/^left|^right/, (side) => (side === 'left' ? 'right' : 'left')),
      points,
    ]),
  );
  return { ...motion, joints: swapped };
}
