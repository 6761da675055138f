import { dot, length, midpoint, subtract, type Vector } from '../../worker/biomechanics/vectors.ts';

export interface TrunkPoints {
  /** Metres, any right-handed axes. */
  readonly leftShoulder: Vector;
  readonly rightShoulder: Vector;
  readonly leftHip: Vector;
  readonly rightHip: Vector;
  /** The throwing hand. */
  readonly hand: 'left' | 'right';
}

/**
 * Turn of the hips' line ahead of the shoulders' line about the trunk's axis (middle of the hips to middle of the
 * shoulders), degrees, -180..180. Positive: the hips have opened farther towards the target than the shoulders.
 * NaN in, NaN out.
 */
export function hipShoulderSeparationDegrees(points: TrunkPoints): number {
  const hips = subtract(points.leftHip, points.rightHip);
  const shoulders = subtract(points.leftShoulder, points.rightShoulder);
  const trunk = subtract(
    midpoint(points.leftShoulder, points.rightShoulder),
    midpoint(points.leftHip, points.rightHip),
  );
  const size = length(trunk);
  const axis = trunk.map((value) => value / size);
  const across = (line: Vector): number[] =>
    line.map((value, at) => value - dot(line, axis) * (axis[at] ?? Number.NaN));
  const [a, b] = [across(shoulders), across(hips)];
  const turned =
    (axis[0] ?? 0) * ((a[1] ?? 0) * (b[2] ?? 0) - (a[2] ?? 0) * (b[1] ?? 0)) +
    (axis[1] ?? 0) * ((a[2] ?? 0) * (b[0] ?? 0) - (a[0] ?? 0) * (b[2] ?? 0)) +
    (axis[2] ?? 0) * ((a[0] ?? 0) * (b[1] ?? 0) - (a[1] ?? 0) * (b[0] ?? 0));
  const degrees = (Math.atan2(turned, dot(a, b)) * 180) / Math.PI;
  return points.hand === 'right' ? degrees : -degrees;
}
