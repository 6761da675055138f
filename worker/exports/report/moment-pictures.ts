/** Pictures of a repetition's moments: the athlete, with the skeleton drawn. */
import type { AnalysisContents } from '../../pipeline/analysis-files.ts';
import type { Box, ClipIndex, Ports, RgbImage } from '../../pipeline/ports.ts';
import { skeletonOf } from '../../pipeline/skeleton-of.ts';
import { drawSkeleton, lineRadiusFor } from '../draw-skeleton.ts';
import { keypointsAt } from '../keypoints-at.ts';

/** Enough for print; larger ones cost memory and nothing is seen of them. */
const longestSide = 1920;
/** Room around the body, as shares of its height. */
const marginShare = 0.18;

export interface MomentPicture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface MomentPicturesInput {
  readonly clipPath: string;
  readonly index: ClipIndex;
  readonly contents: Pick<AnalysisContents, 'document' | 'cleaned'>;
  readonly frames: readonly number[];
  /** Width over height. */
  readonly aspect: number;
}

/** One for each frame; undefined where the clip does not give it. All show the athlete at the same size. */
export async function momentPictures(
  { clipPath, index, contents, frames, aspect }: MomentPicturesInput,
  ports: Pick<Ports, 'media'>,
  signal: AbortSignal,
): Promise<(MomentPicture | undefined)[]> {
  const { displayWidth, displayHeight } = index.probe;
  const factor = Math.min(1, longestSide / Math.max(displayWidth, displayHeight));
  const size = { width: Math.round(displayWidth * factor), height: Math.round(displayHeight * factor) };
  const scale = { x: size.width / displayWidth, y: size.height / displayHeight };
  const keypoints = frames.map((frame) => keypointsAt(contents.cleaned, frame, scale));
  const crops = cropsAround(keypoints.map(bodyBox), { ...size, aspect });
  const skeleton = skeletonOf(contents.document);
  const pictures: (MomentPicture | undefined)[] = [];
  for (const [i, frame] of frames.entries()) {
    const request = { path: clipPath, index, firstFrame: frame, endFrame: frame + 1, ...size };
    let picture: MomentPicture | undefined;
    for await (const { image } of ports.media.decode(request, signal)) {
      const crop = crops[i] as Box;
      const body = bodyBox(keypoints[i] as Float32Array);
      const lineRadius = lineRadiusFor({ personHeight: body?.height ?? Number.NaN, imageHeight: crop.height });
      drawSkeleton(image, { skeleton, keypoints: keypoints[i] as Float32Array, lineRadius });
      const cropped = cropImage(image, crop);
      picture = {
        jpeg: await ports.media.encodePicture(cropped, signal),
        width: cropped.width,
        height: cropped.height,
      };
    }
    pictures.push(picture);
  }
  return pictures;
}

/** Around all keypoints that are there; undefined without any. */
function bodyBox(keypoints: Float32Array): Box | undefined {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let at = 0; at < keypoints.length; at += 4) {
    const [x, y] = [keypoints[at] as number, keypoints[at + 1] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    xs.push(x);
    ys.push(y);
  }
  if (xs.length === 0) return undefined;
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** One size for all, each in the middle of its body, none beyond the picture. Whole pixels. */
export function cropsAround(
  bodies: readonly (Box | undefined)[],
  picture: { readonly width: number; readonly height: number; readonly aspect: number },
): Box[] {
  const seen = bodies.filter((body) => body !== undefined);
  const widest = Math.max(0, ...seen.map(({ width, height }) => width + 2 * marginShare * height));
  const tallest = Math.max(0, ...seen.map(({ height }) => height * (1 + 2 * marginShare)));
  const wanted = seen.length === 0 ? picture.height : Math.max(tallest, widest / picture.aspect);
  const height = Math.min(wanted, picture.height, picture.width / picture.aspect);
  const size = { width: Math.floor(height * picture.aspect), height: Math.floor(height) };
  return bodies.map((body) => {
    const middle = body ?? { x: 0, y: 0, width: picture.width, height: picture.height };
    const from = (start: number, length: number, crop: number, whole: number): number =>
      Math.round(Math.min(Math.max(0, start + length / 2 - crop / 2), whole - crop));
    return {
      x: from(middle.x, middle.width, size.width, picture.width),
      y: from(middle.y, middle.height, size.height, picture.height),
      ...size,
    };
  });
}

export function cropImage(image: RgbImage, { x, y, width, height }: Box): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}
