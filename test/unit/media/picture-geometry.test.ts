import { describe, expect, it } from 'vitest';
import { bitDepthOf, displaySize, fitInside } from '../../../worker/media/picture-geometry.ts';

const stored = { codedWidth: 720, codedHeight: 576, sampleAspectRatio: 1, rotationDegrees: 0 as const };

describe('displaySize', () => {
  it('stretches the shorter axis of a pixel, then turns', () => {
    expect(displaySize(stored)).toEqual({ width: 720, height: 576 });
    expect(displaySize({ ...stored, sampleAspectRatio: 16 / 15 })).toEqual({ width: 768, height: 576 });
    expect(displaySize({ ...stored, sampleAspectRatio: 8 / 9 })).toEqual({ width: 720, height: 648 });
    expect(displaySize({ ...stored, sampleAspectRatio: 16 / 15, rotationDegrees: 270 })).toEqual({
      width: 576,
      height: 768,
    });
    expect(displaySize({ ...stored, rotationDegrees: 180 })).toEqual({ width: 720, height: 576 });
  });
});

describe('fitInside', () => {
  it('shrinks, never enlarges, and rounds to even where asked', () => {
    expect(fitInside({ width: 1920, height: 1080 }, { longSide: 1280, even: true })).toEqual({
      width: 1280,
      height: 720,
    });
    expect(fitInside({ width: 321, height: 241 }, { longSide: 1280, even: true })).toEqual({ width: 322, height: 242 });
    expect(fitInside({ width: 1080, height: 1920 }, { longSide: 64 })).toEqual({ width: 36, height: 64 });
    expect(fitInside({ width: 4000, height: 2 }, { longSide: 64 })).toEqual({ width: 64, height: 1 });
  });
});

describe('bitDepthOf', () => {
  it.each([
    ['yuv420p', 8],
    ['yuvj444p', 8],
    ['rgb24', 8],
    ['nv12', 8],
    ['yuv420p10le', 10],
    ['yuva444p12be', 12],
    ['gbrp14le', 14],
    ['gray10le', 10],
    ['gray16be', 16],
    ['p010le', 10],
    ['p016le', 16],
    ['x2rgb10le', 10],
    ['rgb48le', 16],
    ['rgba64be', 16],
    ['unknown', 8],
  ])('%s has %i bits', (name, bits) => {
    expect(bitDepthOf(name)).toBe(bits);
  });
});
