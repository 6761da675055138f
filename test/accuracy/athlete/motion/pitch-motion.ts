import { leftArmAngles, rightArmAngles, solveTwoBones } from '../body/limb-solver.ts';
import type { BodySide, Rig } from '../body/rig.ts';
import type { Vector3 } from '../vector.ts';
import { type Curve, type Keys, smoothCurve } from './curve.ts';
import { groundHeight } from './mound.ts';
import {
  gloveArmKeys,
  headKeys,
  leadFootKeys,
  pelvisKeys,
  pitchTimes,
  pivotFootKeys,
  referenceHeightMetres,
  thoraxKeys,
  throwingArmKeys,
} from './pitch-keys.ts';
import type { ArmAngles, FootPlace, Lean, Posture } from './posture.ts';

export type PitchEvents = Readonly<Record<keyof typeof pitchTimes, number>>;

/** A motion as a function of time. */
export interface PitchMotion {
  readonly durationSeconds: number;
  /** Seconds from the start of the clip. */
  readonly events: PitchEvents;
  posture(timeSeconds: number): Posture;
}

/** Widths of the smoothing, seconds: slow parts of the body move softly, the arms must keep their speed. */
const smoothing = { trunk: 0.014, head: 0.03, arm: 0.0075, foot: 0.012 } as const;

export function createPitchMotion(rig: Rig): PitchMotion {
  const size = rig.lengths.height / referenceHeightMetres;
  const curves = {
    pelvis: smoothCurve(pelvisKeys, smoothing.trunk),
    thorax: smoothCurve(thoraxKeys, smoothing.trunk),
    head: smoothCurve(headKeys, smoothing.head),
    leftArm: smoothCurve([...handsTogether(rig, 'left', size), ...gloveArmKeys], smoothing.arm),
    rightArm: smoothCurve([...handsTogether(rig, 'right', size), ...throwingArmKeys], smoothing.arm),
    leftFoot: smoothCurve(leadFootKeys, smoothing.foot),
    rightFoot: smoothCurve(pivotFootKeys, smoothing.foot),
  };
  return {
    durationSeconds: 3,
    events: pitchTimes,
    posture(timeSeconds) {
      const [x = 0, y = 0, z = 0, ...lean] = curves.pelvis(timeSeconds);
      return {
        pelvisPosition: [x * size, y * size, z * size],
        pelvis: leanOf(lean),
        thorax: leanOf(curves.thorax(timeSeconds)),
        head: leanOf(curves.head(timeSeconds)),
        leftArm: armOf(curves.leftArm(timeSeconds)),
        rightArm: armOf(curves.rightArm(timeSeconds)),
        leftFoot: footOf(curves.leftFoot, timeSeconds, size),
        rightFoot: footOf(curves.rightFoot, timeSeconds, size),
      };
    },
  };
}

/** Both hands before the chest, ball hidden in the glove: [time, elbow and shoulder angles, pronation, wrist flexion]. */
function handsTogether(rig: Rig, side: BodySide, size: number): Keys {
  const solve = side === 'left' ? leftArmAngles : rightArmAngles;
  const outward = side === 'left' ? 1 : -1;
  const { shoulder } = rig[side];
  const hands = (time: number, forward: number, up: number): readonly number[] => {
    const hand: Vector3 = [shoulder[0] + forward * size, outward * 0.058 * size, shoulder[2] + up * size];
    const { middle, end } = solveTwoBones({
      root: shoulder,
      target: hand,
      firstLength: rig.lengths.upperArm,
      secondLength: rig.lengths.forearm,
      pole: [-0.25, outward * 0.75, -1],
    });
    const angles = solve(shoulder, middle, end);
    return [
      time,
      angles.abduction,
      angles.horizontalAbduction,
      angles.externalRotation,
      angles.elbowFlexion,
      side === 'left' ? 8 : 14,
      side === 'left' ? 12 : 20,
    ];
  };
  return [hands(0, 0.29, -0.2), hands(0.3, 0.29, -0.2), hands(0.78, 0.28, -0.02), hands(0.98, 0.29, -0.1)];
}

function leanOf([yaw = 0, forward = 0, left = 0]: readonly number[]): Lean {
  return { yaw, forward, left };
}

function armOf(values: readonly number[]): ArmAngles {
  const [abduction = 0, horizontalAbduction = 0, externalRotation = 0, elbowFlexion = 0, pronation = 0, wrist = 0] =
    values;
  return { abduction, horizontalAbduction, externalRotation, elbowFlexion, pronation, wristFlexion: wrist };
}

function footOf(curve: Curve, timeSeconds: number, size: number): FootPlace {
  const [x = 0, y = 0, height = 0, yaw = 0, pitch = 0] = curve(timeSeconds);
  const spot: Vector3 = [x * size, y * size, 0];
  const ground = groundHeight(spot[0]);
  // A flat foot lies along the slope; a lifted one does not care.
  const slope = groundHeight(spot[0] + 0.05) - groundHeight(spot[0] - 0.05);
  const downhill = (Math.atan2(-slope, 0.1) * 180) / Math.PI;
  const near = Math.max(0, 1 - height / 0.1) * Math.cos((yaw * Math.PI) / 180);
  return { ball: [spot[0], spot[1], ground + height * size], yaw, pitch: pitch + downhill * near };
}
