/**
 * The body as bones from the middle of the hips outward. A motion without its size is the directions of the bones over
 * time; a body without its motion is their lengths. The trunk is one bone between the middles of hips and shoulders,
 * the hips and the shoulder girdle are half-lines from those middles, nose and ears hang on the middle of the
 * shoulders: simple, and all that joint centres alone can tell. The ribcage's own points are left out.
 */
import type { JointMotion, JointName } from '../joint-motion.ts';
import { median } from '../median.ts';

export type BodyPoint = JointName | 'mid_hip' | 'mid_shoulder';

/** A bone is called by the point that it ends at. */
export interface Bone {
  readonly from: BodyPoint;
  readonly to: BodyPoint;
}

function side(name: 'left' | 'right'): readonly Bone[] {
  return [
    { from: 'mid_hip', to: `${name}_hip` },
    { from: `${name}_hip`, to: `${name}_knee` },
    { from: `${name}_knee`, to: `${name}_ankle` },
    { from: `${name}_ankle`, to: `${name}_heel` },
    { from: `${name}_ankle`, to: `${name}_foot_index` },
    { from: 'mid_shoulder', to: `${name}_shoulder` },
    { from: `${name}_shoulder`, to: `${name}_elbow` },
    { from: `${name}_elbow`, to: `${name}_wrist` },
    { from: `${name}_wrist`, to: `${name}_index` },
    { from: 'mid_shoulder', to: `${name}_ear` },
  ];
}

/** Every bone comes after the one it hangs on. */
export const bones: readonly Bone[] = [
  { from: 'mid_hip', to: 'mid_shoulder' },
  ...side('left'),
  ...side('right'),
  { from: 'mid_shoulder', to: 'nose' },
];

/** [F × 3] each, length 1; NaN where an end is missing. Bones that no frame shows are absent. */
export type BoneDirections = Readonly<Partial<Record<BodyPoint, Float64Array>>>;
/** Metres. */
export type BoneLengths = Readonly<Partial<Record<BodyPoint, number>>>;

export function boneDirections(motion: JointMotion): BoneDirections {
  return Object.fromEntries(
    boneVectors(motion).map(([bone, vectors]) => {
      const lengths = vectorLengths(vectors);
      return [bone, vectors.map((value, i) => value / (lengths[Math.floor(i / 3)] as number))];
    }),
  );
}

/** The median over the frames that show both ends. */
export function boneLengths(motion: JointMotion): BoneLengths {
  return Object.fromEntries(boneVectors(motion).map(([bone, vectors]) => [bone, median(vectorLengths(vectors))]));
}

/** Lengths of the first body; what it does not show is the second's, in the first's size. */
export function completeLengths(own: BoneLengths, other: BoneLengths): BoneLengths {
  const both = bones.filter(({ to }) => (own[to] ?? 0) > 0 && (other[to] ?? 0) > 0);
  const ratio = median(both.map(({ to }) => (own[to] as number) / (other[to] as number)));
  const size = Number.isFinite(ratio) ? ratio : 1;
  return { ...Object.fromEntries(Object.entries(other).map(([bone, length]) => [bone, length * size])), ...own };
}

/** The joints that bones of these directions and lengths make; `middleOfHips` [F × 3]. NaN beyond a missing bone. */
export function buildBody(options: {
  readonly directions: BoneDirections;
  readonly lengths: BoneLengths;
  readonly middleOfHips: Float64Array;
}): JointMotion['joints'] {
  const { directions, lengths, middleOfHips } = options;
  const points: Partial<Record<BodyPoint, Float64Array>> = { mid_hip: middleOfHips };
  const joints: Partial<Record<JointName, Float64Array>> = {};
  for (const { from, to } of bones) {
    const [base, direction, length] = [points[from], directions[to], lengths[to]];
    if (base === undefined || direction === undefined || length === undefined) continue;
    const point = direction.map((value, i) => (base[i] as number) + value * length);
    points[to] = point;
    if (to !== 'mid_hip' && to !== 'mid_shoulder') joints[to] = point;
  }
  return joints;
}

/** [F × 3]; undefined where the motion does not have it. */
export function pathOf(motion: JointMotion, point: BodyPoint): Float64Array | undefined {
  if (point !== 'mid_hip' && point !== 'mid_shoulder') return motion.joints[point];
  const part = point === 'mid_hip' ? 'hip' : 'shoulder';
  const [left, right] = [motion.joints[`left_${part}`], motion.joints[`right_${part}`]];
  return right && left?.map((value, i) => (value + (right[i] as number)) / 2);
}

function boneVectors(motion: JointMotion): (readonly [BodyPoint, Float64Array])[] {
  return bones.flatMap(({ from, to }) => {
    const [base, end] = [pathOf(motion, from), pathOf(motion, to)];
    return base && end ? [[to, end.map((value, i) => value - (base[i] as number))] as const] : [];
  });
}

function vectorLengths(vectors: Float64Array): Float64Array {
  return Float64Array.from({ length: vectors.length / 3 }, (_, frame) =>
    Math.hypot(vectors[frame * 3] as number, vectors[frame * 3 + 1] as number, vectors[frame * 3 + 2] as number),
  );
}
