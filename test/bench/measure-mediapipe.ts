import type { ModelId } from '../../models/registry.ts';
import { createMedia } from '../../worker/media/media.ts';
import type { RgbImage } from '../../worker/pipeline/ports.ts';
import { defaultClipLimits } from '../../worker/protocol/jobs.ts';
import { startMediaPipeRuntime } from '../integration/mediapipe-runtime.ts';
import { variantOf } from './model-variants.ts';

/** Enough for a steady rate; handing a frame to the page takes longer than its analysis, though it is not counted. */
const mostFrames = 24;

export interface MediaPipeRate {
  /** Median inside MediaPipe alone, tracking, upload included: decoding is not counted, in its favour. */
  readonly framesPerSecond: number;
}

/** MediaPipe's own runtime on the first frames of the same clip, at the same size, in headless Chromium. */
export async function measureMediaPipe(path: string, model: ModelId): Promise<MediaPipeRate> {
  const runtime = await startMediaPipeRuntime(variantOf(model));
  try {
    const milliseconds = await runtime.track(await firstFrames(path));
    const ordered = milliseconds.toSorted((a, b) => a - b);
    return { framesPerSecond: 1000 / (ordered[Math.floor(ordered.length / 2)] ?? Number.NaN) };
  } finally {
    await runtime.close();
  }
}

async function firstFrames(path: string): Promise<RgbImage[]> {
  const media = createMedia();
  const signal = new AbortController().signal;
  const index = await media.index(path, defaultClipLimits, () => undefined, signal);
  const { displayWidth: width, displayHeight: height, frameCount } = index.probe;
  const endFrame = Math.min(frameCount, mostFrames + 1);
  const images: RgbImage[] = [];
  for await (const { image } of media.decode({ path, index, firstFrame: 0, endFrame, width, height }, signal)) {
    // The decoder reuses its buffer.
    images.push({ ...image, data: image.data.slice() });
  }
  return images;
}
