/**
 * What is followed through a pitch, one value per frame. Definitions are those of the joint centres; where a laboratory
 * measures with segments that markers define, the comment says how far apart the two are.
 */
import { type JointMotion, type JointName, jointAt } from '../joint-motion.ts';
import { unwrapDegrees } from '../rates.ts';
import {
  angleBetweenDegrees,
  cross,
  dot,
  length,
  midpoint,
  rejection,
  subtract,
  unit,
  type Vector,
} from '../vectors.ts';
import type { ThrowingSide } from './throwing-side.ts';

const degrees = 180 / Math.PI;
/** Below this share of its length in the plane that an angle is measured in, a direction says nothing. */
const leastShare = 0.2;
/** Cosine of the most that the ribcage turns against the line of the shoulders. */
const leastAlong = 0.5;

export const signalIds = [
  'elbowFlexion',
  'shoulderAbduction',
  'shoulderHorizontalAbduction',
  'shoulderExternalRotation',
  'leadKneeFlexion',
  'trunkForwardTilt',
  'trunkLateralTilt',
  'pelvisTurn',
  'trunkTurn',
  'hipShoulderSeparation',
  'forearmSlope',
] as const;
export type SignalId = (typeof signalIds)[number];
/** Degrees, [F] each; NaN where a joint is missing. */
export type PitchSignals = Readonly<Record<SignalId, Float64Array>>;

export function pitchSignals(motion: JointMotion, side: ThrowingSide): PitchSignals {
  const frames = motion.timesSeconds.length;
  const measured = frameSignalIds.map((id) => [id, new Float64Array(frames)] as const);
  const [pelvis, trunk, chest] = [new Float64Array(frames), new Float64Array(frames), new Float64Array(frames)];
  for (let frame = 0; frame < frames; frame++) {
    const body = throwerAt(motion, side, frame);
    for (const [id, values] of measured) values[frame] = frameSignals[id](body, side.sign);
    pelvis[frame] = turnDegrees(body.hips);
    trunk[frame] = turnDegrees(body.shoulders);
    chest[frame] = turnDegrees(body.across);
  }
  const [pelvisTurn, trunkTurn] = [unwrapDegrees(pelvis), unwrapDegrees(trunk)];
  return {
    ...(Object.fromEntries(measured) as Record<keyof typeof frameSignals, Float64Array>),
    pelvisTurn: pelvisTurn.map((turn) => turn * side.sign),
    trunkTurn: trunkTurn.map((turn) => turn * side.sign),
    hipShoulderSeparation: pelvisTurn.map((turn, frame) => {
      const apart = (turn - Number(chest[frame])) * side.sign;
      return apart - 360 * Math.round(apart / 360);
    }),
  };
}

/** Those that one frame tells. `sign`: 1 for right-handers, -1 for left-handers. */
const frameSignals = {
  elbowFlexion: ({ upperArm, forearm }) => angleBetweenDegrees(upperArm, forearm),
  shoulderAbduction: ({ upperArm, up }) => 180 - angleBetweenDegrees(upperArm, up),
  shoulderHorizontalAbduction: ({ upperArm, out, forward, up }) => {
    const across = rejection(upperArm, up);
    return length(across) < leastShare ? Number.NaN : Math.atan2(-dot(across, forward), dot(across, out)) * degrees;
  },
  shoulderExternalRotation: externalRotationDegrees,
  leadKneeFlexion: ({ thigh, shank }) => angleBetweenDegrees(thigh, shank),
  trunkForwardTilt: ({ across, up }, sign) => {
    const [x = Number.NaN, y = Number.NaN] = across;
    const ahead = [-sign * y, sign * x, 0];
    return Math.atan2(dot(up, unit(ahead)), Number(up[2])) * degrees;
  },
  trunkLateralTilt: ({ out }) => Math.asin(Number(out[2])) * degrees,
  forearmSlope: ({ forearm }) => Math.asin(Number(forearm[2])) * degrees,
} as const satisfies Partial<Record<SignalId, (body: ThrowerFrame, sign: 1 | -1) => number>>;
const frameSignalIds = Object.keys(frameSignals) as readonly (keyof typeof frameSignals)[];

