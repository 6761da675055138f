import { describe, expect, it } from 'vitest';
import { between, letterbox, toPicture } from '../../../src-renderer/features/analysis/letterbox.ts';

describe('letterbox', () => {
  it('leaves bars at the sides of a portrait clip', () => {
    expect(letterbox({ width: 1080, height: 1920 }, { width: 1000, height: 480 })).toEqual({
      x: 365,
      y: 0,
      width: 270,
      height: 480,
    });
  });

  it('leaves bars above and below a wide clip', () => {
    expect(letterbox({ width: 1920, height: 1080 }, { width: 960, height: 740 })).toEqual({
      x: 0,
      y: 100,
      width: 960,
      height: 540,
    });
  });

  it('is empty while the box has no size', () => {
    expect(letterbox({ width: 10, height: 10 }, { width: 0, height: 5 }).width).toBe(0);
  });

  it('turns a click into shares of the picture and holds it inside', () => {
    const picture = { x: 100, y: 0, width: 200, height: 100 };
    expect(toPicture({ x: 200, y: 50 }, picture)).toEqual({ x: 0.5, y: 0.5 });
    expect(toPicture({ x: 20, y: 500 }, picture)).toEqual({ x: 0, y: 1 });
  });

  it('makes a box of two corners in any order', () => {
    expect(between({ x: 0.75, y: 0.25 }, { x: 0.5, y: 0.5 })).toEqual({ x: 0.5, y: 0.25, width: 0.25, height: 0.25 });
  });
});
