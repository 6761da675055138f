import { describe, expect, it } from 'vitest';
import { nextShuttleRate, withLoopPoint } from '../../../src-renderer/features/analysis/shuttle.ts';

describe('shuttle', () => {
  it('starts at the chosen speed and doubles with each press', () => {
    const first = nextShuttleRate(0, 'L', 1);
    expect([first, nextShuttleRate(first, 'L', 1), nextShuttleRate(4, 'L', 1)]).toEqual([1, 2, 4]);
    expect(nextShuttleRate(0, 'J', 0.25)).toBe(-0.25);
  });

  it('turns round at once and stops with K', () => {
    expect(nextShuttleRate(4, 'J', 0.5)).toBe(-0.5);
    expect(nextShuttleRate(-2, 'L', 1)).toBe(1);
    expect(nextShuttleRate(-2, 'K', 1)).toBe(0);
  });
});

describe('loop points', () => {
  it('keeps the other end', () => {
    const loop = withLoopPoint(undefined, { end: 'first', frame: 10, frameCount: 100 });
    expect(loop).toEqual({ firstFrame: 10, lastFrame: 99 });
    expect(withLoopPoint(loop, { end: 'last', frame: 40, frameCount: 100 })).toEqual({ firstFrame: 10, lastFrame: 40 });
  });

  it('lets the other end go when the order would be wrong', () => {
    const loop = { firstFrame: 10, lastFrame: 40 };
    expect(withLoopPoint(loop, { end: 'first', frame: 50, frameCount: 100 })).toEqual({
      firstFrame: 50,
      lastFrame: 99,
    });
    expect(withLoopPoint(loop, { end: 'last', frame: 5, frameCount: 100 })).toEqual({ firstFrame: 0, lastFrame: 5 });
  });
});
