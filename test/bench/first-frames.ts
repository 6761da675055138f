import { createMedia } from '../../worker/media/media.ts';
import type { RgbImage } from '../../worker/pipeline/ports.ts';
import { defaultClipLimits } from '../../worker/protocol/jobs.ts';

/** One to start from and 24 to be timed: enough for a steady rate. Handing one to a page takes longer than its analysis. */
const mostFrames = 25;

/** The first frames of a clip as it is displayed, in shared memory as decoded frames always are. */
export async function firstFrames(path: string): Promise<RgbImage[]> {
  const media = createMedia();
  const signal = new AbortController().signal;
  const index = await media.index(path, defaultClipLimits, () => undefined, signal);
  const { displayWidth: width, displayHeight: height, frameCount } = index.probe;
  const endFrame = Math.min(frameCount, mostFrames);
  const images: RgbImage[] = [];
  for await (const { image } of media.decode({ path, index, firstFrame: 0, endFrame, width, height }, signal)) {
    // The decoder reuses its buffer.
    const data = new Uint8Array(new SharedArrayBuffer(image.data.length));
    data.set(image.data);
    images.push({ ...image, data });
  }
  return images;
}
