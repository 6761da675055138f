import { describe, expect, it } from 'vitest';
import type { Skeleton } from '../../../models/skeletons.ts';
import { drawSkeleton, lineRadiusFor } from '../../../worker/exports/draw-skeleton.ts';

const skeleton: Skeleton = {
  id: 'test',
  names: ['left_hip', 'left_knee', 'right_hip', 'right_knee'],
  edges: [
    [0, 1],
    [2, 3],
    [0, 2],
  ],
  leftRightPairs: [
    [0, 2],
    [1, 3],
  ],
};
const width = 120;
const height = 100;
const background = 128;

function draw(keypoints: number[]) {
  const image = { width, height, data: new Uint8Array(width * height * 3).fill(background) };
  drawSkeleton(image, { skeleton, keypoints: Float32Array.from(keypoints), lineRadius: 2 });
  return {
    pixel: (x: number, y: number) => [...image.data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)],
    changed: () => image.data.filter((value) => value !== background).length,
  };
}
const standing = (visibility: number) => [30, 20, visibility, 1, 30, 80, visibility, 1, 80, 20, 1, 1, 80, 80, 1, 1];

describe('drawSkeleton', () => {
  it('paints left blue, right orange, between them white, with a dark outline', () => {
    const { pixel } = draw(standing(1));
    expect(pixel(30, 50)).toEqual([0x35, 0xb0, 0xff]);
    expect(pixel(80, 50)).toEqual([0xff, 0x9f, 0x1c]);
    expect(pixel(55, 20)).toEqual([0xf2, 0xf4, 0xf8]);
    expect(Math.max(...pixel(33, 50))).toBeLessThan(background);
    expect(pixel(40, 50)).toEqual([background, background, background]);
  });

  it('dashes and fades what is uncertain', () => {
    const { pixel } = draw(standing(0.3));
    const along = Array.from({ length: 40 }, (_, i) => pixel(30, 30 + i)[2] ?? 0);
    expect(along.some((blue) => blue === background)).toBe(true);
    expect(Math.max(...along)).toBeGreaterThan(180);
    expect(Math.max(...along)).toBeLessThan(255);
  });

  it('draws nothing for missing keypoints and stays inside the picture', () => {
    expect(draw(new Array(16).fill(Number.NaN)).changed()).toBe(0);
    expect(draw([-50, -50, 1, 1, 500, 500, 1, 1, 200, -10, 1, 1, -10, 200, 1, 1]).changed()).toBeGreaterThan(0);
  });
});

describe('lineRadiusFor', () => {
  it('suits the size of the person, within bounds', () => {
    expect(lineRadiusFor({ personHeight: 90, imageHeight: 360 })).toBe(0.9);
    expect(lineRadiusFor({ personHeight: 540, imageHeight: 1080 })).toBe(3);
    expect(lineRadiusFor({ personHeight: 5000, imageHeight: 1080 })).toBe(6.75);
    expect(lineRadiusFor({ personHeight: Number.NaN, imageHeight: 800 })).toBe(2);
  });
});
