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

export function warpImage(image: RgbImage, region: PoseRegion, options: WarpOptions): void {
  const { edge } = options;
  const step = region.size / edge;
  const cos = Math.cos(region.rotationRadians) * step;
  const sin = Math.sin(region.rotationRadians) * step;
  const half = (edge - 1) / 2;
  // Source position of the target's first pixel, in pixel indices (centres at whole numbers).
  const left = region.centerX - 0.5 - half * cos + half * sin;
  const top = region.centerY - 0.5 - half * sin - half * cos;
  const span = edge - 1;
  const cornersX = [left, left + span * cos, left - span * sin, left + span * (cos - sin)];
  const cornersY = [top, top + span * sin, top + span * cos, top + span * (sin + cos)];
  const inside =
    Math.min(...cornersX) >= 0 &&
    Math.min(...cornersY) >= 0 &&
    Math.max(...cornersX) < image.width - 1 &&
    Math.max(...cornersY) < image.height - 1;
  if (inside) warpInside(image, options, left, top, cos, sin);
  else warpAcrossBorder(image, options, left, top, cos, sin);
}

/** The common case, four neighbours always there: this loop is most of the cost of a frame outside the model. */
function warpInside(image: RgbImage, options: WarpOptions, left: number, top: number, cos: number, sin: number): void {
  const { target, edge, scale, offset } = options;
  const { data } = image;
  const stride = image.width * 3;
  const plane = edge * edge;
  let out = 0;
  for (let row = 0; row < edge; row++) {
    let x = left - row * sin;
    let y = top + row * cos;
    for (let column = 0; column < edge; column++) {
      const x0 = x | 0;
      const y0 = y | 0;
      const fx = x - x0;
      const fy = y - y0;
      const at = y0 * stride + x0 * 3;
      const below = at + stride;
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
      out++;
      x += cos;
      y += sin;
    }
  }
}

function warpAcrossBorder(
  image: RgbImage,
  options: WarpOptions,
  left: number,
  top: number,
  cos: number,
  sin: number,
): void {
  const { target, edge, scale, offset, border } = options;
  const { data, width, height } = image;
  const plane = edge * edge;
  const black = border === 'black';
  let out = 0;
  for (let row = 0; row < edge; row++) {
    for (let column = 0; column < edge; column++) {
      const x = left + column * cos - row * sin;
      const y = top + column * sin + row * cos;
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const fx = x - x0;
      const fy = y - y0;
      let [r, g, b] = [0, 0, 0];
      for (let corner = 0; corner < 4; corner++) {
        const px = x0 + (corner & 1);
        const py = y0 + (corner >> 1);
        const isOutside = px < 0 || py < 0 || px >= width || py >= height;
        if (isOutside && black) continue;
        const cx = px < 0 ? 0 : px >= width ? width - 1 : px;
        const cy = py < 0 ? 0 : py >= height ? height - 1 : py;
        const weight = (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy);
        const at = (cy * width + cx) * 3;
        r += (data[at] as number) * weight;
        g += (data[at + 1] as number) * weight;
        b += (data[at + 2] as number) * weight;
      }
      target[out] = r * scale + offset;
      target[out + plane] = g * scale + offset;
      target[out + plane + plane] = b * scale + offset;
      out++;
    }
  }
}
