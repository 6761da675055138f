/** Seconds since a `performance.now()` reading. */
export function secondsSince(startedMilliseconds: number): number {
  return (performance.now() - startedMilliseconds) / 1000;
}
