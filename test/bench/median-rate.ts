/** Runs a second, from the milliseconds of each. */
export function medianRate(milliseconds: readonly number[]): number {
  const ordered = milliseconds.toSorted((a, b) => a - b);
  return 1000 / (ordered[Math.floor(ordered.length / 2)] ?? Number.NaN);
}
