/** Figures of many errors. All pass over NaN, and give NaN where nothing is left. */

export function mean(values: readonly number[]): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + value, 0) / (present.length || Number.NaN);
}

export function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}

/** `share` 0..1; between two values the line that joins them. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/** Runs of true, as [number of runs, length of the longest]. */
export function runsOf(flags: readonly boolean[]): { readonly count: number; readonly longest: number } {
  let [count, longest, length] = [0, 0, 0];
  for (const flag of flags) {
    length = flag ? length + 1 : 0;
    if (length === 1) count++;
    longest = Math.max(longest, length);
  }
  return { count, longest };
}
