import { add, cross, dot, normalize, scale, type Vector3 } from '../vector.ts';

/** Column-major matrix of a parallel light's view of a ball around `center`: x, y, depth in -1..1. */
export function lightProjection(toLight: Vector3, center: Vector3, radius: number): Float32Array {
  const z = normalize(toLight);
  const x = normalize(cross(Math.abs(z[2]) > 0.95 ? [1, 0, 0] : [0, 0, 1], z));
  const y = cross(z, x);
  const near = add(center, scale(z, radius));
  const s = 1 / radius;
  const depth = 2 / (3 * radius);
  const column = (axis: 0 | 1 | 2): number[] => [x[axis] * s, y[axis] * s, -z[axis] * depth, 0];
  return Float32Array.from([
    ...column(0),
    ...column(1),
    ...column(2),
    -dot(x, center) * s,
    -dot(y, center) * s,
    dot(z, near) * depth - 1,
    1,
  ]);
}
