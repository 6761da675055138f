import { describe, expect, it } from 'vitest';
import { fillGaps } from '../../../worker/biomechanics/fill-gaps.ts';
import { presentRuns } from '../../../worker/biomechanics/sample-runs.ts';

const timesSeconds = Float64Array.from({ length: 60 }, (_, i) => i / 30);
const sine = timesSeconds.map((time) => Math.sin(2 * Math.PI * time));
const without = (...missing: number[]): Float64Array => sine.map((v, i) => (missing.includes(i) ? Number.NaN : v));

describe('fillGaps', () => {
  it('fills a short gap close to the truth and leaves the rest untouched', () => {
    const values = without(20, 21, 22);
    const filled = fillGaps({ timesSeconds, values, maximumGapSeconds: 0.2 });
    for (const i of [20, 21, 22]) expect(Math.abs((filled[i] as number) - (sine[i] as number))).toBeLessThan(0.04);
    expect(filled.filter((_, i) => i < 20 || i > 22)).toEqual(sine.filter((_, i) => i < 20 || i > 22));
    expect(values[20]).toBeNaN();
  });

  it('goes by seconds: the same gap is filled or not by its length in time', () => {
    const values = without(20, 21, 22);
    const filled = (maximumGapSeconds: number): number =>
      fillGaps({ timesSeconds, values, maximumGapSeconds })[21] as number;
    expect(filled(0.13)).toBeNaN();
    expect(filled(0.14)).not.toBeNaN();
    const slower = timesSeconds.map((time) => time * 2);
    expect(fillGaps({ timesSeconds: slower, values, maximumGapSeconds: 0.14 })[21]).toBeNaN();
  });

  it('never goes beyond the samples on both sides', () => {
    const values = Float64Array.from([0, 0, 0, Number.NaN, Number.NaN, 10, 10, 10]);
    const filled = fillGaps({ timesSeconds: timesSeconds.slice(0, 8), values, maximumGapSeconds: 1 });
    for (const value of filled) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(10);
    }
  });

  it('is exact on a line with uneven times', () => {
    const times = Float64Array.from([0, 0.1, 0.15, 0.4, 0.5]);
    const values = times.map((time, i) => (i === 2 ? Number.NaN : 3 * time));
    expect(fillGaps({ timesSeconds: times, values, maximumGapSeconds: 1 })[2]).toBeCloseTo(0.45, 12);
  });

  it('leaves the ends, and signals with nothing in them', () => {
    const values = without(0, 1, 58, 59);
    const filled = fillGaps({ timesSeconds, values, maximumGapSeconds: 1 });
    for (const i of [0, 1, 58, 59]) expect(filled[i]).toBeNaN();
    expect(
      fillGaps({ timesSeconds, values: sine.map(() => Number.NaN), maximumGapSeconds: 1 }).every(Number.isNaN),
    ).toBe(true);
  });
});

describe('presentRuns', () => {
  it('parts at missing samples of any channel and at pauses', () => {
    const times = Float64Array.from([0, 1, 2, 3, 9, 10, 11]);
    const first = Float64Array.from([1, 1, 1, 1, 1, 1, Number.NaN]);
    const second = Float64Array.from([1, Number.NaN, 1, 1, 1, 1, 1]);
    expect(presentRuns({ timesSeconds: times, channels: [first, second], maximumIntervalSeconds: 2 })).toEqual([
      { first: 0, end: 1 },
      { first: 2, end: 4 },
      { first: 4, end: 6 },
    ]);
  });
});
