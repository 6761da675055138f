import { describe, expect, it } from 'vitest';
import { planChunks, shotsOf } from '../../../worker/pipeline/chunk-plan.ts';

describe('planChunks', () => {
  it.each([1, 89, 90, 91, 110, 480, 481, 720, 5400])('covers %i frames exactly once, in order', (frameCount) => {
    const chunks = planChunks(frameCount, []);
    expect(chunks[0]?.firstFrame).toBe(0);
    expect(chunks.at(-1)?.endFrame).toBe(frameCount);
    for (let i = 1; i < chunks.length; i++) expect(chunks[i]?.firstFrame).toBe(chunks[i - 1]?.endFrame);
  });

  it('gives two workers something to do with a three-second clip', () => {
    expect(planChunks(90, []).length).toBe(2);
  });

  it.each([90, 133, 180, 614, 1200, 5400])('ends two workers together on %i frames', (frameCount) => {
    const lengths = planChunks(frameCount, []).map(({ firstFrame, endFrame }) => endFrame - firstFrame);
    expect(lengths.length % 2).toBe(0);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(240);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(lengths.length);
  });

  it('warms up before every chunk but the first', () => {
    const [first, second] = planChunks(240, []);
    expect(first?.startFrame).toBe(0);
    expect(second?.startFrame).toBe((second?.firstFrame ?? 0) - 8);
  });

  it('never warms up across a hard cut', () => {
    const chunks = planChunks(720, [177, 358]);
    expect(chunks.map((chunk) => chunk.startFrame)).toEqual([0, 177, 358, 532]);
  });
});

describe('shotsOf', () => {
  it('splits at the cuts', () => {
    expect(shotsOf(100, [30, 70])).toEqual([
      { firstFrame: 0, endFrame: 30 },
      { firstFrame: 30, endFrame: 70 },
      { firstFrame: 70, endFrame: 100 },
    ]);
  });
});
