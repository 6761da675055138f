/** What colour the samples of a Y'CbCr picture make. */
import type { ColorMatrix, RgbImage, YuvImage } from './ports.ts';

/** Weights of red and blue in luma. ITU-R BT.601-7, BT.709-6, BT.2020-2. */
const lumaWeights: Readonly<Record<ColorMatrix, { readonly red: number; readonly blue: number }>> = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
};

/** Black of limited range, and the middle of chroma. */
export const lumaZero = 16;
export const chromaZero = 128;

/** RGB of 0..255 from luma and chroma less their zeros: red = luma·y + redFromCr·cr, … */
export interface RgbCoefficients {
  readonly luma: number;
  readonly redFromCr: number;
  readonly greenFromCb: number;
  readonly greenFromCr: number;
  readonly blueFromCb: number;
}

export function rgbCoefficients(matrix: ColorMatrix): RgbCoefficients {
  const { red, blue } = lumaWeights[matrix];
  const green = 1 - red - blue;
  const chroma = 255 / 224;
  const redFromCr = 2 * (1 - red) * chroma;
  const blueFromCb = 2 * (1 - blue) * chroma;
  return {
    luma: 255 / 219,
    redFromCr,
    greenFromCb: (-blue / green) * blueFromCb,
    greenFromCr: (-red / green) * redFromCr,
    blueFromCb,
  };
}

/** Where the three samples of a pixel lie in `data`: red, green, blue; or luma, Cb, Cr. */
export interface SampleLayout {
  /** From a sample to the next in its row. */
  readonly pixelStride: number;
  /** The second and third samples are shared by 2^shift × 2^shift pixels. */
  readonly shift: 0 | 1;
  /** Where the second and third kinds of sample begin. */
  readonly second: number;
  readonly third: number;
  /** What black is made of. */
  readonly firstZero: number;
  readonly otherZero: number;
}

export function layoutOf(picture: RgbImage | YuvImage): SampleLayout {
  if (!('matrix' in picture)) return { pixelStride: 3, shift: 0, second: 1, third: 2, firstZero: 0, otherZero: 0 };
  const luma = picture.width * picture.height;
  const third = (luma + yuvBytes(picture.width, picture.height)) / 2;
  return { pixelStride: 1, shift: 1, second: luma, third, firstZero: lumaZero, otherZero: chromaZero };
}

/** Bytes of a Y'CbCr 4:2:0 picture. */
export function yuvBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/** Red, green, blue of a pixel, 0..255. x, y: whole numbers in the picture. */
export function colorAt({ data, width, height, matrix }: YuvImage, x: number, y: number): [number, number, number] {
  const k = rgbCoefficients(matrix);
  const halfWidth = Math.ceil(width / 2);
  const at = width * height + (y >> 1) * halfWidth + (x >> 1);
  const light = k.luma * ((data[y * width + x] ?? 0) - lumaZero);
  const cb = (data[at] ?? 0) - chromaZero;
  const cr = (data[at + halfWidth * Math.ceil(height / 2)] ?? 0) - chromaZero;
  return [
    byte(light + k.redFromCr * cr),
    byte(light + k.greenFromCb * cb + k.greenFromCr * cr),
    byte(light + k.blueFromCb * cb),
  ];
}

const byte = (value: number): number => Math.min(255, Math.max(0, value));
