/** Median of the finite values; NaN when there are none. The argument is not changed. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Standard deviation of a normal distribution with the same median absolute value as `deviations`. */
export function robustDeviation(deviations: ArrayLike<number>): number {
  return median(Float64Array.from(deviations, Math.abs)) / 0.674_489_75;
}
