import { describe, expect, it } from 'vitest';
import {
  intervalWords,
  normBand,
  normBarPlaces,
  numberWords,
  standing,
  timeWords,
} from '../../../src-renderer/features/measure/metric-words.ts';
import type { MetricNorm } from '../../../worker/biomechanics/metric.ts';

const words = (value: number, half: number) => {
  const shown = numberWords({ value, interval: [value - half, value + half], unit: 'degrees' });
  return `${shown.value} ± ${shown.half}`;
};

describe('digits of a number', () => {
  it.each([
    [103.27, 4.1, '103 ± 4'],
    [86.347, 0.42, '86.3 ± 0.4'],
    [103.27, 14.2, '103 ± 14'],
    [103.27, 34, '100 ± 30'],
    [1053.4, 85.2, '1050 ± 90'],
    [-0.2, 3, '0 ± 3'],
    [-12.4, 1.96, '−12 ± 2'],
  ])('%f ± %f is %s', (value, half, expected) => {
    expect(words(value, half)).toBe(expected);
  });
  it('are whole degrees and hundredths of a second where no interval is known', () => {
    expect(numberWords({ value: 103.27, unit: 'degrees' })).toEqual({ value: '103' });
    expect(numberWords({ value: 0.4567, interval: [Number.NaN, Number.NaN], unit: 'seconds' })).toEqual({
      value: '0.46',
    });
  });
  it('of a moment are as many as its uncertainty allows', () => {
    expect(timeWords({ timeSeconds: 1.68342, uncertaintySeconds: 0.0121 })).toBe('1.683 ± 0.012');
    expect(timeWords({ timeSeconds: 1.68342, uncertaintySeconds: 0.03 })).toBe('1.68 ± 0.03');
    expect(timeWords({ timeSeconds: 1.68342, uncertaintySeconds: 0 })).toBe('1.683');
  });
  it('of an interval’s ends are those of the number', () => {
    expect(intervalWords([99.2, 107.4])).toBe('99 to 107');
  });
});

describe('a value against its norm', () => {
  const norm: MetricNorm = {
    ...{ mean: 50, sd: 10, p10: 38, p90: 62, source: 'a source', level: 'a level', method: 'a method' },
    offset: { value: 5, reason: 'another definition' },
  };
  it('is compared on our own scale', () => {
    expect(normBand(norm)).toEqual({ low: 43, high: 67, mean: 55 });
    const { p10: _, p90: __, ...plain } = norm;
    expect(normBand(plain).low).toBeCloseTo(55 - 12.816, 6);
  });
  it.each([
    [30, 5, 'below'],
    [40, 5, 'unclear'],
    [50, 5, 'within'],
    [64, 5, 'unclear'],
    [80, 5, 'above'],
  ])('%f ± %f is %s', (value, half, expected) => {
    expect(standing({ value, interval: [value - half, value + half] }, norm)).toBe(expected);
  });
  it('lies on the bar where it lies in the band, and at its end when farther out', () => {
    expect(normBarPlaces({ value: 55, interval: [45, 65] }, norm)).toMatchObject({ value: 0.5, mean: 0.5 });
    const { from, value, to, bandTo } = normBarPlaces({ value: 67, interval: [60, 300] }, norm);
    expect(value).toBe(bandTo);
    expect(from).toBeLessThan(value);
    expect(to).toBe(1);
  });
});
