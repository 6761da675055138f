import { describe, expect, it } from 'vitest';
import { createOneEuroFilter } from '../../../worker/biomechanics/one-euro-filter.ts';

const options = { minimumCutoffHertz: 1, beta: 0, derivativeCutoffHertz: 1 };
/** Share of a step that a first-order low-pass takes in one sample. */
const share = (cutoffHertz: number, interval: number): number => 1 / (1 + 1 / (2 * Math.PI * cutoffHertz * interval));

describe('createOneEuroFilter', () => {
  it('passes the first value and a constant unchanged', () => {
    const filter = createOneEuroFilter({ ...options, beta: 10 });
    for (let i = 0; i < 20; i++) expect(filter.filter(3.5, i / 30, 1)).toBe(3.5);
  });

  it('answers a step as a first-order low-pass where beta is zero, on uneven times', () => {
    const filter = createOneEuroFilter(options);
    filter.filter(0, 0, 1);
    let expected = 0;
    let time = 0;
    for (const interval of [0.01, 0.05, 0.02, 0.2]) {
      time += interval;
      expected += share(1, interval) * (1 - expected);
      expect(filter.filter(1, time, 1)).toBeCloseTo(expected, 12);
    }
  });

  it('opens with speed: the cut-off rises by beta times the low-passed speed', () => {
    const filter = createOneEuroFilter({ ...options, beta: 2 });
    filter.filter(0, 0, 1);
    const interval = 0.1;
    const speed = share(1, interval) * (1 / interval);
    expect(filter.filter(1, interval, 1)).toBeCloseTo(share(1 + 2 * speed, interval), 12);
  });

  it('is the same for any unit when the scale undoes it', () => {
    const pixels = createOneEuroFilter({ ...options, beta: 10 });
    const fractions = createOneEuroFilter({ ...options, beta: 10 });
    for (let i = 0; i < 30; i++) {
      const value = Math.sin(i / 3);
      expect(pixels.filter(value * 400, i / 25, 1 / 400) / 400).toBeCloseTo(fractions.filter(value, i / 25, 1), 12);
    }
  });

  it('answers a repeated time with what it said before, and is not disturbed by it', () => {
    const filter = createOneEuroFilter(options);
    const undisturbed = createOneEuroFilter(options);
    filter.filter(0, 0, 1);
    undisturbed.filter(0, 0, 1);
    const before = filter.filter(1, 0.1, 1);
    undisturbed.filter(1, 0.1, 1);
    expect(filter.filter(9, 0.1, 1)).toBe(before);
    expect(filter.filter(2, 0.2, 1)).toBe(undisturbed.filter(2, 0.2, 1));
  });
});
