import { describe, expect, it } from 'vitest';
import { colorAt, yuvBytes } from '../../../worker/pipeline/picture.ts';
import type { ColorMatrix, YuvImage } from '../../../worker/pipeline/ports.ts';

function plain(size: { width: number; height: number }, [y, cb, cr]: number[], matrix: ColorMatrix): YuvImage {
  const data = new Uint8Array(yuvBytes(size.width, size.height));
  const luma = size.width * size.height;
  data.fill(y ?? 0, 0, luma);
  data.fill(cb ?? 0, luma, (luma + data.length) / 2);
  data.fill(cr ?? 0, (luma + data.length) / 2);
  return { ...size, data, matrix };
}

describe('colorAt', () => {
  // Full red and white of colour bars, as the recommendations give them for 8 bits.
  const bars: [ColorMatrix, number[], number[]][] = [
    ['bt601', [81, 90, 240], [255, 0, 0]],
    ['bt709', [63, 102, 240], [255, 0, 0]],
    ['bt2020', [74, 97, 240], [255, 0, 0]],
    ['bt709', [235, 128, 128], [255, 255, 255]],
    ['bt601', [16, 128, 128], [0, 0, 0]],
    ['bt709', [255, 128, 128], [255, 255, 255]],
  ];
  for (const [matrix, stored, shown] of bars) {
    it(`${matrix} ${stored.join(' ')}`, () => {
      const picture = plain({ width: 5, height: 3 }, stored, matrix);
      for (const [x, y] of [
        [0, 0],
        [4, 2],
        [3, 1],
      ] as const) {
        colorAt(picture, x, y).forEach((value, i) => {
          expect(Math.abs(value - (shown[i] ?? Number.NaN))).toBeLessThan(1.5);
        });
      }
    });
  }
});
