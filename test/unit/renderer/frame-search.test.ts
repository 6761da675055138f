import { describe, expect, it } from 'vitest';
import {
  frameAt,
  nearestFrame,
  seekTimeOf,
  typicalIntervalSeconds,
} from '../../../src-renderer/features/analysis/frame-search.ts';

/** Variable rate: 30 per second, then a gap, then 60 per second. */
const times = [0, 1 / 30, 2 / 30, 0.2, 0.2 + 1 / 60, 0.2 + 2 / 60];

describe('frames and times', () => {
  it('finds the frame on screen for every frame time, also when a player rounds it down', () => {
    times.forEach((time, frame) => {
      expect(frameAt(times, time)).toBe(frame);
      expect(frameAt(times, time - 0.0004)).toBe(frame);
    });
  });

  it('stays on a frame until the next begins', () => {
    expect(frameAt(times, 0.19)).toBe(2);
    expect(frameAt(times, -1)).toBe(0);
    expect(frameAt(times, 99)).toBe(5);
    expect(frameAt([], 1)).toBe(0);
  });

  it('seeks to a time that is that frame with room on both sides', () => {
    const last = typicalIntervalSeconds(times);
    times.forEach((_, frame) => {
      const seek = seekTimeOf(times, frame, last);
      expect(frameAt(times, seek - 0.005)).toBe(frame);
      expect(frameAt(times, seek + 0.005)).toBe(frame);
    });
  });

  it('chooses the nearest frame for a click', () => {
    expect(nearestFrame(times, 0.19)).toBe(3);
    expect(nearestFrame(times, 0.1)).toBe(2);
    expect(nearestFrame(times, 5)).toBe(5);
  });

  it('takes a thirtieth for a single frame', () => {
    expect(typicalIntervalSeconds([0])).toBeCloseTo(1 / 30);
  });
});
