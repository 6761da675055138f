/** How the reference is turned so that both look the same way. */
import type { BodyPoint, BoneDirections } from './body-tree.ts';

/** Row by row. */
export type Rotation = readonly [number, number, number, number, number, number, number, number, number];

/** Counter-clockwise seen from above. */
export function turnAboutVertical(radians: number): Rotation {
  const [c, s] = [Math.cos(radians), Math.sin(radians)];
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

/** [N × 3] → [N × 3]. */
export function rotatePoints(points: Float64Array, r: Rotation): Float64Array {
  const turned = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    const [x, y, z] = [points[at] as number, points[at + 1] as number, points[at + 2] as number];
    turned[at] = r[0] * x + r[1] * y + r[2] * z;
    turned[at + 1] = r[3] * x + r[4] * y + r[5] * z;
    turned[at + 2] = r[6] * x + r[7] * y + r[8] * z;
  }
  return turned;
}

const rounds = 12;
/** Directions farther apart than this hardly count: a limb that moves otherwise must not turn the whole body. Chord. */
const usualChord = 0.5;

/**
 * The rotation that brings the directions `from` closest to `to`, over all bones and frames alike, so that no single
 * moment or joint decides: about the vertical alone, or (`isTilted`) about any axis, for a camera that may not have
 * stood level. Robust: Geman and McClure's weights. What of a body's turn is the same in every frame is taken as the
 * camera's, not the athlete's: where both motions know the target, turn by it instead.
 */
export function turnOnto(options: {
  readonly from: BoneDirections;
  readonly to: BoneDirections;
  readonly bones: readonly BodyPoint[];
  readonly isTilted?: boolean;
}): Rotation {
  const pairs = options.bones.flatMap((bone): (readonly [Float64Array, Float64Array])[] => {
    const [from, to] = [options.from[bone], options.to[bone]];
    return from && to ? [[from, to]] : [];
  });
  let turn = turnAboutVertical(0);
  for (let round = 0; round < rounds; round++) {
    const isTilted = options.isTilted === true && round > 2;
    // The first round has no weights: it may begin on the wrong side of the body.
    turn = isTilted ? tiltedFurther(pairs, turn) : turnAboutVertical(headingOnto(pairs, turn, round > 0));
  }
  return turn;
}

type Pairs = readonly (readonly [from: Float64Array, to: Float64Array])[];

function weightOf(from: Float64Array, to: Float64Array, at: number): number {
  const [x, y, z] = [0, 1, 2].map((axis) => (from[at + axis] as number) - (to[at + axis] as number)) as Triple;
  return 1 / (1 + (x * x + y * y + z * z) / usualChord ** 2) ** 2;
}
type Triple = [number, number, number];

function headingOnto(pairs: Pairs, before: Rotation, isWeighted: boolean): number {
  let [sine, cosine] = [0, 0];
  for (const [from, to] of pairs) {
    const turned = isWeighted ? rotatePoints(from, before) : from;
    for (let at = 0; at < from.length; at += 3) {
      const weight = isWeighted ? weightOf(turned, to, at) : 1;
      const [ax, ay, bx, by] = [from[at], from[at + 1], to[at], to[at + 1]] as [number, number, number, number];
      const [across, along] = [weight * (ax * by - ay * bx), weight * (ax * bx + ay * by)];
      if (Number.isNaN(across + along)) continue;
      sine += across;
      cosine += along;
    }
  }
  return Math.atan2(sine, cosine);
}

/** One step of Gauss and Newton: the small turn w that lessens |a + w × a - b| over all a, b. */
function tiltedFurther(pairs: Pairs, before: Rotation): Rotation {
  const h = [0, 0, 0, 0, 0, 0];
  const g = [0, 0, 0];
  for (const [from, to] of pairs) {
    const turned = rotatePoints(from, before);
    for (let at = 0; at < from.length; at += 3) {
      const weight = weightOf(turned, to, at);
      if (Number.isNaN(weight)) continue;
      const [ax, ay, az] = [turned[at], turned[at + 1], turned[at + 2]] as Triple;
      const [bx, by, bz] = [to[at], to[at + 1], to[at + 2]] as Triple;
      [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx].forEach((value, axis) => {
        g[axis] = (g[axis] as number) + weight * value;
      });
      [1 - ax * ax, 1 - ay * ay, 1 - az * az, -ax * ay, -ax * az, -ay * az].forEach((value, entry) => {
        h[entry] = (h[entry] as number) + weight * value;
      });
    }
  }
  const [xx, yy, zz, xy, xz, yz] = h as [number, number, number, number, number, number];
  const [gx, gy, gz] = g as Triple;
  const [cxx, cxy, cxz] = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy];
  const determinant = xx * cxx + xy * cxy + xz * cxz;
  if (!(Math.abs(determinant) > 1e-9)) return before;
  const [cyy, cyz, czz] = [xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy];
  const step: Triple = [
    (cxx * gx + cxy * gy + cxz * gz) / determinant,
    (cxy * gx + cyy * gy + cyz * gz) / determinant,
    (cxz * gx + cyz * gy + czz * gz) / determinant,
  ];
  return composed(turnAbout(step), before);
}

/** Rodrigues' formula; the vector's length is the angle in radians. */
function turnAbout([x, y, z]: Triple): Rotation {
  const angle = Math.hypot(x, y, z);
  if (angle === 0) return turnAboutVertical(0);
  const [a, b] = [Math.sin(angle) / angle, (1 - Math.cos(angle)) / angle ** 2];
  const c = Math.cos(angle);
  return [
    ...[c + b * x * x, b * x * y - a * z, b * x * z + a * y],
    ...[b * x * y + a * z, c + b * y * y, b * y * z - a * x],
    ...[b * x * z - a * y, b * y * z + a * x, c + b * z * z],
  ] as unknown as Rotation;
}

function composed(after: Rotation, before: Rotation): Rotation {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [i - (i % 3), i % 3];
    return [0, 1, 2].reduce((sum, k) => sum + (after[row + k] as number) * (before[k * 3 + column] as number), 0);
  }) as unknown as Rotation;
}
