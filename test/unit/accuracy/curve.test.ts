import { describe, expect, it } from 'vitest';
import { smoothCurve } from '../../accuracy/athlete/motion/curve.ts';

const times = Array.from({ length: 400 }, (_, index) => index * 0.005);

describe('smoothCurve', () => {
  it('keeps a straight line straight away from its ends', () => {
    const keys = Array.from({ length: 11 }, (_, index) => [index * 0.2, index * 0.2 * 3 - 1]);
    const curve = smoothCurve(keys, 0.01);
    for (const time of times.filter((value) => value > 0.5 && value < 1.5)) {
      expect(curve(time)[0]).toBeCloseTo(time * 3 - 1, 6);
    }
  });

  it('never leaves the range of its keys', () => {
    const curve = smoothCurve(
      [
        [0, 0],
        [0.3, 0],
        [0.35, 170],
        [0.4, 20],
        [1, 25],
      ],
      0.008,
    );
    for (const time of times) {
      const [value = Number.NaN] = curve(time);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(170);
    }
  });

  it('has no jump in its slope', () => {
    const curve = smoothCurve(
      [
        [0, 0],
        [0.5, 10],
        [0.6, 60],
        [1, 61],
      ],
      0.01,
    );
    const step = 1e-4;
    const slope = (time: number): number => ((curve(time + step)[0] ?? 0) - (curve(time - step)[0] ?? 0)) / (2 * step);
    for (const time of times) expect(Math.abs(slope(time + 0.001) - slope(time))).toBeLessThan(40);
  });

  it('stands still before the first and after the last key', () => {
    const curve = smoothCurve(
      [
        [1, 5, 7],
        [2, 6, 8],
      ],
      0.01,
    );
    expect(curve(0)).toEqual([expect.closeTo(5, 9), expect.closeTo(7, 9)]);
    expect(curve(9)).toEqual([expect.closeTo(6, 9), expect.closeTo(8, 9)]);
  });
});
