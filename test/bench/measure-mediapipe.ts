import type { ModelId } from '../../models/registry.ts';
import { startMediaPipeRuntime } from '../integration/mediapipe-runtime.ts';
import { firstFrames } from './first-frames.ts';
import { medianRate } from './median-rate.ts';
import { variantOf } from './model-variants.ts';

/**
 * Frames a second of MediaPipe's own runtime on the first frames of a clip, tracking, in headless Chromium. Decoding is
 * not counted; the upload to the graphics context is.
 */
export async function measureMediaPipe(path: string, model: ModelId): Promise<number> {
  const runtime = await startMediaPipeRuntime(variantOf(model));
  try {
    return medianRate(await runtime.track(await firstFrames(path)));
  } finally {
    await runtime.close();
  }
}
