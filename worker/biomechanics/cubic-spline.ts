/**
 * Values of the natural cubic spline through (times, values) at other times. Both time arrays ascend; outside the
 * knots the nearest end piece goes on. One knot gives a constant, two a line. No missing samples.
 * Source: Press et al., Numerical Recipes, section 3.3.
 */
export function cubicSpline(options: {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly at: ArrayLike<number>;
}): Float64Array {
  const { times, values, at } = options;
  const result = new Float64Array(at.length);
  if (times.length < 2) return result.fill(values[0] ?? Number.NaN);
  const curvatures = naturalCurvatures(times, values);
  let piece = 0;
  for (let i = 0; i < at.length; i++) {
    const time = at[i] as number;
    while (piece < times.length - 2 && (times[piece + 1] as number) < time) piece++;
    const left = times[piece] as number;
    const width = (times[piece + 1] as number) - left;
    const b = (time - left) / width;
    const a = 1 - b;
    const bend = ((a ** 3 - a) * (curvatures[piece] as number) + (b ** 3 - b) * (curvatures[piece + 1] as number)) / 6;
    result[i] = a * (values[piece] as number) + b * (values[piece + 1] as number) + bend * width * width;
  }
  return result;
}

/** Second derivatives at the knots, zero at both ends: a tridiagonal system, solved by Thomas' algorithm. */
function naturalCurvatures(times: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
  const count = times.length;
  const curvatures = new Float64Array(count);
  const upper = new Float64Array(count);
  for (let i = 1; i < count - 1; i++) {
    const before = (times[i] as number) - (times[i - 1] as number);
    const after = (times[i + 1] as number) - (times[i] as number);
    const slopeBefore = ((values[i] as number) - (values[i - 1] as number)) / before;
    const slopeAfter = ((values[i + 1] as number) - (values[i] as number)) / after;
    const pivot = 2 * (before + after) - before * (upper[i - 1] as number);
    upper[i] = after / pivot;
    curvatures[i] = (6 * (slopeAfter - slopeBefore) - before * (curvatures[i - 1] as number)) / pivot;
  }
  for (let i = count - 2; i > 0; i--) {
    curvatures[i] = (curvatures[i] as number) - (upper[i] as number) * (curvatures[i + 1] as number);
  }
  return curvatures;
}
