/** Vectors and rotations of the athlete's world: metres; x to home plate, y to first base, z up. */
export type Vector3 = readonly [x: number, y: number, z: number];
/** Unit quaternion. */
export type Rotation = readonly [x: number, y: number, z: number, w: number];

export const noRotation: Rotation = [0, 0, 0, 1];
export const radiansPerDegree = Math.PI / 180;

export function add(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function mix(a: Vector3, b: Vector3, share: number): Vector3 {
  return add(scale(a, 1 - share), scale(b, share));
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

export function distance(a: Vector3, b: Vector3): number {
  return length(subtract(a, b));
}

/** The zero vector has no direction: it gives NaN. */
export function normalize(a: Vector3): Vector3 {
  return scale(a, 1 / length(a));
}

/** The same point on the other side of the x-z plane: left becomes right. */
export function mirror(a: Vector3): Vector3 {
  return [a[0], -a[1], a[2]];
}

export function mirrorRotation(q: Rotation): Rotation {
  return [-q[0], q[1], -q[2], q[3]];
}

export function rotationAbout(axis: Vector3, angleDegrees: number): Rotation {
  const half = (angleDegrees * radiansPerDegree) / 2;
  const sine = Math.sin(half);
  return [axis[0] * sine, axis[1] * sine, axis[2] * sine, Math.cos(half)];
}

/** a after b. */
export function multiply(a: Rotation, b: Rotation): Rotation {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ];
}

/** Product of rotations, the last one applied first. */
export function chain(...rotations: readonly Rotation[]): Rotation {
  return rotations.reduce(multiply, noRotation);
}

export function inverse(q: Rotation): Rotation {
  return [-q[0], -q[1], -q[2], q[3]];
}

export function rotate(q: Rotation, v: Vector3): Vector3 {
  const axis: Vector3 = [q[0], q[1], q[2]];
  const twice = scale(cross(axis, v), 2);
  return add(add(v, scale(twice, q[3])), cross(axis, twice));
}

/** The shortest turn that carries the direction of a to the direction of b; not for opposite ones. */
export function rotationBetween(a: Vector3, b: Vector3): Rotation {
  const [from, to] = [normalize(a), normalize(b)];
  return unit([...cross(from, to), 1 + dot(from, to)]);
}

/** Shortest way from a (share 0) to b (share 1). */
export function slerp(a: Rotation, b: Rotation, share: number): Rotation {
  const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = cosine < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(cosine)));
  const sine = Math.sin(angle);
  const weightA = sine < 1e-6 ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const weightB = sign * (sine < 1e-6 ? share : Math.sin(share * angle) / sine);
  return unit([
    a[0] * weightA + b[0] * weightB,
    a[1] * weightA + b[1] * weightB,
    a[2] * weightA + b[2] * weightB,
    a[3] * weightA + b[3] * weightB,
  ]);
}

function unit(q: Rotation): Rotation {
  const size = Math.hypot(...q);
  return [q[0] / size, q[1] / size, q[2] / size, q[3] / size];
}

/** Rotation whose columns are the images of x, y and z: three orthonormal, right-handed vectors. */
export function rotationFromAxes(x: Vector3, y: Vector3, z: Vector3): Rotation {
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4];
  }
  if (x[0] > y[1] && x[0] > z[2]) {
    const s = 2 * Math.sqrt(1 + x[0] - y[1] - z[2]);
    return [s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s];
  }
  if (y[1] > z[2]) {
    const s = 2 * Math.sqrt(1 + y[1] - x[0] - z[2]);
    return [(y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s, (z[0] - x[2]) / s];
  }
  const s = 2 * Math.sqrt(1 + z[2] - x[0] - y[1]);
  return [(z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4, (x[1] - y[0]) / s];
}

/** How a rigid part stands: points of the part go to `rotate(rotation, point) + origin`. */
export interface Placement {
  readonly origin: Vector3;
  readonly rotation: Rotation;
}

export function place(placement: Placement, point: Vector3): Vector3 {
  return add(rotate(placement.rotation, point), placement.origin);
}

/** How a part stands whose points are mirrored, as is the world around it. */
export function mirrorPlacement({ origin, rotation }: Placement): Placement {
  return { origin: mirror(origin), rotation: mirrorRotation(rotation) };
}
