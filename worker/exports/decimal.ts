/** Rounds to a number of decimals, for text that people read. */
export function decimal(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