/** A thrower at one moment. Directions have length 1. */
interface ThrowerFrame {
  /** Of the leg that steps: from hip to knee, from knee to ankle. Any length. */
  readonly thigh: Vector;
  readonly shank: Vector;
  /** From the lead hip to the rear one; from the glove's shoulder to the throwing one. Any length. */
  readonly hips: Vector;
  readonly shoulders: Vector;
  /** Across the ribcage where it is seen, else along the shoulders. Any length. */
  readonly across: Vector;
  /**
   * The trunk's own axes: the thorax's where it is seen, else from hips to shoulders; to the throwing side, at right
   * angles; where the chest looks.
   */
  readonly up: Vector;
  readonly out: Vector;
  readonly forward: Vector;
  readonly upperArm: Vector;
  readonly forearm: Vector;
}

function throwerAt(motion: JointMotion, side: ThrowingSide, frame: number): ThrowerFrame {
  const at = (joint: JointName): Vector => jointAt(motion, joint, frame);
  const [shoulder, elbow, wrist] = [at(side.arm.shoulder), at(side.arm.elbow), at(side.arm.wrist)];
  const [knee, ankle] = [at(side.lead.knee), at(side.lead.ankle)];
  const [glove, rearHip, hip] = [at(side.gloveShoulder), at(side.rear.hip), at(side.lead.hip)];
  const shoulders = subtract(shoulder, glove);
  const thorax = motion.joints.thorax_side && thoraxAt(motion, shoulders, frame);
  const up = thorax?.up ?? unit(subtract(midpoint(shoulder, glove), midpoint(rearHip, hip)));
  const out = thorax?.out ?? unit(rejection(shoulders, up));
  return {
    ...{ thigh: subtract(knee, hip), shank: subtract(ankle, knee) },
    ...{ hips: subtract(rearHip, hip), shoulders, across: thorax?.out ?? shoulders, up, out },
    forward: cross(up, out).map((value) => value * side.sign),
    upperArm: unit(subtract(elbow, shoulder)),
    forearm: unit(subtract(wrist, elbow)),
  };
}

/** Undefined where the thorax's side does not lie along the shoulders: then it means something else. */
function thoraxAt(motion: JointMotion, shoulders: Vector, frame: number): { up: Vector; out: Vector } | undefined {
  const high = jointAt(motion, 'thorax_high', frame);
  const up = unit(subtract(high, jointAt(motion, 'thorax_low', frame)));
  const beside = unit(rejection(subtract(jointAt(motion, 'thorax_side', frame), high), up));
  const along = dot(beside, unit(shoulders));
  if (!(Math.abs(along) > leastAlong)) return undefined;
  return { up, out: beside.map((value) => value * Math.sign(along)) };
}

/** Turn of the forearm about the upper arm: 0 where it points where the chest looks, 90 up, 180 back. */
function externalRotationDegrees({ upperArm, forearm, up }: ThrowerFrame, sign: 1 | -1): number {
  const upward = rejection(up, upperArm);
  const around = rejection(forearm, upperArm);
  if (length(upward) < leastShare || length(around) < leastShare) return Number.NaN;
  const ahead = cross(unit(upward), upperArm).map((value) => value * sign);
  const turn = Math.atan2(dot(around, unit(upward)), dot(around, ahead)) * degrees;
  // The arm lays back past 180, never forward past -90: the seam is put where no thrower comes.
  return turn < -90 ? turn + 360 : turn;
}

/** Heading of a line over the ground, counter-clockwise seen from above. */
function turnDegrees(line: Vector): number {
  const [x = Number.NaN, y = Number.NaN] = line;
  return Math.hypot(x, y) > 0 ? Math.atan2(y, x) * degrees : Number.NaN;
}
