import type { ArmAngles, Lean } from '../motion/posture.ts';
import {
  add,
  chain,
  cross,
  distance,
  dot,
  inverse,
  mirror,
  normalize,
  type Rotation,
  radiansPerDegree,
  rotate,
  rotationAbout,
  scale,
  subtract,
  type Vector3,
} from '../vector.ts';

const xAxis: Vector3 = [1, 0, 0];
const yAxis: Vector3 = [0, 1, 0];
const zAxis: Vector3 = [0, 0, 1];

export function leanRotation(lean: Lean): Rotation {
  return chain(rotationAbout(zAxis, lean.yaw), rotationAbout(yAxis, lean.forward), rotationAbout(xAxis, -lean.left));
}

/** Left upper arm against the trunk, without the turn about its own axis. */
export function upperArmSwing(arm: ArmAngles): Rotation {
  return chain(rotationAbout(zAxis, arm.horizontalAbduction), rotationAbout(xAxis, arm.abduction - 90));
}

export function upperArmTwist(arm: ArmAngles, share = 1): Rotation {
  return rotationAbout(yAxis, -arm.externalRotation * share);
}

export function elbowBend(arm: ArmAngles, share = 1): Rotation {
  return rotationAbout(zAxis, -arm.elbowFlexion * share);
}

export function forearmTurn(arm: ArmAngles, share = 1): Rotation {
  return rotationAbout(yAxis, arm.pronation * share);
}

export function wristBend(arm: ArmAngles): Rotation {
  return rotationAbout(zAxis, -arm.wristFlexion);
}

export interface TwoBoneRequest {
  readonly root: Vector3;
  readonly target: Vector3;
  readonly firstLength: number;
  readonly secondLength: number;
  /** The middle joint bends to this side. */
  readonly pole: Vector3;
}

export interface TwoBoneSolution {
  readonly middle: Vector3;
  /** The target, or as near to it as the limb reaches. */
  readonly end: Vector3;
}

/**
 * Two-bone inverse kinematics. Near full stretch the end falls softly behind the target, so that the middle joint
 * does not snap straight.
 */
export function solveTwoBones(request: TwoBoneRequest): TwoBoneSolution {
  const { root, firstLength, secondLength } = request;
  const reach = firstLength + secondLength;
  const along = normalize(subtract(request.target, root));
  const reached = softLimit(distance(request.target, root), reach);
  const first = (reached ** 2 + firstLength ** 2 - secondLength ** 2) / (2 * reached);
  const offset = Math.sqrt(Math.max(0, firstLength ** 2 - first ** 2));
  const aside = normalize(subtract(request.pole, scale(along, dot(request.pole, along))));
  return {
    middle: add(add(root, scale(along, first)), scale(aside, offset)),
    end: add(root, scale(along, reached)),
  };
}

function softLimit(wanted: number, reach: number): number {
  const soft = 0.012 * reach;
  const knee = reach - soft;
  return wanted <= knee ? wanted : reach - soft * Math.exp(-(wanted - knee) / soft);
}

/** Shoulder and elbow angles of a left arm whose joints are given in the trunk's own directions. */
export function leftArmAngles(
  shoulder: Vector3,
  elbow: Vector3,
  wrist: Vector3,
): Pick<ArmAngles, 'abduction' | 'horizontalAbduction' | 'externalRotation' | 'elbowFlexion'> {
  const upper = normalize(subtract(elbow, shoulder));
  const fore = normalize(subtract(wrist, elbow));
  const abduction = Math.acos(-upper[2]) / radiansPerDegree;
  const horizontalAbduction = Math.atan2(-upper[0], upper[1]) / radiansPerDegree;
  const swing = chain(rotationAbout(zAxis, horizontalAbduction), rotationAbout(xAxis, abduction - 90));
  const local = rotate(inverse(swing), fore);
  return {
    abduction,
    horizontalAbduction,
    externalRotation: Math.atan2(local[2], local[0]) / radiansPerDegree,
    elbowFlexion: Math.acos(Math.max(-1, Math.min(1, dot(upper, fore)))) / radiansPerDegree,
  };
}

/** As `leftArmAngles`, for a right arm. */
export function rightArmAngles(shoulder: Vector3, elbow: Vector3, wrist: Vector3): ReturnType<typeof leftArmAngles> {
  return leftArmAngles(mirror(shoulder), mirror(elbow), mirror(wrist));
}

/** Axes of a leg bone at rest straight down, bent about `hinge`: x forward, y hinge (to the left), z up along the bone. */
export function legAxes(top: Vector3, bottom: Vector3, hinge: Vector3): readonly [Vector3, Vector3, Vector3] {
  const z = normalize(subtract(top, bottom));
  const y = normalize(subtract(hinge, scale(z, dot(hinge, z))));
  return [cross(y, z), y, z];
}
