import type { Side } from '../../../models/skeletons.ts';
import type { JointName } from '../../../worker/biomechanics/joint-motion.ts';
import {
  add,
  cross,
  distance,
  length,
  midpoint,
  rejection,
  scale,
  subtract,
  unit,
  type Vector,
} from '../../../worker/biomechanics/vectors.ts';
import type { FigureJoint, FigureJoints } from './figure-of-motion.ts';

/** Forms that are made once and then stretched between joints. */
export type PartForm = 'thigh' | 'shank' | 'upperArm' | 'forearm' | 'neck' | 'hand' | 'foot' | 'head' | 'ball';

/** Where a form stands in one frame. */
export interface PlacedPart {
  /** The same from frame to frame: "left thigh". */
  readonly id: string;
  readonly form: PartForm;
  readonly side: Side;
  readonly isCertain: boolean;
  readonly origin: Vector;
  /** The form's own x, y and z in space, stretched. */
  readonly axes: readonly [Vector, Vector, Vector];
}

/** Radii of the balls that join limbs, metres of a body of 1.8 m. */
const jointRadii = { shoulder: 0.056, elbow: 0.0385, wrist: 0.028, hip: 0.087, knee: 0.053, ankle: 0.0365 } as const;

/** Everything of a body but its trunk. What hangs on a missing joint is left out. */
export function placeParts(joints: FigureJoints, build: number): PlacedPart[] {
  return [
    ...(['left', 'right'] as const).flatMap((side) => [
      ...limb({ joints, build, side, form: 'upperArm', from: 'shoulder', to: 'elbow' }),
      ...limb({ joints, build, side, form: 'forearm', from: 'elbow', to: 'wrist' }),
      ...limb({ joints, build, side, form: 'thigh', from: 'hip', to: 'knee' }),
      ...limb({ joints, build, side, form: 'shank', from: 'knee', to: 'ankle' }),
      ...balls(joints, build, side),
      ...hand(joints, build, side),
      ...foot(joints, build, side),
    ]),
    ...head(joints, build),
  ];
}

type LimbEnd = keyof typeof jointRadii;

interface Limb {
  readonly joints: FigureJoints;
  readonly build: number;
  readonly side: 'left' | 'right';
  readonly form: PartForm;
  readonly from: LimbEnd;
  readonly to: LimbEnd;
}

function limb({ joints, build, side, form, from, to }: Limb): PlacedPart[] {
  const start = joints[`${side}_${from}`];
  const end = joints[`${side}_${to}`];
  if (start === undefined || end === undefined) return [];
  const axes = axesAlong(subtract(end.at, start.at), build);
  if (axes === undefined) return [];
  return [{ id: `${side} ${form}`, form, side, isCertain: start.isCertain && end.isCertain, origin: start.at, axes }];
}

function balls(joints: FigureJoints, build: number, side: 'left' | 'right'): PlacedPart[] {
  return Object.entries(jointRadii).flatMap(([name, radius]): PlacedPart[] => {
    const joint = joints[`${side}_${name}` as JointName];
    if (joint === undefined) return [];
    return [{ id: `${side} ${name}`, form: 'ball', side, ...certainOf(joint), ...ballAt(joint.at, radius * build) }];
  });
}

function ballAt(origin: Vector, radius: number): Pick<PlacedPart, 'origin' | 'axes'> {
  return {
    origin,
    axes: [
      [radius, 0, 0],
      [0, radius, 0],
      [0, 0, radius],
    ],
  };
}

/** Knuckles are half of a hand; its back faces the way the elbow bends, as far as that is seen. */
function hand(joints: FigureJoints, build: number, side: 'left' | 'right'): PlacedPart[] {
  const wrist = joints[`${side}_wrist`];
  const knuckle = joints[`${side}_index`];
  if (wrist === undefined || knuckle === undefined) return [];
  const long = 0.185 * build;
  const along = subtract(knuckle.at, wrist.at);
  if (!(length(along) > 0.01)) return [];
  const axes = axesAlong(scale(unit(along), long), build);
  if (axes === undefined) return [];
  return [{ id: `${side} hand`, form: 'hand', side, ...certainOf(wrist, knuckle), origin: wrist.at, axes }];
}

