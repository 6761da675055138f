/**
 * Cuts a rotated square out of an RGB picture into a model's input tensor: bilinear, without antialiasing, pixel
 * centres at (i + 0.5) / n, as MediaPipe's ImageToTensor does.
 */
import type { PoseRegion, RgbImage } from '../pipeline/ports.ts';

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

export function warpImage(image: RgbImage, region: PoseRegion, options: WarpOptions): void {
  const { edge } = options;
  const step = region.size / edge;
  const stepX = Math.cos(region.rotationRadians) * step;
  const stepY = Math.sin(region.rotationRadians) * step;
  const half = (edge - 1) / 2;
  const left = region.centerX - 0.5 - half * stepX + half * stepY;
  const top = region.centerY - 0.5 - half * stepY - half * stepX;
  for (let row = 0; row < edge; row++) {
    const walk = { row, x: left - row * stepY, y: top + row * stepX, stepX, stepY };
    const inside = columnsInside(walk, image, edge);
    warpInside(image, options, walk, inside);
    warpBorder(image, options, walk, { from: 0, to: inside.from });
    warpBorder(image, options, walk, { from: inside.to, to: edge });
  }
}

/** Columns of the row whose four neighbours all lie in the picture. */
function columnsInside(walk: RowWalk, image: RgbImage, edge: number): Columns {
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

/** The common case: this loop is most of the cost of a frame outside the model. */
function warpInside(image: RgbImage, options: WarpOptions, walk: RowWalk, { from, to }: Columns): void {
  const { target, edge, scale, offset } = options;
  const { data } = image;
  const { row, stepX, stepY } = walk;
  const stride = image.width * 3;
  const plane = edge * edge;
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
    target[out] =
      (data[at] as number) * w00 +
      (data[at + 3] as number) * w01 +
      (data[below] as number) * w10 +
      (data[below + 3] as number) * w11 +
      offset;
    target[out + plane] =
      (data[at + 1] as number) * w00 +
      (data[at + 4] as number) * w01 +
      (data[below + 1] as number) * w10 +
      (data[below + 4] as number) * w11 +
      offset;
    target[out + plane + plane] =
      (data[at + 2] as number) * w00 +
      (data[at + 5] as number) * w01 +
      (data[below + 2] as number) * w10 +
      (data[below + 5] as number) * w11 +
      offset;
    x += stepX;
    y += stepY;
  }
}

function warpBorder(image: RgbImage, options: WarpOptions, walk: RowWalk, columns: Columns): void {
  if (columns.from >= columns.to) return;
  if (options.border === 'black') warpIntoBlack(image, options, walk, columns);
  else warpClamped(image, options, walk, columns);
}

/** A position outside is moved to the edge of the picture: the same as repeating its outermost pixels. */
function warpClamped(image: RgbImage, options: WarpOptions, walk: RowWalk, { from, to }: Columns): void {
  const { target, edge, scale, offset } = options;
  const { data, width, height } = image;
  const plane = edge * edge;
  const lastX = width - 1;
  const lastY = height - 1;
  for (let column = from; column < to; column++) {
    const wantedX = walk.x + column * walk.stepX;
    const wantedY = walk.y + column * walk.stepY;
    const x = Math.min(lastX, Math.max(0, wantedX));
    const y = Math.min(lastY, Math.max(0, wantedY));
    const x0 = x | 0;
    const y0 = y | 0;
    const fx = x - x0;
    const fy = y - y0;
    const at = (y0 * width + x0) * 3;
    const right = x0 < lastX ? 3 : 0;
    const below = y0 < lastY ? at + width * 3 : at;
    const w11 = fx * fy * scale;
    const w01 = fx * scale - w11;
    const w10 = fy * scale - w11;
    const w00 = scale - w01 - w10 - w11;
    let out = walk.row * edge + column;
    for (let channel = 0; channel < 3; channel++, out += plane) {
      target[out] =
        (data[at + channel] as number) * w00 +
        (data[at + right + channel] as number) * w01 +
        (data[below + channel] as number) * w10 +
        (data[below + right + channel] as number) * w11 +
        offset;
    }
  }
}

/** Every neighbour outside the picture counts as black. */
function warpIntoBlack(image: RgbImage, options: WarpOptions, walk: RowWalk, { from, to }: Columns): void {
  const { target, edge, scale, offset } = options;
  const { data, width, height } = image;
  const plane = edge * edge;
  for (let column = from; column < to; column++) {
    const x = walk.x + column * walk.stepX;
    const y = walk.y + column * walk.stepY;
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const out = walk.row * edge + column;
    target[out] = offset;
    target[out + plane] = offset;
    target[out + plane + plane] = offset;
    if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) continue;
    for (let corner = 0; corner < 4; corner++) {
      const px = x0 + (corner & 1);
      const py = y0 + (corner >> 1);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const weight = (corner & 1 ? x - x0 : 1 - x + x0) * (corner >> 1 ? y - y0 : 1 - y + y0) * scale;
      const at = (py * width + px) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const cell = out + channel * plane;
        target[cell] = (target[cell] as number) + (data[at + channel] as number) * weight;
      }
    }
  }
}
