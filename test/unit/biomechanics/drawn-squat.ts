import type { JointMotion, JointName } from '../../../worker/biomechanics/joint-motion.ts';

const shank = 0.43;
const thigh = 0.42;
const trunk = 0.52;

/** At the lowest point. */
export const drawnKneeDegrees = 110;
export const drawnTrunkTilt = 35;

/**
 * Two squats, facing +x: two seconds down, a second up, each after a second of standing. At the lowest the shank leans by
 * 35 degrees, so that the thigh slopes by 110 - 35 from upright.
 */
export function drawnSquats(framesPerSecond = 30): JointMotion {
  const frames = 10 * framesPerSecond;
  const timesSeconds = Float64Array.from({ length: frames }, (_, frame) => frame / framesPerSecond);
  const joints: Partial<Record<JointName, Float64Array>> = {};
  const put = (joint: JointName, frame: number, point: readonly number[]): void => {
    joints[joint] ??= new Float64Array(frames * 3);
    joints[joint].set(point, frame * 3);
  };
  timesSeconds.forEach((time, frame) => {
    const depth = depthAt(time % 5);
    const [lean, knee, tilt] = [35 * depth, drawnKneeDegrees * depth, drawnTrunkTilt * depth].map(
      (degrees) => (degrees * Math.PI) / 180,
    ) as [number, number, number];
    const [kneeX, kneeZ] = [shank * Math.sin(lean), 0.08 + shank * Math.cos(lean)];
    const [hipX, hipZ] = [kneeX - thigh * Math.sin(knee - lean), kneeZ + thigh * Math.cos(knee - lean)];
    const [topX, topZ] = [hipX + trunk * Math.sin(tilt), hipZ + trunk * Math.cos(tilt)];
    for (const [side, y] of [['left', 1] as const, ['right', -1] as const]) {
      put(`${side}_ankle`, frame, [0, 0.15 * y, 0.08]);
      put(`${side}_heel`, frame, [-0.06, 0.15 * y, 0.03]);
      put(`${side}_foot_index`, frame, [0.18, 0.15 * y, 0.03]);
      put(`${side}_knee`, frame, [kneeX, 0.15 * y, kneeZ]);
      put(`${side}_hip`, frame, [hipX, 0.12 * y, hipZ]);
      put(`${side}_shoulder`, frame, [topX, 0.19 * y, topZ]);
      put(`${side}_elbow`, frame, [topX, 0.25 * y, topZ - 0.28]);
      put(`${side}_wrist`, frame, [topX + 0.1, 0.2 * y, topZ - 0.05]);
    }
  });
  return { timesSeconds, joints, isGrounded: false };
}

/** 0 standing, 1 lowest. */
function depthAt(seconds: number): number {
  const ease = (share: number): number => (1 - Math.cos(Math.PI * Math.min(1, Math.max(0, share)))) / 2;
  return seconds < 3 ? ease((seconds - 1) / 2) : 1 - ease(seconds - 3);
}
