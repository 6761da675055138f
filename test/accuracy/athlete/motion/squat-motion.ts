import { createRandom } from '../../../../worker/biomechanics/random.ts';
import { leftArmAngles, rightArmAngles, solveTwoBones } from '../body/limb-solver.ts';
import type { BodySide, Rig } from '../body/rig.ts';
import type { Vector3 } from '../vector.ts';
import { type Keys, smoothCurve } from './curve.ts';
import type { ArmAngles, Posture } from './posture.ts';

export interface SquatMotion {
  readonly durationSeconds: number;
  posture(timeSeconds: number): Posture;
}

/** How far down a repetition goes (knees 75 to 125 degrees) and how long it takes: judgement, from films of lifters. */
const repetitions = 3;

/**
 * Body-weight squats on level ground, arms held out in front: the pelvis sinks and moves back, the trunk leans, the feet
 * stay where they are.
 */
export function createSquatMotion(rig: Rig, seed: number): SquatMotion {
  const random = createRandom(seed * 69069 + 3);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const { height, thigh, shank } = rig.lengths;
  const stance = between(0.085, 0.13) * height;
  const toesOut = between(8, 28);
  const deepest = between(0.52, 0.78) * thigh;
  const back = between(0.62, 0.82);
  const lean = between(28, 44);
  // Knees not quite straight: a leg at its full length could not keep the foot where it stands.
  const aside = stance - rig.lengths.hipHalfSpacing;
  const rest = Math.sqrt((0.986 * (thigh + shank)) ** 2 - aside ** 2) + rig.lengths.ankleHeight;
  const keys: number[][] = [];
  const row = (time: number, depth: number, yaw: number): void => {
    const share = depth / deepest;
    keys.push([time, -back * 0.5 * (thigh * share ** 0.8) * 0.62, rest - depth, yaw, lean * share ** 0.9, share]);
  };
  let time = 0.4;
  row(0, 0, between(-2, 2));
  row(time, 0, 0);
  for (let index = 0; index < repetitions; index++) {
    const depth = deepest * between(0.9, 1);
    const down = between(0.75, 1.1);
    const up = between(0.6, 0.95);
    const yaw = between(-3, 3);
    row(time + down * 0.5, depth * 0.48, yaw * 0.5);
    row(time + down, depth, yaw);
    row(time + down + 0.1, depth, yaw);
    row(time + down + 0.1 + up * 0.5, depth * 0.5, yaw * 0.5);
    time += down + 0.1 + up;
    row(time, 0, 0);
    time += between(0.12, 0.3);
    row(time, 0, 0);
  }
  const curve = smoothCurve(keys as Keys, 0.07);
  const look = between(-4, 8);
  const bend = between(0, 1);
  const arms: Record<BodySide, (share: number) => ArmAngles> = {
    left: (share) => armsOut(rig, 'left', share, bend),
    right: (share) => armsOut(rig, 'right', share, bend),
  };
  const ballHeight = 0.0055 * height;
  const ballForward = rig.left.ball[0] - rig.left.ankle[0];
  return {
    durationSeconds: time + 0.2,
    posture(timeSeconds) {
      const [x = 0, z = 0, yaw = 0, forward = 0, share = 0] = curve(timeSeconds);
      const foot = (side: 1 | -1): Posture['leftFoot'] => {
        const turn = (toesOut * side * Math.PI) / 180;
        return {
          ball: [ballForward * Math.cos(turn), side * stance + ballForward * Math.sin(turn), ballHeight],
          yaw: toesOut * side,
          pitch: 0,
        };
      };
      const pelvisPosition: Vector3 = [x + 0.02 * shank, 0, Math.min(z, rest)];
      return {
        pelvisPosition,
        pelvis: { yaw, forward: forward * 0.8, left: 0 },
        thorax: { yaw, forward, left: 0 },
        head: { yaw, forward: forward * 0.25 + look, left: 0 },
        leftArm: arms.left(share),
        rightArm: arms.right(share),
        leftFoot: foot(1),
        rightFoot: foot(-1),
      };
    },
  };
}

/** Hands from beside the thighs to in front of the chest, as a counterweight. */
function armsOut(rig: Rig, side: BodySide, share: number, bend: number): ArmAngles {
  const solve = side === 'left' ? leftArmAngles : rightArmAngles;
  const outward = side === 'left' ? 1 : -1;
  const { shoulder } = rig[side];
  const { upperArm, forearm } = rig.lengths;
  const reach = (upperArm + forearm) * (0.96 - 0.16 * bend * share);
  const raised = (8 + 72 * Math.max(0, Math.min(1, share))) * (Math.PI / 180);
  const target: Vector3 = [
    shoulder[0] + reach * Math.sin(raised) * 0.995,
    shoulder[1] + outward * (0.06 - 0.1 * share) * reach,
    shoulder[2] - reach * Math.cos(raised),
  ];
  const { middle, end } = solveTwoBones({
    root: shoulder,
    target,
    firstLength: upperArm,
    secondLength: forearm,
    pole: [-0.6, outward * 0.5, -0.7],
  });
  return { ...solve(shoulder, middle, end), pronation: 20 + 50 * share, wristFlexion: 4 };
}
