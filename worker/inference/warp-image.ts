/**
 * Cuts a rotated square out of a picture into a model's RGB input tensor: bilinear, without antialiasing, pixel centres
 * at (i + 0.5) / n, as MediaPipe's ImageToTensor does. Chroma is taken from the nearest sample, which halves the cost;
 * only the pixels of the square are turned into RGB.
 */
import { chromaZero, layoutOf, lumaZero, rgbCoefficients } from '../pipeline/picture.ts';
import type { Picture, PoseRegion, RgbImage, YuvImage } from '../pipeline/ports.ts';

export interface WarpOptions {
  /** float32 [3 × n × n], channel after channel. Written in place. */
  readonly target: Float32Array;
  /** n: pixels of the target's edge. */
  readonly edge: number;
  /** value = byte * scale + offset */
  readonly scale: number;
  readonly offset: number;
  /** Outside the picture: its nearest pixel, or black. */
  readonly border: 'clamp' | 'black';
  /** Left and right of the square exchanged. */
  readonly mirrored?: boolean;
}

/** One row of the target as a walk through the picture, in pixel indices (centres at whole numbers). */
interface RowWalk {
  readonly row: number;
  /** Where column 0 lies. */
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Columns from <= column < to. */
interface Columns {
  readonly from: number;
  readonly to: number;
}

/** Keeps rounding from ever putting a pixel past the last one; moves it to the exact path for borders instead. */
const guard = 1e-6;

export function warpImage(image: Picture, region: PoseRegion, options: WarpOptions): void {
  const { edge } = options;
  const step = region.size / edge;
  const downX = -Math.sin(region.rotationRadians) * step;
  const downY = Math.cos(region.rotationRadians) * step;
  const stepX = options.mirrored ? -downY : downY;
  const stepY = options.mirrored ? downX : -downX;
  const half = (edge - 1) / 2;
  const left = region.centerX - 0.5 - half * (stepX + downX);
  const top = region.centerY - 0.5 - half * (stepY + downY);
  for (let row = 0; row < edge; row++) {
    const walk = { row, x: left + row * downX, y: top + row * downY, stepX, stepY };
    const inside = columnsInside(walk, image, edge);
    if ('matrix' in image) warpInsideYuv(image, options, walk, inside);
    else warpInsideRgb(image, options, walk, inside);
    if (inside.from > 0) warpBorder(image, options, walk, { from: 0, to: inside.from });
    if (inside.to < edge) warpBorder(image, options, walk, { from: inside.to, to: edge });
  }
}

/** Columns of the row whose four neighbours all lie in the picture. */
function columnsInside(walk: RowWalk, image: Picture, edge: number): Columns {
  const acrossX = columnsBetween(walk.x, walk.stepX, image.width - 1, edge);
  const acrossY = columnsBetween(walk.y, walk.stepY, image.height - 1, edge);
  const from = Math.max(acrossX.from, acrossY.from);
  return { from, to: Math.max(from, Math.min(acrossX.to, acrossY.to)) };
}

/** Columns with 0 <= start + column * step < end. */
function columnsBetween(start: number, step: number, end: number, edge: number): Columns {
  const low = guard;
  const high = end - guard;
  if (Math.abs(step) < guard / edge) return { from: 0, to: start >= low && start <= high ? edge : 0 };
  const atLow = (low - start) / step;
  const atHigh = (high - start) / step;
  const from = Math.min(edge, Math.max(0, Math.ceil(Math.min(atLow, atHigh))));
  return { from, to: Math.min(edge, Math.max(from, Math.floor(Math.max(atLow, atHigh)) + 1)) };
}

/** The common case, written out: this loop is most of the cost of a frame outside the model. */
function warpInsideYuv(image: YuvImage, options: WarpOptions, walk: RowWalk, { from, to }: Columns): void {
  const { target, edge, scale, offset } = options;
  const { data, width, height } = image;
  const { luma, redFromCr, greenFromCb, greenFromCr, blueFromCb } = rgbCoefficients(image.matrix);
  const { row, stepX, stepY } = walk;
  const halfWidth = (width + 1) >> 1;
  const chroma = width * height;
  const plane = halfWidth * ((height + 1) >> 1);
  const channel = edge * edge;
  const end = row * edge + to;
  let x = walk.x + from * stepX;
  let y = walk.y + from * stepY;
  for (let out = row * edge + from; out < end; out++) {
    const x0 = x | 0;
    const y0 = y | 0;
    const fx = x - x0;
    const at = (y0 * width + x0) | 0;
    const below = (at + width) | 0;
    const upper = data[at] as number;
    const lower = data[below] as number;
    const above = upper + ((data[at + 1] as number) - upper) * fx;
    const beneath = lower + ((data[below + 1] as number) - lower) * fx;
    const light = (above + (beneath - above) * (y - y0) - lumaZero) * luma;
    const near = (chroma + (((y + 0.5) | 0) >> 1) * halfWidth + ((x0 + 1) >> 1)) | 0;
    const cb = (data[near] as number) - chromaZero;
    const cr = (data[near + plane] as number) - chromaZero;
    target[out] = Math.min(255, Math.max(0, light + redFromCr * cr)) * scale + offset;
    target[out + channel] = Math.min(255, Math.max(0, light + greenFromCb * cb + greenFromCr * cr)) * scale + offset;
    target[out + channel + channel] = Math.min(255, Math.max(0, light + blueFromCb * cb)) * scale + offset;
    x += stepX;
    y += stepY;
  }
}

/** As above for a picture in RGB. */
function warpInsideRgb(image: RgbImage, options: WarpOptions, walk: RowWalk, { from, to }: Columns): void {
  const { target, edge, scale, offset } = options;
  const { data } = image;
  const { row, stepX, stepY } = walk;
  const stride = image.width * 3;
  const channel = edge * edge;
  const end = row * edge + to;
  let x = walk.x + from * stepX;
  let y = walk.y + from * stepY;
  for (let out = row * edge + from; out < end; out++) {
    const x0 = x | 0;
    const y0 = y | 0;
    const fx = x - x0;
    const fy = y - y0;
    const at = (y0 * stride + x0 * 3) | 0;
    const below = (at + stride) | 0;
    const w11 = fx * fy * scale;
    const w01 = fx * scale - w11;
    const w10 = fy * scale - w11;
    const w00 = scale - w01 - w10 - w11;
    for (let c = 0, o = out; c < 3; c++, o += channel) {
      target[o] =
        (data[at + c] as number) * w00 +
        (data[at + c + 3] as number) * w01 +
        (data[below + c] as number) * w10 +
        (data[below + c + 3] as number) * w11 +
        offset;
    }
    x += stepX;
    y += stepY;
  }
}

/**
 * Where neighbours lie outside the picture. `clamp` moves the position to the edge: the same as repeating the outermost
 * pixels. `black` counts every neighbour outside as black.
 */
function warpBorder(image: Picture, options: WarpOptions, walk: RowWalk, { from, to }: Columns): void {
  const { target, edge, scale, offset, border } = options;
  const { data, width, height } = image;
  const channel = edge * edge;
  const coefficients = 'matrix' in image ? rgbCoefficients(image.matrix) : undefined;
  const { pixelStride, shift, second, third, firstZero, otherZero } = layoutOf(image);
  const halfStride = pixelStride * ((width + shift) >> shift);
  for (let column = from; column < to; column++) {
    let x = walk.x + column * walk.stepX;
    let y = walk.y + column * walk.stepY;
    if (border === 'clamp') {
      x = Math.min(width - 1, Math.max(0, x));
      y = Math.min(height - 1, Math.max(0, y));
    }
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    let [a, b, c] = [0, 0, 0];
    for (let corner = 0; corner < 4; corner++) {
      const px = x0 + (corner & 1);
      const py = y0 + (corner >> 1);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const weight = (corner & 1 ? x - x0 : 1 - x + x0) * (corner >> 1 ? y - y0 : 1 - y + y0);
      const chroma = (py >> shift) * halfStride + (px >> shift) * pixelStride;
      a += ((data[(py * width + px) * pixelStride] as number) - firstZero) * weight;
      b += ((data[second + chroma] as number) - otherZero) * weight;
      c += ((data[third + chroma] as number) - otherZero) * weight;
    }
    const out = walk.row * edge + column;
    if (coefficients) {
      const light = a * coefficients.luma;
      a = clip(light + coefficients.redFromCr * c);
      const green = clip(light + coefficients.greenFromCb * b + coefficients.greenFromCr * c);
      c = clip(light + coefficients.blueFromCb * b);
      b = green;
    }
    target[out] = a * scale + offset;
    target[out + channel] = b * scale + offset;
    target[out + channel + channel] = c * scale + offset;
  }
}

const clip = (value: number): number => Math.min(255, Math.max(0, value));
