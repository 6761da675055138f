/** Numbers of metrics in words and signs: never more digits than their interval allows. */
import type { MetricNorm, MetricUnit } from '../../../worker/biomechanics/metric.ts';

/** After a number; degrees and percent stand close to it. */
export const unitSigns: Readonly<Record<MetricUnit, string>> = {
  degrees: '°',
  'degrees/second': '\u2009°/s',
  milliseconds: '\u2009ms',
  seconds: '\u2009s',
  percent: '\u2009%',
  'metres/second': '\u2009m/s',
};

/** Places after the point of a number whose error is unknown. */
const plainPlaces: Readonly<Record<MetricUnit, number>> = {
  degrees: 0,
  'degrees/second': 0,
  milliseconds: 0,
  seconds: 2,
  percent: 0,
  'metres/second': 1,
};

export interface NumberWords {
  readonly value: string;
  /** Half of the interval; absent where it is not known (yet). */
  readonly half?: string;
}

/**
 * The last digit shown is the first one of the interval's half, or the second one where that is a 1: "103 ± 4",
 * "86.3 ± 0.4", "50 ± 20", "103 ± 14".
 */
export function numberWords(measured: {
  readonly value: number;
  readonly interval?: readonly [low: number, high: number] | undefined;
  readonly unit: MetricUnit;
}): NumberWords {
  const { value, interval, unit } = measured;
  const half = interval === undefined ? Number.NaN : (interval[1] - interval[0]) / 2;
  if (!(half > 0)) return { value: withPlaces(value, plainPlaces[unit]) };
  const places = placesFor(half);
  return { value: withPlaces(value, places), half: withPlaces(half, places) };
}

/** Negative: places before the point that are not known. */
export function placesFor(half: number): number {
  const magnitude = Math.floor(Math.log10(half));
  const leading = half / 10 ** magnitude;
  // 1.96 is shown as 2, and needs no second digit.
  const significant = leading < 1.95 ? 2 : 1;
  return significant - 1 - magnitude;
}

export function withPlaces(value: number, places: number): string {
  const step = 10 ** -places;
  const rounded = places < 0 ? Math.round(value / step) * step : value;
  const text = rounded.toFixed(Math.max(0, places));
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '\u2212');
}

/** Low and high end with the digits of their number. */
export function intervalWords(interval: readonly [low: number, high: number]): string {
  const places = placesFor((interval[1] - interval[0]) / 2);
  return `${withPlaces(interval[0], places)} to ${withPlaces(interval[1], places)}`;
}

/** What the norm's middle eight tenths span, on our own scale. */
export function normBand(norm: MetricNorm): { readonly low: number; readonly high: number; readonly mean: number } {
  const shift = norm.offset?.value ?? 0;
  /** Of a normal distribution between its 10th and 90th percentile. */
  const share = 1.2816;
  return {
    low: (norm.p10 ?? norm.mean - share * norm.sd) + shift,
    high: (norm.p90 ?? norm.mean + share * norm.sd) + shift,
    mean: norm.mean + shift,
  };
}

export type Standing = 'below' | 'within' | 'above' | 'unclear';

/** Where a value lies against a norm: said only where its whole interval lies there. */
export function standing(
  measured: { readonly value: number; readonly interval?: readonly [number, number] | undefined },
  norm: MetricNorm,
): Standing {
  const { low, high } = normBand(norm);
  const [least, most] = measured.interval ?? [measured.value, measured.value];
  if (most < low) return 'below';
  if (least > high) return 'above';
  return least >= low && most <= high ? 'within' : 'unclear';
}

export const standingWords: Readonly<Record<Standing, string>> = {
  below: 'below',
  within: 'within',
  above: 'above',
  unclear: 'unclear',
};

/** Where things lie along a norm's bar, 0..1. */
export interface NormBarPlaces {
  readonly bandFrom: number;
  readonly bandTo: number;
  readonly mean: number;
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** The bar spans three and a half standard deviations to each side; what lies farther out stands at its end. */
export function normBarPlaces(
  measured: { readonly value: number; readonly interval?: readonly [number, number] | undefined },
  norm: MetricNorm,
): NormBarPlaces {
  const { low, high, mean } = normBand(norm);
  const reach = 3.5 * norm.sd;
  const place = (value: number): number => Math.min(1, Math.max(0, (value - mean + reach) / (2 * reach)));
  const [least, most] = measured.interval ?? [measured.value, measured.value];
  return {
    ...{ bandFrom: place(low), bandTo: place(high), mean: place(mean) },
    ...{ from: place(least), to: place(most), value: place(measured.value) },
  };
}

/** A moment's seconds with what is not known of them; a moment that was set stands at its frame. */
export function timeWords(event: { readonly timeSeconds: number; readonly uncertaintySeconds: number }): string {
  const { timeSeconds, uncertaintySeconds } = event;
  if (!(uncertaintySeconds > 0)) return timeSeconds.toFixed(3);
  const interval = [timeSeconds - uncertaintySeconds, timeSeconds + uncertaintySeconds] as const;
  const { value, half } = numberWords({ value: timeSeconds, interval, unit: 'seconds' });
  return `${value} ± ${half}`;
}
