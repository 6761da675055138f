/**
 * Fills short gaps (NaN) between present samples with a shape-preserving cubic: it never goes beyond the samples on
 * both sides, so that a guess cannot become a peak. Gaps at an end, and longer ones, stay NaN. Returns a new array.
 * Source: Fritsch and Carlson 1980, doi 10.1137/0717021; slopes by Fritsch and Butland (weighted harmonic mean).
 */
export function fillGaps(options: {
  /** Strictly increasing. */
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
  /** Time between the samples on both sides of a gap that is still filled. */
  readonly maximumGapSeconds: number;
}): Float64Array {
  const { timesSeconds, values, maximumGapSeconds } = options;
  const filled = Float64Array.from(values);
  if (!values.some(Number.isNaN)) return filled;
  const present = presentIndices(values);
  for (let at = 0; at + 1 < present.length; at++) {
    const left = present[at] as number;
    const right = present[at + 1] as number;
    if (right === left + 1) continue;
    const width = (timesSeconds[right] as number) - (timesSeconds[left] as number);
    if (width > maximumGapSeconds) continue;
    const knots = { timesSeconds, values, present };
    const slopeLeft = slopeAt(knots, at);
    const slopeRight = slopeAt(knots, at + 1);
    for (let i = left + 1; i < right; i++) {
      const u = ((timesSeconds[i] as number) - (timesSeconds[left] as number)) / width;
      const v = 1 - u;
      filled[i] =
        (1 + 2 * u) * v * v * (values[left] as number) +
        u * v * v * width * slopeLeft +
        u * u * (3 - 2 * u) * (values[right] as number) -
        u * u * v * width * slopeRight;
    }
  }
  return filled;
}

function presentIndices(values: Float64Array): number[] {
  const present: number[] = [];
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) present.push(i);
  });
  return present;
}

interface Knots {
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
  readonly present: readonly number[];
}

/** Slope of the interpolant at the present sample number `at`; zero where the samples turn. */
function slopeAt(knots: Knots, at: number): number {
  const before = secant(knots, at - 1);
  const after = secant(knots, at);
  if (before === undefined || after === undefined) return (before ?? after)?.slope ?? 0;
  if (before.slope * after.slope <= 0) return 0;
  const weightBefore = 2 * after.width + before.width;
  const weightAfter = after.width + 2 * before.width;
  return (weightBefore + weightAfter) / (weightBefore / before.slope + weightAfter / after.slope);
}

/** Between the present samples number `at` and `at + 1`. */
function secant({ timesSeconds, values, present }: Knots, at: number): { slope: number; width: number } | undefined {
  const left = present[at];
  const right = present[at + 1];
  if (left === undefined || right === undefined) return undefined;
  const width = (timesSeconds[right] as number) - (timesSeconds[left] as number);
  return { slope: ((values[right] as number) - (values[left] as number)) / width, width };
}
