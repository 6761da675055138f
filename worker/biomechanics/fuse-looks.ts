/**
 * One pose from several looks at the same picture: other crops, turned and mirrored, of which a pose model makes other
 * mistakes. Left and right are agreed on first, then every keypoint is the middle of what was seen, and how far the
 * looks lie apart says how sure it is.
 */
import type { Skeleton } from '../../models/skeletons.ts';
import { pairsOfGroups } from './limb-groups.ts';
import { median } from './median.ts';

/** K keypoints. */
export interface Look {
  /** [K × 4]: x, y in pixels, visibility and presence 0..1. */
  readonly landmarks2d: Float32Array;
  /** [K × 3]: metres. */
  readonly landmarks3d: Float32Array;
}

export interface FusedLooks extends Look {
  /** [K]: standard deviation of the looks along one axis, pixels. NaN where there was one look only. */
  readonly spreads: Float32Array;
}

type Pairs = readonly (readonly [number, number])[];

/** Part of the body's extent beyond which two looks do not agree any less. */
const largestDistance = 0.12;
/** Part of the body's extent below which distances do not lower a look's weight. */
const distanceFloor = 0.002;
/** Weight of an invisible keypoint beside a visible one. */
const hiddenWeight = 0.001;

/** At least one look, all with the skeleton's keypoints. One alone comes back as it is. */
export function fuseLooks(looks: readonly Look[], skeleton: Skeleton): FusedLooks {
  const [first] = looks;
  if (first === undefined) throw new RangeError('There is no look to fuse.');
  const keypoints = skeleton.names.length;
  if (looks.length === 1) return { ...first, spreads: new Float32Array(keypoints).fill(Number.NaN) };
  const extent = extentOf(first);
  const agreed = looks.map(({ landmarks2d, landmarks3d }) => ({
    landmarks2d: Float32Array.from(landmarks2d),
    landmarks3d: Float32Array.from(landmarks3d),
  }));
  for (const pairs of pairsToAgreeOn(skeleton)) agreeOnSides(agreed, pairs, extent);
  const fused = {
    landmarks2d: new Float32Array(keypoints * 4),
    landmarks3d: new Float32Array(keypoints * 3),
    spreads: new Float32Array(keypoints),
  };
  for (let keypoint = 0; keypoint < keypoints; keypoint++) fuseKeypoint(agreed, keypoint, extent, fused);
  return fused;
}

/**
 * Shoulders go with hips and face here, which are apart when the shoulders are in line with the camera: looks at one
 * picture tell by them which is which. (Between frames they go with the arms.)
 */
function pairsToAgreeOn(skeleton: Skeleton): Pairs[] {
  const { arms, legs, core } = pairsOfGroups(skeleton);
  const isShoulder = ([left]: Pairs[number]): boolean => /shoulder/.test(skeleton.names[left] ?? '');
  return [arms.filter((pair) => !isShoulder(pair)), legs, [...core, ...arms.filter(isShoulder)]];
}

/**
 * Exchanges left and right of one group where a look took one for the other: of all ways to do so the one in which the
 * looks lie closest together, and of the two that differ in all looks the one that changes fewer; the first look
 * decides a tie.
 */
function agreeOnSides(looks: readonly Look[], pairs: Pairs, extent: number): void {
  const count = looks.length;
  const apart = looks.map((a) => looks.map((b) => [0, 1].map((turned) => sumOfDistances(a, b, pairs, turned, extent))));
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let turned = 0; turned < 1 << count; turned += 2) {
    let sum = 0;
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) sum += apart[a]?.[b]?.[((turned >> a) ^ (turned >> b)) & 1] ?? 0;
    }
    if (sum < least) {
      least = sum;
      best = turned;
    }
  }
  const changed = looks.filter((_, i) => (best >> i) & 1).length;
  if (2 * changed > count) best ^= (1 << count) - 1;
  looks.forEach((look, i) => {
    if (((best >> i) & 1) === 0) return;
    for (const [left, right] of pairs) {
      exchange(look.landmarks2d, left * 4, right * 4, 4);
      exchange(look.landmarks3d, left * 3, right * 3, 3);
    }
  });
}

/** Of the group's keypoints in two looks, the second with left and right exchanged where `turned` is 1. */
function sumOfDistances(a: Look, b: Look, pairs: Pairs, turned: number, extent: number): number {
  let sum = 0;
  for (const pair of pairs) {
    for (const side of [0, 1]) {
      const from = (pair[side] as number) * 4;
      const to = (pair[side ^ turned] as number) * 4;
      sum += Math.min(largestDistance * extent, between(a.landmarks2d, from, b.landmarks2d, to));
    }
  }
  return sum;
}

/** Mean, weighted by visibility and by nearness to the median: a look that is far off counts next to nothing. */
function fuseKeypoint(looks: readonly Look[], keypoint: number, extent: number, fused: FusedLooks): void {
  const at = keypoint * 4;
  const middle = [0, 1].map((axis) => median(looks.map(({ landmarks2d }) => landmarks2d[at + axis] as number)));
  const distances = looks.map(({ landmarks2d }) => between(landmarks2d, at, middle, 0));
  const usual = median(distances) + distanceFloor * extent;
  const weights = looks.map(({ landmarks2d }, i) => {
    const visibility = landmarks2d[at + 2] ?? 0;
    return (visibility ** 2 + hiddenWeight) / (1 + ((distances[i] as number) / usual) ** 2);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (key: keyof Look, index: number): number =>
    looks.reduce((sum, look, i) => sum + (weights[i] as number) * (look[key][index] as number), 0) / total;
  for (let i = at; i < at + 4; i++) fused.landmarks2d[i] = mean('landmarks2d', i);
  for (let i = keypoint * 3; i < keypoint * 3 + 3; i++) fused.landmarks3d[i] = mean('landmarks3d', i);
  const squares = looks.reduce((sum, look) => sum + between(look.landmarks2d, at, fused.landmarks2d, at) ** 2, 0);
  fused.spreads[keypoint] = Math.sqrt(squares / 2 / (looks.length - 1));
}

function between(a: ArrayLike<number>, from: number, b: ArrayLike<number>, to: number): number {
  return Math.hypot((a[from] as number) - (b[to] as number), (a[from + 1] as number) - (b[to + 1] as number));
}

/** Diagonal of the box around the keypoints, pixels. */
function extentOf({ landmarks2d }: Look): number {
  const along = (axis: number): number => {
    const values = landmarks2d.filter((_, i) => i % 4 === axis);
    return (
      values.reduce((most, value) => Math.max(most, value)) - values.reduce((least, value) => Math.min(least, value))
    );
  };
  return Math.hypot(along(0), along(1));
}

function exchange(values: Float32Array, a: number, b: number, count: number): void {
  const kept = values.slice(a, a + count);
  values.copyWithin(a, b, b + count);
  values.set(kept, b);
}
