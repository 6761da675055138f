import { describe, expect, it } from 'vitest';
import {
  laneX,
  numberWidth,
  type PlacedFlag,
  placeFlags,
} from '../../../src-renderer/features/measure/lane-geometry.ts';

const flags = (...poles: number[]) => poles.map((pole) => ({ pole, labelWidth: 60 }));

function expectApart(placed: readonly PlacedFlag[], width: number) {
  placed.forEach(({ left, width: own }, i) => {
    expect(left).toBeGreaterThanOrEqual(i === 0 ? 0 : (placed[i - 1]?.left ?? 0) + (placed[i - 1]?.width ?? 0));
    expect(left + own).toBeLessThanOrEqual(width + 1e-9);
  });
}

describe('flags on a lane', () => {
  it('stand at their poles with their words where there is room', () => {
    const placed = placeFlags(flags(10, 200, 500), 800);
    expect(placed.map(({ left }) => left)).toEqual([10, 200, 500]);
    expect(placed.every(({ isLabelled }) => isLabelled)).toBe(true);
  });
  it('have their words before them where the next one is near, and none where both sides are taken', () => {
    const placed = placeFlags(flags(100, 140, 170, 400), 800);
    expect(placed.map(({ isLabelled }) => isLabelled)).toEqual([true, false, true, true]);
    expect(placed[0]?.left).toBe(30);
    expectApart(placed, 800);
  });
  it('give way to both sides where they would cover each other, and stay on the lane', () => {
    const placed = placeFlags(flags(100, 101, 102, 103), 800);
    expectApart(placed, 800);
    const middle = ((placed[1]?.left ?? 0) + (placed[2]?.left ?? 0)) / 2;
    expect(middle).toBeCloseTo(101.5, 6);
    expectApart(placeFlags(flags(0, 1, 2), 800), 800);
    expectApart(placeFlags(flags(796, 798, 799, 800), 800), 800);
    expectApart(placeFlags(flags(300, 310, 320, 345, 352, 600), 800), 800);
  });
  it('keep their order', () => {
    const placed = placeFlags(flags(5, 5, 6, 30, 31), 200);
    expectApart(placed, 200);
    expect(placed.at(-1)?.left).toBeLessThan(31 + 3 * numberWidth);
  });
  it('lie evenly in time', () => {
    expect(laneX(1.5, { width: 600, lastSeconds: 3 })).toBe(300);
    expect(laneX(0, { width: 600, lastSeconds: 0 })).toBe(0);
  });
});
