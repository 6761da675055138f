import { describe, expect, it } from 'vitest';
import { findOutliers } from '../../../worker/biomechanics/find-outliers.ts';
import { seededNoise } from './seeded-noise.ts';

interface Signal {
  readonly framesPerSecond: number;
  readonly path: (timeSeconds: number) => readonly [number, number];
  readonly leaps?: Readonly<Record<number, number>>;
  readonly visibility?: number;
}

/** Three seconds with noise of 1; `leaps` moves single frames sideways. */
function flagged({ framesPerSecond, path, leaps = {}, visibility = 1 }: Signal): number[] {
  const count = 3 * framesPerSecond;
  const timesSeconds = Float64Array.from({ length: count }, (_, i) => i / framesPerSecond);
  const noise = seededNoise(11);
  const channels = ([0, 1] as const).map((axis) =>
    timesSeconds.map((time, i) => path(time)[axis] + noise() + (axis === 0 ? (leaps[i] ?? 0) : 0)),
  );
  const flags = findOutliers({
    timesSeconds,
    channels,
    visibilities: new Float64Array(count).fill(visibility),
    floor: 10,
  });
  return [...flags].flatMap((flag, i) => (flag ? [i] : []));
}

const walk = (time: number) => [300 * time + 20 * Math.sin(6 * time), 50 * Math.cos(6 * time)] as const;
/** A throw: 0.15 s from rest over 600 pixels, at most 6,300 pixels a second. */
const pitch = (time: number) => {
  const share = Math.min(1, Math.max(0, (time - 1.5) / 0.15));
  return [300 * (1 - Math.cos(Math.PI * share)), 0] as const;
};
const still = () => [100, 100] as const;

describe('findOutliers', () => {
  it('finds single leaps and short bursts, first and last of the good samples excepted', () => {
    const leaps = { 20: 60, 40: -80, 41: -85, 42: -82 };
    expect(flagged({ framesPerSecond: 30, path: walk, leaps })).toEqual([20, 40, 41, 42]);
    expect(flagged({ framesPerSecond: 30, path: still, leaps })).toEqual([20, 40, 41, 42]);
  });

  it('finds longer bursts at high frame rates', () => {
    const leaps = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [300 + i, 90]));
    expect(flagged({ framesPerSecond: 240, path: walk, leaps })).toEqual(Array.from({ length: 20 }, (_, i) => 300 + i));
  });

  it.each([30, 60, 120, 240])('flags nothing of a throw at %i frames a second', (framesPerSecond) => {
    expect(flagged({ framesPerSecond, path: pitch })).toEqual([]);
    expect(flagged({ framesPerSecond, path: walk })).toEqual([]);
  });

  it('does not take a lasting change for an outlier', () => {
    const leaps = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [45 + i, 90]));
    expect(flagged({ framesPerSecond: 30, path: still, leaps })).toEqual([]);
  });

  it('lowers the bar for what is hardly visible', () => {
    const leaps = { 30: 7 };
    expect(flagged({ framesPerSecond: 30, path: still, leaps, visibility: 1 })).toEqual([]);
    const hidden = flagged({ framesPerSecond: 30, path: still, leaps: { 30: 9.5 }, visibility: 0 });
    expect(hidden).toEqual([30]);
  });

  it('passes over missing samples', () => {
    const timesSeconds = Float64Array.from({ length: 30 }, (_, i) => i / 30);
    const values = timesSeconds.map((_, i) => (i === 10 ? Number.NaN : i === 9 ? 80 : 0));
    const flags = findOutliers({
      timesSeconds,
      channels: [values],
      visibilities: new Float64Array(30).fill(1),
      floor: 10,
    });
    expect([...flags].flatMap((flag, i) => (flag ? [i] : []))).toEqual([9]);
  });
});
