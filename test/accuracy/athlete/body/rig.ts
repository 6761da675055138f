import { add, mirror, radiansPerDegree, scale, type Vector3 } from '../vector.ts';
import { type BodyLengths, type BodyParameters, bodyLengths } from './anthropometry.ts';

export const sides = ['left', 'right'] as const;
export type BodySide = (typeof sides)[number];

const middleBones = ['pelvis', 'lumbar', 'thorax', 'neck', 'head'] as const;
/**
 * `…Half` bones turn half of their joint and keep its volume; `…Twist` bones carry the turn about the limb's own axis,
 * which the bone before them does not.
 */
const sideBones = [
  'clavicle',
  'shoulderHalf',
  'upperArm',
  'upperArmTwist',
  'elbowHalf',
  'forearm',
  'forearmTwist',
  'hand',
  'hipHalf',
  'thigh',
  'kneeHalf',
  'shank',
  'foot',
  'toes',
] as const;

export type SideBone = (typeof sideBones)[number];
export type BoneName = (typeof middleBones)[number] | `${BodySide}-${SideBone}`;

/** Order of the bones in every array that goes to the renderer. */
export const boneNames: readonly BoneName[] = [
  ...middleBones,
  ...sides.flatMap((side) => sideBones.map((bone): BoneName => `${side}-${bone}`)),
];

export function boneIndex(name: BoneName): number {
  return boneNames.indexOf(name);
}

/** The legs rest this far apart, so that the thighs' surfaces do not melt into one. */
export const restLegSpreadDegrees = 12;

/** Joint centres of one side. */
export interface SideJoints {
  readonly clavicle: Vector3;
  readonly shoulder: Vector3;
  readonly elbow: Vector3;
  readonly wrist: Vector3;
  readonly hip: Vector3;
  readonly knee: Vector3;
  readonly ankle: Vector3;
  /** Under the first toe's base joint: where the foot bends. */
  readonly ball: Vector3;
}

/**
 * The body at rest: standing at the origin, facing +x (home plate), arms out to the sides with thumbs up,
 * legs straight and a little apart. Every bone's rotation is measured from here.
 */
export interface Rig {
  readonly parameters: BodyParameters;
  readonly lengths: BodyLengths;
  readonly pelvis: Vector3;
  readonly lumbar: Vector3;
  readonly thorax: Vector3;
  readonly neck: Vector3;
  readonly head: Vector3;
  readonly left: SideJoints;
  readonly right: SideJoints;
}

export function createRig(parameters: BodyParameters): Rig {
  const lengths = bodyLengths(parameters);
  const hip: Vector3 = [0, lengths.hipHalfSpacing, lengths.hipHeight];
  const shoulder: Vector3 = [-0.008 * lengths.height, lengths.shoulderHalfSpacing, lengths.shoulderHeight];
  const out: Vector3 = [0, 1, 0];
  const spread = restLegSpreadDegrees * radiansPerDegree;
  const down: Vector3 = [0, Math.sin(spread), -Math.cos(spread)];
  const elbow = add(shoulder, scale(out, lengths.upperArm));
  const knee = add(hip, scale(down, lengths.thigh));
  const ankle = add(knee, scale(down, lengths.shank));
  const left: SideJoints = {
    clavicle: [0.012 * lengths.height, 0.015 * lengths.height, lengths.shoulderHeight],
    shoulder,
    elbow,
    wrist: add(elbow, scale(out, lengths.forearm)),
    hip,
    knee,
    ankle,
    ball: add(ankle, [0.072 * lengths.height, 0, -0.036 * lengths.height]),
  };
  return {
    parameters,
    lengths,
    pelvis: [0, 0, lengths.hipHeight],
    lumbar: [-0.012 * lengths.height, 0, lengths.lumbarHeight],
    thorax: [-0.018 * lengths.height, 0, lengths.thoraxHeight],
    neck: [-0.016 * lengths.height, 0, lengths.neckHeight],
    head: [-0.002 * lengths.height, 0, lengths.headHeight],
    left,
    right: mirrorJoints(left),
  };
}

export function mirrorJoints(joints: SideJoints): SideJoints {
  return {
    clavicle: mirror(joints.clavicle),
    shoulder: mirror(joints.shoulder),
    elbow: mirror(joints.elbow),
    wrist: mirror(joints.wrist),
    hip: mirror(joints.hip),
    knee: mirror(joints.knee),
    ankle: mirror(joints.ankle),
    ball: mirror(joints.ball),
  };
}
