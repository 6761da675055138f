import { describe, expect, it } from 'vitest';
import { median, robustDeviation } from '../../../worker/biomechanics/median.ts';
import {
  angleBetweenDegrees,
  leanFromVerticalDegrees,
  threePointAngleDegrees,
} from '../../../worker/biomechanics/vectors.ts';
import { seededNoise } from './seeded-noise.ts';

describe('angles between vectors', () => {
  it.each([0, 0.0001, 30, 90, 135, 179.9999, 180])('measures %d degrees in the plane and in space', (degrees) => {
    const radians = (degrees * Math.PI) / 180;
    const to = [5 * Math.cos(radians), 5 * Math.sin(radians)];
    expect(angleBetweenDegrees([2, 0], to)).toBeCloseTo(degrees, 8);
    expect(
      threePointAngleDegrees({ from: [3, 1, 7], vertex: [1, 1, 7], to: [1 + (to[0] ?? 0), 1, 7 + (to[1] ?? 0)] }),
    ).toBeCloseTo(degrees, 8);
  });

  it('is NaN where a point is missing or two fall together', () => {
    expect(threePointAngleDegrees({ from: [1, Number.NaN], vertex: [0, 0], to: [0, 1] })).toBeNaN();
    expect(threePointAngleDegrees({ from: [1, 1], vertex: [1, 1], to: [0, 1] })).toBeNaN();
  });

  it('measures lean from the vertical with the sign of the picture', () => {
    expect(leanFromVerticalDegrees({ base: [10, 100], top: [10, 20] })).toBe(0);
    expect(leanFromVerticalDegrees({ base: [0, 100], top: [50, 50] })).toBeCloseTo(45, 10);
    expect(leanFromVerticalDegrees({ base: [0, 100], top: [-50, 50] })).toBeCloseTo(-45, 10);
    expect(leanFromVerticalDegrees({ base: [0, 0], top: [10, 0] })).toBeCloseTo(90, 10);
    expect(leanFromVerticalDegrees({ base: [1, 1], top: [1, 1] })).toBeNaN();
  });
});

describe('median', () => {
  it('agrees with sorting, for many lengths, with ties and missing values', () => {
    const noise = seededNoise(2);
    for (let count = 1; count < 60; count++) {
      const values = Array.from({ length: count }, () => Math.round(4 * noise()) + 0.5);
      const sorted = [...values].sort((a, b) => a - b);
      const expected = ((sorted[(count - 1) >> 1] ?? 0) + (sorted[count >> 1] ?? 0)) / 2;
      expect(median([...values, Number.NaN])).toBe(expected);
    }
    expect(median([])).toBeNaN();
    expect(median([Number.NaN])).toBeNaN();
  });

  it('estimates a standard deviation that outliers do not move', () => {
    const noise = seededNoise(4);
    const values = Array.from({ length: 4000 }, (_, i) => (i % 10 === 0 ? 1000 : 3 * noise()));
    expect(robustDeviation(values)).toBeGreaterThan(3);
    expect(robustDeviation(values)).toBeLessThan(3.7);
  });
});
