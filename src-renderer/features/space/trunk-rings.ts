import {
  add,
  cross,
  distance,
  midpoint,
  rejection,
  scale,
  subtract,
  unit,
  type Vector,
} from '../../../worker/biomechanics/vectors.ts';
import type { FigureJoints } from './figure-of-motion.ts';

/** A slice of the trunk: an oval around its centre. */
export interface TrunkRing {
  readonly centre: Vector;
  /** Half of its width, to the athlete's left. */
  readonly across: Vector;
  /** Half of its depth, forward. */
  readonly forward: Vector;
}

export interface TrunkRings {
  /** From the crotch to the neck; always as many. */
  readonly rings: readonly TrunkRing[];
  readonly isCertain: boolean;
}

interface Slice {
  /** 0 at the hips, 1 at the shoulders. */
  readonly height: number;
  /** Half width: what is added to half of the joints' distance, and the share of that distance. Metres at 1.8 m. */
  readonly share: number;
  readonly wider: number;
  readonly depth: number;
  /** How far its centre lies before the spine's line. */
  readonly ahead: number;
}

/** Drawn after a lean adult's outline, front and side. */
const slices: readonly Slice[] = [
  { height: -0.2, share: 0, wider: 0.012, depth: 0.02, ahead: 0 },
  { height: -0.17, share: 0.5, wider: 0.03, depth: 0.07, ahead: -0.004 },
  { height: -0.09, share: 0.9, wider: 0.055, depth: 0.1, ahead: -0.012 },
  { height: 0.02, share: 1, wider: 0.064, depth: 0.112, ahead: -0.014 },
  { height: 0.16, share: 0.9, wider: 0.062, depth: 0.106, ahead: -0.004 },
  { height: 0.34, share: 0.7, wider: 0.062, depth: 0.097, ahead: 0.006 },
  { height: 0.5, share: 0.68, wider: 0.058, depth: 0.102, ahead: 0.01 },
  { height: 0.68, share: 0.76, wider: 0.046, depth: 0.114, ahead: 0.01 },
  { height: 0.84, share: 0.84, wider: 0.03, depth: 0.116, ahead: 0.004 },
  { height: 0.94, share: 0.88, wider: 0.012, depth: 0.098, ahead: -0.004 },
  { height: 1.02, share: 0.78, wider: 0, depth: 0.076, ahead: -0.008 },
  { height: 1.08, share: 0.5, wider: 0, depth: 0.06, ahead: -0.008 },
  { height: 1.13, share: 0.24, wider: 0.014, depth: 0.05, ahead: -0.004 },
  { height: 1.15, share: 0, wider: 0.012, depth: 0.012, ahead: 0 },
];
export const trunkRingCount = slices.length;

/** The trunk between hips and shoulders; it twists where they do. Undefined where one of the four is missing. */
export function trunkRings(joints: FigureJoints, build: number): TrunkRings | undefined {
  const { left_hip: leftHip, right_hip: rightHip, left_shoulder: left, right_shoulder: right } = joints;
  if (leftHip === undefined || rightHip === undefined || left === undefined || right === undefined) return undefined;
  const hips = midpoint(leftHip.at, rightHip.at);
  const shoulders = midpoint(left.at, right.at);
  const up = unit(subtract(shoulders, hips));
  const hipsAcross = unit(rejection(subtract(leftHip.at, rightHip.at), up));
  const shouldersAcross = unit(rejection(subtract(left.at, right.at), up));
  if (Number.isNaN(hipsAcross[0]) || Number.isNaN(shouldersAcross[0])) return undefined;
  const hipsHalf = within(distance(leftHip.at, rightHip.at) / 2, 0.07 * build, 0.14 * build);
  const shouldersHalf = within(distance(left.at, right.at) / 2, 0.11 * build, 0.21 * build);
  const along = subtract(shoulders, hips);
  const rings = slices.map(({ height, share, wider, depth, ahead }): TrunkRing => {
    // The pelvis and the ribcage are stiff: what turns is between them.
    const turned = smoothStep(within((height - 0.1) / 0.75, 0, 1));
    const mixed = unit(add(scale(hipsAcross, 1 - turned), scale(shouldersAcross, turned)));
    const across = Number.isNaN(mixed[0]) ? shouldersAcross : mixed;
    const forward = cross(across, up);
    const half = hipsHalf * (1 - turned) + shouldersHalf * turned;
    return {
      centre: add(add(hips, scale(along, height)), scale(forward, ahead * build)),
      across: scale(across, half * share + wider * build),
      forward: scale(forward, depth * build),
    };
  });
  return { rings, isCertain: [leftHip, rightHip, left, right].every(({ isCertain }) => isCertain) };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function smoothStep(share: number): number {
  return share * share * (3 - 2 * share);
}
