/** Measured values as people read them. */
import type { MetricNorm, MetricUnit, MetricValue } from '../biomechanics/metric.ts';

export const unitWords: Readonly<Record<MetricUnit, string>> = {
  degrees: '°',
  'degrees/second': '°/s',
  milliseconds: 'ms',
  seconds: 's',
  percent: '%',
  'metres/second': 'm/s',
};

/** Never more digits than the half width of an interval allows; below 0: tens, hundreds … */
export function decimalsFor(halfWidth: number): number {
  if (!(halfWidth > 0)) return 0;
  const places = -Math.floor(Math.log10(halfWidth));
  return Math.min(3, places < -1 ? places + 1 : Math.max(0, places));
}

/** With a true minus. */
export function numberWords(value: number, decimals: number): string {
  const step = 10 ** Math.max(0, -decimals);
  const digits = (Math.round(Math.abs(value) / step) * step || 0).toFixed(0);
  const words = decimals <= 0 ? digits : Math.abs(value).toFixed(decimals);
  return value < 0 && Number(words) !== 0 ? `\u2212${words}` : words;
}

/** "± 4" where the value lies in the middle of its interval, else "99 to 107". */
export function intervalWords(value: number, [low, high]: readonly [number, number]): string {
  const [below, above] = [value - low, high - value];
  const decimals = decimalsFor((high - low) / 2);
  if (Math.abs(below - above) <= 0.2 * (high - low)) return `± ${numberWords((high - low) / 2, decimals)}`;
  return `${numberWords(low, decimals)} to ${numberWords(high, decimals)}`;
}

export interface NormRange {
  readonly low: number;
  readonly high: number;
}

/** From the 10th to the 90th percentile, where our definition would see them; of a normal spread where not told. */
export function normRange({ mean, sd, p10, p90, offset }: MetricNorm): NormRange {
  const shift = offset?.value ?? 0;
  return { low: (p10 ?? mean - 1.2816 * sd) + shift, high: (p90 ?? mean + 1.2816 * sd) + shift };
}

export type NormVerdict = 'inside' | 'below' | 'above' | 'unsure';

/** Outside only where the whole interval is: a difference within the error is none. */
export function verdictOf(value: MetricValue, norm: MetricNorm): NormVerdict | undefined {
  if (!('value' in value)) return undefined;
  const { low, high } = normRange(norm);
  const [from, to] = value.interval ?? [value.value, value.value];
  if (to < low) return 'below';
  if (from > high) return 'above';
  return from >= low && to <= high ? 'inside' : 'unsure';
}
