import { leftArmAngles, rightArmAngles, solveTwoBones } from '../body/limb-solver.ts';
import type { BodySide, Rig } from '../body/rig.ts';
import type { Vector3 } from '../vector.ts';
import { type Curve, type Keys, smoothCurve } from './curve.ts';
import { type Ground, groundHeight } from './mound.ts';
import { type PitchScript, referenceHeightMetres, samplePitchScript, type Turn } from './pitch-keys.ts';
import type { ArmAngles, FootPlace, Lean, Posture } from './posture.ts';

export type PitchEvents = PitchScript['events'];

/** A motion as a function of time. */
export interface PitchMotion {
  readonly durationSeconds: number;
  /** Seconds from the start of the clip. */
  readonly events: PitchEvents;
  posture(timeSeconds: number): Posture;
}

/** Widths of the smoothing, seconds: slow parts of the body move softly, the arms must keep their speed. */
const smoothing = { trunk: 0.014, head: 0.03, arm: 0.0075, foot: 0.012 } as const;

export function createPitchMotion(
  rig: Rig,
  script: PitchScript = samplePitchScript,
  ground: Ground = groundHeight,
): PitchMotion {
  const size = rig.lengths.height / referenceHeightMetres;
  const arm = (side: BodySide, keys: Keys): Curve =>
    smoothCurve([...handsTogether(rig, side, size, script.hands), ...keys], smoothing.arm);
  const curves = {
    pelvis: smoothCurve(script.pelvis, smoothing.trunk),
    thorax: smoothCurve(script.thorax, smoothing.trunk),
    head: smoothCurve(script.head, smoothing.head),
    leftArm: arm('left', script.gloveArm),
    rightArm: arm('right', script.throwingArm),
    leftFoot: smoothCurve(script.leadFoot, smoothing.foot),
    rightFoot: smoothCurve(script.pivotFoot, smoothing.foot),
  };
  return {
    durationSeconds: script.durationSeconds,
    events: script.events,
    posture(timeSeconds) {
      const [x = 0, y = 0, z = 0, ...lean] = curves.pelvis(timeSeconds);
      return {
        pelvisPosition: [x * size, y * size, z * size],
        pelvis: turned(leanOf(lean), script.pelvisTurn, timeSeconds),
        thorax: turned(leanOf(curves.thorax(timeSeconds)), script.thoraxTurn, timeSeconds),
        head: leanOf(curves.head(timeSeconds)),
        leftArm: armOf(curves.leftArm(timeSeconds)),
        rightArm: armOf(curves.rightArm(timeSeconds)),
        leftFoot: footOf(curves.leftFoot, timeSeconds, size, ground),
        rightFoot: footOf(curves.rightFoot, timeSeconds, size, ground),
      };
    },
  };
}

function turned(lean: Lean, turn: Turn | undefined, timeSeconds: number): Lean {
  if (!turn) return lean;
  return { ...lean, yaw: lean.yaw + turn.degrees * normalShare((timeSeconds - turn.atSeconds) / turn.spreadSeconds) };
}

/** Normal distribution's share below z (Abramowitz & Stegun 1964, 26.2.17; error below 1e-7). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z > 0 ? 1 - above : above;
}

/** Both hands before the chest, ball hidden in the glove: [time, elbow and shoulder angles, pronation, wrist flexion]. */
function handsTogether(rig: Rig, side: BodySide, size: number, keys: Keys): Keys {
  const solve = side === 'left' ? leftArmAngles : rightArmAngles;
  const outward = side === 'left' ? 1 : -1;
  const { shoulder } = rig[side];
  return keys.map(([time = 0, forward = 0, up = 0]) => {
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
  });
}

function leanOf([yaw = 0, forward = 0, left = 0]: readonly number[]): Lean {
  return { yaw, forward, left };
}

function armOf(values: readonly number[]): ArmAngles {
  const [abduction = 0, horizontalAbduction = 0, externalRotation = 0, elbowFlexion = 0, pronation = 0, wrist = 0] =
    values;
  return { abduction, horizontalAbduction, externalRotation, elbowFlexion, pronation, wristFlexion: wrist };
}

function footOf(curve: Curve, timeSeconds: number, size: number, groundAt: Ground): FootPlace {
  const [x = 0, y = 0, height = 0, yaw = 0, pitch = 0] = curve(timeSeconds);
  const spot: Vector3 = [x * size, y * size, 0];
  const ground = groundAt(spot[0]);
  // A flat foot lies along the slope; a lifted one does not care.
  const slope = groundAt(spot[0] + 0.05) - groundAt(spot[0] - 0.05);
  const downhill = (Math.atan2(-slope, 0.1) * 180) / Math.PI;
  const near = Math.max(0, 1 - height / 0.1) * Math.cos((yaw * Math.PI) / 180);
  return { ball: [spot[0], spot[1], ground + height * size], yaw, pitch: pitch + downhill * near };
}
