import { describe, expect, it } from 'vitest';
import { type WarpOptions, warpImage } from '../../../worker/inference/warp-image.ts';
import { yuvBytes } from '../../../worker/pipeline/picture.ts';
import type { Picture, PoseRegion, RgbImage, YuvImage } from '../../../worker/pipeline/ports.ts';

const width = 64;
const height = 48;
const edge = 16;

/** Each channel is linear in x and y (pixel indices), so bilinear sampling must give the plane itself. */
const planes = [
  (x: number, y: number) => 2 * x + y,
  (x: number) => 10 + 3 * x,
  (_x: number, y: number) => 240 - 5 * y,
] as const;

function drawImage(value: (x: number, y: number, channel: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % 3);
  }
  return { width, height, data };
}

const slope = drawImage((x, y, channel) => planes[channel]?.(x, y) ?? 0);
const grey = drawImage(() => 200);

function warp(image: Picture, region: PoseRegion, options: Partial<WarpOptions> = {}): Float32Array {
  const target = new Float32Array(3 * edge * edge);
  warpImage(image, region, { target, edge, scale: 1, offset: 0, border: 'clamp', ...options });
  return target;
}

/** Centre of a target pixel, in pixel indices of the picture. */
function sourceOf(region: PoseRegion, column: number, row: number): { x: number; y: number } {
  const u = ((column + 0.5) / edge - 0.5) * region.size;
  const v = ((row + 0.5) / edge - 0.5) * region.size;
  const [cos, sin] = [Math.cos(region.rotationRadians), Math.sin(region.rotationRadians)];
  return { x: region.centerX + u * cos - v * sin - 0.5, y: region.centerY + u * sin + v * cos - 0.5 };
}

/** Greatest error over the target pixels whose four neighbours lie in the picture, and how many those are. */
function compareWithPlanes(region: PoseRegion, target: Float32Array): { worst: number; compared: number } {
  let worst = 0;
  let compared = 0;
  for (let at = 0; at < edge * edge; at++) {
    const { x, y } = sourceOf(region, at % edge, Math.floor(at / edge));
    if (x < 0 || y < 0 || x > width - 1 || y > height - 1) continue;
    planes.forEach((plane, channel) => {
      worst = Math.max(worst, Math.abs((target[channel * edge * edge + at] ?? Number.NaN) - plane(x, y)));
      compared++;
    });
  }
  return { worst, compared };
}

