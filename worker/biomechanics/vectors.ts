/** Vectors in the picture (2) or in space (3), as plain arrays of equal length. NaN in, NaN out. */
export type Vector = readonly number[];

export function subtract(a: Vector, b: Vector): number[] {
  const difference = new Array<number>(a.length);
  for (let i = 0; i < a.length; i++) difference[i] = (a[i] as number) - (b[i] ?? Number.NaN);
  return difference;
}

export function midpoint(a: Vector, b: Vector): number[] {
  const middle = new Array<number>(a.length);
  for (let i = 0; i < a.length; i++) middle[i] = ((a[i] as number) + (b[i] ?? Number.NaN)) / 2;
  return middle;
}

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] ?? Number.NaN);
  return sum;
}

export function length(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

export function distance(a: Vector, b: Vector): number {
  return length(subtract(a, b));
}

/**
 * Angle between two vectors, 0..180 degrees. NaN when one of them has no length.
 * Kahan's formula, accurate also near 0 and 180, where the arc cosine is not.
 */
export function angleBetweenDegrees(a: Vector, b: Vector): number {
  const lengthA = length(a);
  const lengthB = length(b);
  if (!(lengthA > 0 && lengthB > 0)) return Number.NaN;
  let [apart, together] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [unitA, unitB] = [(a[i] as number) / lengthA, (b[i] ?? Number.NaN) / lengthB];
    apart += (unitA - unitB) ** 2;
    together += (unitA + unitB) ** 2;
  }
  return (2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together)) * 180) / Math.PI;
}

/** Angle at `vertex` between the lines to `from` and `to`, 0..180 degrees, in 2D or 3D. */
export function threePointAngleDegrees(points: { from: Vector; vertex: Vector; to: Vector }): number {
  return angleBetweenDegrees(subtract(points.from, points.vertex), subtract(points.to, points.vertex));
}

/** Lean of the line from `base` to `top` from the picture's vertical, -180..180 degrees, positive to the right. */
export function leanFromVerticalDegrees(points: { base: Vector; top: Vector }): number {
  const [x = Number.NaN, y = Number.NaN] = subtract(points.top, points.base);
  return x === 0 && y === 0 ? Number.NaN : (Math.atan2(x, -y) * 180) / Math.PI;
}

export function add(a: Vector, b: Vector): number[] {
  return a.map((value, i) => value + (b[i] ?? Number.NaN));
}

export function scale(a: Vector, factor: number): number[] {
  const scaled = new Array<number>(a.length);
  for (let i = 0; i < a.length; i++) scaled[i] = (a[i] as number) * factor;
  return scaled;
}

/** Of two vectors in space, right-handed. */
export function cross(a: Vector, b: Vector): [number, number, number] {
  const [ax = Number.NaN, ay = Number.NaN, az = Number.NaN] = a;
  const [bx = Number.NaN, by = Number.NaN, bz = Number.NaN] = b;
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

/** Of length 1; NaN where `a` has no length. */
export function unit(a: Vector): number[] {
  return scale(a, 1 / length(a));
}

/** What of `a` is at right angles to `direction`, which has length 1. */
export function rejection(a: Vector, direction: Vector): number[] {
  return subtract(a, scale(direction, dot(a, direction)));
}
