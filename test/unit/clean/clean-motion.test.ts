import { describe, expect, it } from 'vitest';
import { keypointIndex } from '../../../models/skeletons.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import { cleanMotion } from '../../../worker/pipeline/clean-motion.ts';
import { copyOf, drawWalker, pixelsApart, skeleton, withoutSamples, withSwaps } from './drawn-walker.ts';

const options = { skeleton, cuts: [], framesPerSecond: 30 };
const everything = /./;
const truth = drawWalker({ noiseMetres: 0 });
const frameNumbers = [...truth.timesSeconds.keys()];
const range = (first: number, end: number): number[] => frameNumbers.slice(first, end);

function moved(motion: Motion, name: string, frames: readonly number[], pixels: number): Motion {
  const copy = copyOf(motion);
  for (const frame of frames) {
    const sample = frame * motion.keypointCount + keypointIndex(skeleton, name);
    copy.landmarks2d[sample * 4] = (copy.landmarks2d[sample * 4] ?? 0) + pixels;
  }
  return copy;
}

function visibilityOf(motion: Motion, name: string, frame: number): number {
  return motion.landmarks2d[(frame * motion.keypointCount + keypointIndex(skeleton, name)) * 4 + 2] ?? Number.NaN;
}

describe('cleanMotion', () => {
  it('brings noisy motion nearer to the truth, at the noise of a model and more', () => {
    for (const noiseMetres of [0.003, 0.01]) {
      const raw = drawWalker({ noiseMetres });
      const { motion, report } = cleanMotion(raw, options);
      expect(report).toMatchObject({ filledSamples: 0, outlierSamples: 0, swappedFrames: 0 });
      for (const name of ['nose', 'left_hip', 'right_wrist', 'left_ankle']) {
        expect(pixelsApart(motion, truth, name, frameNumbers)).toBeLessThan(
          0.9 * pixelsApart(raw, truth, name, frameNumbers),
        );
      }
    }
  });

  it('never changes the raw motion', () => {
    const raw = withoutSamples(withSwaps(drawWalker(), [37, 38], /ankle|knee|foot|heel/), [60, 61], everything);
    const before = copyOf(raw);
    cleanMotion(raw, options);
    expect(raw).toEqual(before);
  });

  it('repairs a swap', () => {
    const raw = withSwaps(drawWalker(), [36, 37, 38], /ankle|knee|foot|heel/);
    const { motion, report } = cleanMotion(raw, options);
    expect(report.swappedFrames).toBe(3);
    expect(pixelsApart(motion, truth, 'left_ankle', [36, 37, 38])).toBeLessThan(3);
  });

  it('replaces an outlier and lowers its visibility', () => {
    const raw = moved(drawWalker(), 'right_wrist', [50, 51], 120);
    raw.landmarks2d[(49 * raw.keypointCount + keypointIndex(skeleton, 'right_wrist')) * 4 + 2] = 0.6;
    const { motion, report } = cleanMotion(raw, options);
    expect(report.outlierSamples).toBe(2);
    expect(pixelsApart(motion, truth, 'right_wrist', [50, 51])).toBeLessThan(8);
    expect(visibilityOf(motion, 'right_wrist', 50)).toBeCloseTo(0.6, 6);
    expect(visibilityOf(motion, 'right_wrist', 53)).toBeCloseTo(0.95, 6);
  });

  it('fills a short gap in every component and leaves a long one', () => {
    const raw = withoutSamples(withoutSamples(drawWalker(), range(30, 34), everything), range(70, 85), everything);
    const { motion, report } = cleanMotion(raw, options);
    expect(report.filledSamples).toBe(4 * skeleton.names.length);
    expect(pixelsApart(motion, truth, 'left_shoulder', range(30, 34))).toBeLessThan(3);
    expect(pixelsApart(motion, truth, 'left_ankle', range(30, 34))).toBeLessThan(12);
    const samples = (frame: number, array: Float32Array, width: number): Float32Array =>
      array.subarray(frame * motion.keypointCount * width, (frame + 1) * motion.keypointCount * width);
    for (const frame of [30, 33]) {
      expect(samples(frame, motion.landmarks2d, 4).every(Number.isFinite)).toBe(true);
      expect(samples(frame, motion.landmarks3d, 3).every(Number.isFinite)).toBe(true);
    }
    for (const frame of [70, 84]) {
      expect(samples(frame, motion.landmarks2d, 4).every(Number.isNaN)).toBe(true);
      expect(samples(frame, motion.landmarks3d, 3).every(Number.isNaN)).toBe(true);
    }
  });

  it('carries nothing across a cut: each shot is cleaned as if it were alone', () => {
    const whole = moved(drawWalker(), 'left_wrist', range(60, 120), 300);
    const cut = cleanMotion(whole, { ...options, cuts: [60] }).motion;
    const part = (motion: Motion, first: number, end: number): Motion => ({
      timesSeconds: motion.timesSeconds.slice(first, end),
      keypointCount: motion.keypointCount,
      landmarks2d: motion.landmarks2d.slice(first * motion.keypointCount * 4, end * motion.keypointCount * 4),
      landmarks3d: motion.landmarks3d.slice(first * motion.keypointCount * 3, end * motion.keypointCount * 3),
    });
    for (const [first, end] of [
      [0, 60],
      [60, 120],
    ] as const) {
      const alone = cleanMotion(part(whole, first, end), options).motion;
      expect(part(cut, first, end)).toEqual(alone);
    }
  });

  it('does not fill a gap that a cut lies in', () => {
    const raw = withoutSamples(drawWalker(), [59, 60], everything);
    const { motion, report } = cleanMotion(raw, { ...options, cuts: [60] });
    expect(report.filledSamples).toBe(0);
    expect(visibilityOf(motion, 'nose', 59)).toBeNaN();
  });

  it('goes by real times: a dropped frame does not bend the path', () => {
    const keep = frameNumbers.filter((frame) => frame !== 50);
    const dropped = (motion: Motion): Motion => ({
      keypointCount: motion.keypointCount,
      timesSeconds: motion.timesSeconds.filter((_, frame) => frame !== 50),
      landmarks2d: motion.landmarks2d.filter((_, i) => Math.floor(i / (4 * motion.keypointCount)) !== 50),
      landmarks3d: motion.landmarks3d.filter((_, i) => Math.floor(i / (3 * motion.keypointCount)) !== 50),
    });
    const { motion } = cleanMotion(dropped(truth), options);
    const around = keep.map((_, i) => i).slice(45, 55);
    expect(pixelsApart(motion, dropped(truth), 'left_ankle', around)).toBeLessThan(0.5);
  });

  it('copes with clips of one frame, of nobody, and at one frame a second', () => {
    const one = drawWalker({ seconds: 1 / 30 });
    expect(cleanMotion(one, options).motion).toEqual(one);
    expect(cleanMotion(one, options).report.cutoffHertz).toBeUndefined();
    const nobody = withoutSamples(truth, frameNumbers, everything);
    expect(cleanMotion(nobody, options).motion).toEqual(nobody);
    const slow = drawWalker({ seconds: 20, framesPerSecond: 1 });
    const { motion } = cleanMotion(slow, { ...options, framesPerSecond: 1 });
    expect(motion.landmarks2d.every(Number.isFinite)).toBe(true);
  });

  it('tells the cut-off of most of the motion', () => {
    const { cutoffHertz } = cleanMotion(drawWalker({ noiseMetres: 0.01 }), options).report;
    expect(cutoffHertz).toBeGreaterThanOrEqual(3);
    expect(cutoffHertz).toBeLessThanOrEqual(12);
  });
});