describe('warpImage', () => {
  const inside: Record<string, PoseRegion> = {
    'pixel by pixel': { centerX: 30, centerY: 20, size: edge, rotationRadians: 0 },
    enlarged: { centerX: 31.3, centerY: 22.8, size: 7.5, rotationRadians: 0 },
    reduced: { centerX: 32.1, centerY: 24.2, size: 45, rotationRadians: 0 },
    turned: { centerX: 31.7, centerY: 23.4, size: 28, rotationRadians: 0.6 },
    'upside down': { centerX: 31.7, centerY: 23.4, size: 28, rotationRadians: Math.PI },
  };
  for (const [name, region] of Object.entries(inside)) {
    it(`reproduces a linear slope: ${name}`, () => {
      const { worst, compared } = compareWithPlanes(region, warp(slope, region));
      expect(compared).toBe(3 * edge * edge);
      expect(worst).toBeLessThan(1e-3);
    });
  }

  for (const border of ['clamp', 'black'] as const) {
    it(`reproduces the slope up to the picture’s edge (${border})`, () => {
      const region: PoseRegion = { centerX: 3, centerY: 45, size: 30, rotationRadians: -0.4 };
      const { worst, compared } = compareWithPlanes(region, warp(slope, region, { border }));
      expect(compared).toBeGreaterThan(100);
      expect(compared).toBeLessThan(3 * edge * edge);
      expect(worst).toBeLessThan(1e-3);
    });
  }

  it('takes the whole picture’s pixels unchanged when the region is the picture’s middle square', () => {
    const region: PoseRegion = { centerX: width / 2, centerY: height / 2, size: edge, rotationRadians: 0 };
    const target = warp(slope, region);
    const firstColumn = (width - edge) / 2;
    const firstRow = (height - edge) / 2;
    planes.forEach((plane, channel) => {
      expect(target[channel * edge * edge]).toBe(plane(firstColumn, firstRow));
      expect(target[(channel + 1) * edge * edge - 1]).toBe(plane(firstColumn + edge - 1, firstRow + edge - 1));
    });
  });

  it('goes on with the nearest pixel outside, or with black', () => {
    const beyond: PoseRegion = { centerX: width + 40, centerY: height + 40, size: 20, rotationRadians: 0 };
    const corner = planes.map((plane) => plane(width - 1, height - 1));
    const clamped = warp(slope, beyond);
    for (const [channel, value] of corner.entries()) {
      const plane = clamped.subarray(channel * edge * edge, (channel + 1) * edge * edge);
      expect([...new Set(plane)]).toEqual([value]);
    }
    expect([...new Set(warp(slope, beyond, { scale: 2 / 255, offset: -1, border: 'black' }))]).toEqual([-1]);
  });

  it('mixes the picture’s edge with black by the covered share', () => {
    // Target columns at whole pixels, the first one half a pixel left of the outermost pixel's centre.
    const region: PoseRegion = { centerX: edge / 2, centerY: height / 2, size: edge, rotationRadians: 0 };
    const shifted = { ...region, centerX: region.centerX - 0.5 };
    expect(warp(grey, shifted, { border: 'black' }).slice(0, 3)).toEqual(new Float32Array([100, 200, 200]));
    expect(warp(grey, shifted, { border: 'clamp' }).slice(0, 3)).toEqual(new Float32Array([200, 200, 200]));
  });

  it('scales bytes to the model’s range', () => {
    const region: PoseRegion = { centerX: 32, centerY: 24, size: 20, rotationRadians: 0.2 };
    const white = drawImage(() => 255);
    for (const value of warp(white, region, { scale: 2 / 255, offset: -1 })) expect(value).toBeCloseTo(1, 5);
    for (const value of warp(white, region, { scale: 1 / 255, offset: 0 })) expect(value).toBeCloseTo(1, 5);
  });

  for (const [name, size] of Object.entries({ even: { width: 64, height: 48 }, odd: { width: 63, height: 47 } })) {
    it(`makes RGB of Y’CbCr 4:2:0 with the chroma sample that is nearest: ${name} sizes`, () => {
      const picture = drawYuv(size);
      const region: PoseRegion = { centerX: 31.7, centerY: 23.4, size: 24, rotationRadians: 0.6 };
      const target = warp(picture, region);
      for (let at = 0; at < edge * edge; at++) {
        const { x, y } = sourceOf(region, at % edge, Math.floor(at / edge));
        const luma = (lumaAt(x, y) - 16) * (255 / 219);
        const cb = ((cbAt(2 * Math.floor((x + 1) / 2)) - 128) * 255) / 224;
        const cr = ((crAt(2 * Math.floor((y + 0.5) / 2) + 0.5) - 128) * 255) / 224;
        // ITU-R BT.601: Kr = 0.299, Kb = 0.114.
        const expected = [luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb];
        for (const [channel, value] of expected.entries()) {
          expect(target[channel * edge * edge + at]).toBeCloseTo(value, 2);
        }
      }
    });
  }

  it('knows black and the edge’s colour outside a picture of Y’CbCr', () => {
    const beyond: PoseRegion = { centerX: width + 40, centerY: height + 40, size: 20, rotationRadians: 0 };
    const picture = drawYuv({ width, height });
    expect([...new Set(warp(picture, beyond, { border: 'black', offset: -1 }))]).toEqual([-1]);
    expect(new Set(warp(picture, beyond, { border: 'clamp' })).size).toBe(3);
  });

  it.each([0, 0.4, -2])('exchanges left and right of the square when mirrored, turned by %f', (rotationRadians) => {
    const region: PoseRegion = { centerX: 30, centerY: 22, size: 40, rotationRadians };
    for (const picture of [slope, drawYuv({ width, height })]) {
      for (const border of ['clamp', 'black'] as const) {
        const straight = warp(picture, region, { border });
        const mirrored = warp(picture, region, { border, mirrored: true });
        for (let at = 0; at < straight.length; at++) {
          const column = at % edge;
          expect(mirrored[at + edge - 1 - 2 * column]).toBeCloseTo(straight[at] ?? Number.NaN, 3);
        }
      }
    }
  });
});

const lumaAt = (x: number, y: number) => 60 + x + y;
const cbAt = (x: number) => 100 + x;
const crAt = (y: number) => 105.5 + y;

/** Every plane linear in x and y; chroma samples lie on even columns and half a pixel below even rows. */
function drawYuv(size: { width: number; height: number }): YuvImage {
  const data = new Uint8Array(yuvBytes(size.width, size.height));
  const half = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) };
  const cb = size.width * size.height;
  const cr = cb + half.width * half.height;
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) data[y * size.width + x] = lumaAt(x, y);
  }
  for (let row = 0; row < half.height; row++) {
    for (let column = 0; column < half.width; column++) {
      data[cb + row * half.width + column] = cbAt(2 * column);
      data[cr + row * half.width + column] = crAt(2 * row + 0.5);
    }
  }
  return { ...size, data, matrix: 'bt601' };
}
