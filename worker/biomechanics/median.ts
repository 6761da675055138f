/** Median of the finite values; NaN when there are none. The argument is not changed. */
export function median(values: ArrayLike<number>): number {
  const finite = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) finite[count++] = value;
  }
  if (count === 0) return Number.NaN;
  const middle = count >> 1;
  const upper = select(finite, middle, count);
  if (count % 2 === 1) return upper;
  // Selecting leaves everything smaller to the left of the middle.
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < middle; i++) lower = Math.max(lower, finite[i] as number);
  return (lower + upper) / 2;
}

/** Standard deviation of a normal distribution with the same median absolute value as `deviations`. */
export function robustDeviation(deviations: ArrayLike<number>): number {
  const absolute = new Float64Array(deviations.length);
  for (let i = 0; i < absolute.length; i++) absolute[i] = Math.abs(deviations[i] as number);
  return median(absolute) / 0.674_489_75;
}

/** The value that would stand at `rank` if the first `count` were sorted; reorders them (Hoare's quickselect). */
function select(values: Float64Array, rank: number, count: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const kept = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = kept;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank] as number;
}
