import { describe, expect, it } from 'vitest';
import { applySimilarity, bestSimilarity } from '../../../accuracy/score/similarity.ts';
import { mean, quantile, rootMeanSquare, runsOf } from '../../../accuracy/score/summary.ts';

const points = [
  [0, 0, 0],
  [1, 0, 0],
  [0, 2, 0],
  [0, 0, 3],
  [1, 1, 1],
];

describe('bestSimilarity', () => {
  it('finds turn, size and shift again', () => {
    const [c, s] = [Math.cos(2.1), Math.sin(2.1)];
    const moved = points.map(([x = 0, y = 0, z = 0]) => [2 * (c * x - s * y) + 5, 2 * (s * x + c * y) - 1, 2 * z + 7]);
    const best = bestSimilarity(points, moved);
    if (!best) throw new Error('No similarity was found.');
    expect(best.scale).toBeCloseTo(2, 9);
    points.forEach((point, index) => {
      applySimilarity(best, point).forEach((value, axis) => {
        expect(value).toBeCloseTo(moved[index]?.[axis] ?? Number.NaN, 9);
      });
    });
  });

  it('never mirrors', () => {
    const mirrored = points.map(([x = 0, y = 0, z = 0]) => [-x, y, z]);
    const best = bestSimilarity(points, mirrored);
    if (!best) throw new Error('No similarity was found.');
    const [[a, b, c], [d, e, f], [g, h, i]] = best.rotation as [
      [number, number, number],
      [number, number, number],
      [number, number, number],
    ];
    expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(1, 9);
  });

  it('says nothing of too little', () => {
    expect(bestSimilarity(points.slice(0, 2), points.slice(0, 2))).toBeUndefined();
    expect(
      bestSimilarity(
        [points[0], points[0], points[0]].map((p) => p ?? []),
        points.slice(0, 3),
      ),
    ).toBeUndefined();
  });
});

describe('figures', () => {
  it('pass over what is missing', () => {
    expect(mean([1, Number.NaN, 3])).toBe(2);
    expect(mean([])).toBeNaN();
    expect(rootMeanSquare([3, -3, Number.NaN])).toBe(3);
    expect(quantile([4, Number.NaN, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([], 0.5)).toBeNaN();
    expect(runsOf([true, false, true, true])).toEqual({ count: 2, longest: 2 });
  });
});
