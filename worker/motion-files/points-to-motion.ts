import { areSidesTrue } from '../biomechanics/body-sides.ts';
import { type JointMotion, type JointName, jointAt } from '../biomechanics/joint-motion.ts';
import { median } from '../biomechanics/median.ts';
import type { Hand } from '../biomechanics/pitching/throwing-side.ts';
import { midpoint, subtract, type Vector } from '../biomechanics/vectors.ts';
import { jointPlaces, namingOf } from './joint-names.ts';
import { MotionFileError } from './motion-file-error.ts';
import type { NamedPoints } from './named-points.ts';

export interface ImportedMotion {
  readonly motion: JointMotion;
  /** Known where the file names joints by what they do in the throw: from which way the knees bend. */
  readonly hand?: Hand;
}

/** A body that is larger than this was measured in millimetres. */
const largestMetres = 12;
/** Hips that stay closer than this to one spot are the origin. */
const stillMetres = 0.005;

/**
 * Named points as the motion of a body: metres, z up. Which axis points up is seen in the body: shoulders over ankles.
 * Throws MotionFileError where too few joints are named, or times do not increase.
 */
export function pointsToMotion(
  points: NamedPoints,
  options: { readonly hand?: Hand | undefined } = {},
): ImportedMotion {
  const { names, timesSeconds } = points;
  if (timesSeconds.length < 2) throw new MotionFileError('The file holds fewer than two frames.');
  if (timesSeconds.some((time, i) => i > 0 && !(time > Number(timesSeconds[i - 1])))) {
    throw new MotionFileError(
      'The times of the frames do not increase: the file is damaged or its frames are shuffled.',
    );
  }
  const isLaboratory = namingOf(names) === 'laboratory';
  const read = (hand: Hand): JointMotion => {
    const places = jointPlaces(names, hand);
    const needed: readonly JointName[] = ['left_shoulder', 'right_shoulder', 'left_hip', 'right_hip'];
    if (!needed.every((joint) => places.has(joint))) {
      const known = names.slice(0, 12).join(', ');
      throw new MotionFileError(
        `The file has no joint centres of shoulders and hips under names that are known; it has: ${known || 'none'}.`,
      );
    }
    return levelled(points, places);
  };
  const asRight = read('right');
  if (!isLaboratory) return { motion: asRight };
  const hand = options.hand ?? (areSidesTrue(asRight) ? 'right' : 'left');
  const motion = hand === 'right' ? asRight : read('left');
  return { motion, hand };
}

function levelled(points: NamedPoints, places: ReadonlyMap<JointName, number>): JointMotion {
  const { names, timesSeconds } = points;
  const frames = timesSeconds.length;
  const raw: Partial<Record<JointName, Float64Array>> = {};
  for (const [joint, place] of places) {
    const values = new Float64Array(frames * 3).fill(Number.NaN);
    for (let frame = 0; frame < frames; frame++) {
      const from = (frame * names.length + place) * 3;
      const point = points.points.subarray(from, from + 3);
      // Some systems write a point that they did not see as zeros; no joint's centre lies exactly there.
      if (point.some((value) => value !== 0)) values.set(point, frame * 3);
    }
    if (values.some(Number.isFinite)) raw[joint] = values;
  }
  const file: JointMotion = { timesSeconds, joints: raw, isGrounded: true };
  const upright = bodyLine(file);
  const size = Math.max(...upright.map(Math.abs));
  if (!(size > 0)) throw new MotionFileError('The file shows no body: shoulders and legs are missing in every frame.');
  const metres = points.metresPerUnit ?? (size > largestMetres ? 0.001 : 1);
  const axis = upright.findIndex((value) => Math.abs(value) === size);
  const turn = turns[`${Number(upright[axis]) > 0 ? '+' : '-'}${'xyz'[axis]}`] as Turn;
  const joints = Object.fromEntries(
    Object.entries(raw).map(([joint, values]) => {
      const turned = new Float64Array(values.length);
      for (let at = 0; at < values.length; at += 3) {
        turn.forEach(([from, sign], to) => {
          turned[at + to] = sign * metres * (values[at + from] as number);
        });
      }
      return [joint, turned];
    }),
  );
  const isLaboratory = namingOf(names) === 'laboratory';
  const motion: JointMotion = {
    timesSeconds,
    joints,
    isGrounded: isGrounded({ timesSeconds, joints, isGrounded: true }),
  };
  // The laboratory's x runs from second base to home plate, its z up.
  return isLaboratory && upright[2] === size ? { ...motion, towardsTarget: [1, 0, 0] } : motion;
}

/** For every axis of the level frame, which of the file's it is, and its sign: rotations that keep x where they can. */
type Turn = readonly (readonly [axis: number, sign: 1 | -1])[];
const turns: Readonly<Record<string, Turn>> = {
  '+z': [
    [0, 1],
    [1, 1],
    [2, 1],
  ],
  '-z': [
    [0, 1],
    [1, -1],
    [2, -1],
  ],
  '+y': [
    [0, 1],
    [2, -1],
    [1, 1],
  ],
  '-y': [
    [0, 1],
    [2, 1],
    [1, -1],
  ],
  '+x': [
    [1, 1],
    [2, 1],
    [0, 1],
  ],
  '-x': [
    [1, -1],
    [2, 1],
    [0, -1],
  ],
};

/** From the ankles (from the hips, where no ankle is named) to the shoulders: the median of every axis. */
function bodyLine(motion: JointMotion): Vector {
  const { joints } = motion;
  const base = joints.left_ankle && joints.right_ankle ? 'ankle' : 'hip';
  const lines = Array.from(motion.timesSeconds, (_, frame) => {
    const middle = (part: 'shoulder' | 'ankle' | 'hip'): Vector =>
      midpoint(jointAt(motion, `left_${part}`, frame), jointAt(motion, `right_${part}`, frame));
    return subtract(middle('shoulder'), middle(base));
  });
  return [0, 1, 2].map((axis) => median(lines.map((line) => Number(line[axis]))));
}

function isGrounded(motion: JointMotion): boolean {
  const hips = Array.from(motion.timesSeconds, (_, frame) =>
    midpoint(jointAt(motion, 'left_hip', frame), jointAt(motion, 'right_hip', frame)),
  );
  return [0, 1, 2].some((axis) => {
    const values = hips.map((hip) => Number(hip[axis])).filter(Number.isFinite);
    const middle = median(values);
    return values.some((value) => Math.abs(value - middle) > stillMetres);
  });
}