/** From heel to toes, upright towards the ankle. */
function foot(joints: FigureJoints, build: number, side: 'left' | 'right'): PlacedPart[] {
  const heel = joints[`${side}_heel`];
  const toe = joints[`${side}_foot_index`];
  const ankle = joints[`${side}_ankle`];
  if (heel === undefined || toe === undefined || ankle === undefined) return [];
  const along = subtract(toe.at, heel.at);
  if (!(length(along) > 0.02)) return [];
  const forward = unit(along);
  const up = unit(rejection(subtract(ankle.at, heel.at), forward));
  if (Number.isNaN(up[0])) return [];
  const across = cross(up, forward);
  // Landmarks lie on the shoe's axis; its sole is a little below them.
  const origin = subtract(heel.at, scale(up, 0.02 * build));
  // A shoe is longer than from the heel's middle to the toe's; a lost toe must not shrink it to nothing.
  const long = Math.min(0.3, Math.max(0.2, length(along) * 1.12)) * Math.max(build, 0.6);
  return [
    {
      ...{ id: `${side} foot`, form: 'foot', side, ...certainOf(heel, toe, ankle), origin },
      axes: [scale(across, build), scale(up, build), scale(forward, long)],
    },
  ];
}

/**
 * Around the middle of the ears, facing the nose. Without ears it stands at the end of the spine, uncertain: a body has
 * a head, but nobody has seen this one.
 */
function head(joints: FigureJoints, build: number): PlacedPart[] {
  const trunk = trunkOf(joints);
  const seen = seenHead(joints);
  if (trunk === undefined && seen === undefined) return [];
  const up = trunk === undefined ? [0, 1, 0] : unit(subtract(trunk.shoulders, trunk.hips));
  const guess = trunk === undefined ? undefined : guessedHead(trunk, up, build);
  const placed = seen ?? guess;
  if (placed === undefined) return [];
  const { centre, axes, isCertain } = placed;
  const parts: PlacedPart[] = [
    {
      ...{ id: 'head', form: 'head', side: 'middle', isCertain, origin: centre },
      axes: [scale(axes[0], build), scale(axes[1], build), scale(axes[2], build)],
    },
  ];
  if (trunk === undefined) return parts;
  const base = add(trunk.shoulders, scale(up, 0.03 * build));
  const skull = subtract(centre, scale(axes[1], 0.03 * build));
  const neck = axesAlong(subtract(skull, base), build);
  if (neck !== undefined && distance(skull, base) < 0.4 * build) {
    const certain = isCertain && trunk.isCertain;
    parts.push({ id: 'neck', form: 'neck', side: 'middle', isCertain: certain, origin: base, axes: neck });
  }
  return parts;
}

interface HeadPlace {
  readonly centre: Vector;
  /** Length 1 each: to its left, up, forward. */
  readonly axes: readonly [Vector, Vector, Vector];
  readonly isCertain: boolean;
}

function seenHead({ nose, left_ear: left, right_ear: right }: FigureJoints): HeadPlace | undefined {
  if (nose === undefined || left === undefined || right === undefined) return undefined;
  const middle = midpoint(left.at, right.at);
  const across = unit(subtract(left.at, right.at));
  const forward = unit(rejection(subtract(nose.at, middle), across));
  if (Number.isNaN(across[0]) || Number.isNaN(forward[0])) return undefined;
  return { centre: middle, axes: [across, cross(forward, across), forward], ...certainOf(nose, left, right) };
}

function guessedHead({ shoulders, left, right }: Trunk, up: Vector, build: number): HeadPlace | undefined {
  const across = unit(rejection(subtract(left, right), up));
  if (Number.isNaN(across[0])) return undefined;
  const centre = add(shoulders, scale(up, 0.23 * build));
  return { centre, axes: [across, up, cross(across, up)], isCertain: false };
}

interface Trunk {
  readonly hips: Vector;
  readonly shoulders: Vector;
  /** The shoulders themselves. */
  readonly left: Vector;
  readonly right: Vector;
  readonly isCertain: boolean;
}

function trunkOf(joints: FigureJoints): Trunk | undefined {
  const { left_hip: leftHip, right_hip: rightHip, left_shoulder: left, right_shoulder: right } = joints;
  if (leftHip === undefined || rightHip === undefined || left === undefined || right === undefined) return undefined;
  return {
    ...{ hips: midpoint(leftHip.at, rightHip.at), shoulders: midpoint(left.at, right.at) },
    ...{ left: left.at, right: right.at, ...certainOf(leftHip, rightHip, left, right) },
  };
}

function certainOf(...joints: readonly FigureJoint[]): { readonly isCertain: boolean } {
  return { isCertain: joints.every(({ isCertain }) => isCertain) };
}

/** Right-handed, y along the limb and as long as it, x and z as thick as the build; undefined without a length. */
function axesAlong(along: Vector, build: number): readonly [Vector, Vector, Vector] | undefined {
  const y = unit(along);
  if (Number.isNaN(y[0])) return undefined;
  // Any axis will do for what is round, but it must not leap from frame to frame: the one the limb is farthest from.
  const helper = Math.abs(y[2] ?? 0) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const x = unit(cross(y, helper));
  return [scale(x, build), along, scale(cross(x, y), build)];
}
