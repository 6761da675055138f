import { describe, expect, it } from 'vitest';
import { adaptiveLowPass, highestCutoffHertz, whiteNoise } from '../../../worker/biomechanics/adaptive-low-pass.ts';
import { cubicSpline } from '../../../worker/biomechanics/cubic-spline.ts';
import { lowPass } from '../../../worker/biomechanics/low-pass.ts';
import { seededNoise } from './seeded-noise.ts';

/** Even times with every interval stretched or shrunk by up to 40 %, and one frame dropped. */
function unevenTimes(count: number, framesPerSecond: number): Float64Array {
  const noise = seededNoise(5);
  const times: number[] = [];
  let time = 0;
  for (let i = 0; times.length < count; i++) {
    if (i !== 50) times.push(time);
    time += (1 + Math.max(-0.4, Math.min(0.4, 0.2 * noise()))) / framesPerSecond;
  }
  return Float64Array.from(times);
}

const rootMeanSquare = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);

describe('cubicSpline', () => {
  it('goes through its knots and follows a sine between them', () => {
    const times = unevenTimes(120, 30);
    const values = times.map((time) => Math.sin(4 * time));
    const between = times.slice(5, -5).map((time) => time + 0.01);
    expect(
      rootMeanSquare(cubicSpline({ times, values, at: times }).map((v, i) => v - (values[i] as number))),
    ).toBeLessThan(1e-12);
    cubicSpline({ times, values, at: between }).forEach((value, i) => {
      expect(value).toBeCloseTo(Math.sin(4 * (between[i] as number)), 4);
    });
  });

  it('draws a line through two knots and a constant through one', () => {
    expect([...cubicSpline({ times: [0, 2], values: [1, 5], at: [0, 0.5, 2] })]).toEqual([1, 2, 5]);
    expect([...cubicSpline({ times: [1], values: [3], at: [0, 9] })]).toEqual([3, 3]);
  });
});

describe('lowPass', () => {
  it('passes slow motion and stops fast noise on uneven times, without delay', () => {
    const timesSeconds = unevenTimes(400, 60);
    const truth = timesSeconds.map((time) => Math.sin(2 * Math.PI * time));
    const noise = seededNoise(1);
    const values = truth.map((value) => value + 0.1 * noise());
    const filtered = lowPass({ timesSeconds, values, cutoffHertz: 5, maximumIntervalSeconds: 0.2 });
    const error = filtered.map((value, i) => value - (truth[i] as number));
    expect(rootMeanSquare(error)).toBeLessThan(0.05);
    // A delay of d seconds would leave an error of 2 pi d cos(2 pi t).
    const delay = error.reduce((sum, e, i) => sum + e * Math.cos(2 * Math.PI * (timesSeconds[i] as number)), 0) / 200;
    expect(Math.abs(delay / (2 * Math.PI))).toBeLessThan(0.002);
  });

  it('keeps missing samples missing and does not look across them', () => {
    const timesSeconds = Float64Array.from({ length: 100 }, (_, i) => i / 50);
    const values = timesSeconds.map((_, i) => (i === 40 ? Number.NaN : i < 40 ? 0 : 1));
    const filtered = lowPass({ timesSeconds, values, cutoffHertz: 4, maximumIntervalSeconds: 0.2 });
    expect(filtered[40]).toBeNaN();
    expect(filtered.slice(0, 40).every((value) => Math.abs(value) < 1e-9)).toBe(true);
    expect(filtered.slice(41).every((value) => Math.abs(value - 1) < 1e-9)).toBe(true);
  });
});

describe('adaptiveLowPass', () => {
  /** Two seconds still, a swing of 200 to and fro within 0.16 s, two seconds still. */
  const burst = (time: number): number =>
    time < 2 || time > 2.16 ? 0 : 100 * (1 - Math.cos((2 * Math.PI * (time - 2)) / 0.16));

  it.each([60, 120, 240])('keeps a burst and stills the rest, at %i frames a second', (framesPerSecond) => {
    const timesSeconds = Float64Array.from(
      { length: Math.round(4.2 * framesPerSecond) },
      (_, i) => i / framesPerSecond,
    );
    const truth = timesSeconds.map(burst);
    const noise = seededNoise(3);
    const values = truth.map((value) => value + noise());
    const { channels, cutoffsHertz } = adaptiveLowPass({ timesSeconds, channels: [values] });
    const filtered = channels[0] as Float64Array;
    const error = (from: number, to: number): number =>
      rootMeanSquare(
        filtered.filter((_, i) => within(i, from, to)).map((value, i) => value - burst(from + i / framesPerSecond)),
      );
    const within = (i: number, from: number, to: number): boolean => {
      const frame = Math.round(from * framesPerSecond);
      return i >= frame && i < Math.round(to * framesPerSecond);
    };
    expect(error(0.2, 1.6)).toBeLessThan(0.6);
    expect(error(2, 2.16)).toBeLessThan(2);
    expect(Math.max(...filtered)).toBeGreaterThan(196);
    expect(cutoffsHertz[Math.round(framesPerSecond)]).toBeLessThan(5);
    expect(cutoffsHertz[Math.round(2.08 * framesPerSecond)]).toBeGreaterThan(9);
    // The 6 Hz that is usual for gait takes a good part of it away.
    const gait = lowPass({ timesSeconds, values, cutoffHertz: 6, maximumIntervalSeconds: 0.2 });
    expect(Math.max(...gait)).toBeLessThan(192);
  });

  it('takes the gentlest filter where it cannot tell noise from motion', () => {
    const timesSeconds = Float64Array.from({ length: 8 }, (_, i) => i / 30);
    const { cutoffsHertz } = adaptiveLowPass({ timesSeconds, channels: [timesSeconds.map((t) => Math.sin(20 * t))] });
    expect([...cutoffsHertz]).toEqual(new Array(8).fill(12));
  });

  it('limits the cut-off by the frame rate', () => {
    expect([24, 30, 60, 240].map(highestCutoffHertz)).toEqual([0.4 * 24, 12, 20, 20]);
  });

  it('measures white noise under motion', () => {
    const noise = seededNoise(9);
    const values = Float64Array.from({ length: 3000 }, (_, i) => 80 * Math.sin(i / 30) + 2 * noise());
    expect(whiteNoise(values)).toBeGreaterThan(1.9);
    expect(whiteNoise(values)).toBeLessThan(2.1);
  });
});
