import type { Skeleton } from '../../models/skeletons.ts';
import type { Motion } from '../biomechanics/motion.ts';
import type { ClipIndex, DecodedFrame, Stage } from '../pipeline/ports.ts';
import { drawSkeleton, lineRadiusFor } from './draw-skeleton.ts';
import { keypointsAt } from './keypoints-at.ts';

/** Full HD: what phones and messengers take without asking. */
const longestSide = 1920;

export interface OverlayInput {
  readonly clipPath: string;
  readonly index: ClipIndex;
  /** One sample per frame of the index, in display pixels. */
  readonly motion: Motion;
  readonly skeleton: Skeleton;
  readonly outputPath: string;
  /** Size of the video; the clip's display size, at most Full HD, where not given. */
  readonly width?: number;
  readonly height?: number;
  /** Frames [firstFrame, endFrame) of the clip; all, where not given. The video begins with the first of them. */
  readonly firstFrame?: number;
  readonly endFrame?: number;
  readonly onFrame: (framesDone: number, framesTotal: number) => void;
}

/** Writes the clip with the skeleton burnt in, each frame at its own time. Frames without a pose stay as they are. */
export const renderOverlay: Stage<OverlayInput, void> = async (input, ports, signal) => {
  const { index, motion, skeleton, clipPath, outputPath } = input;
  const { displayWidth, displayHeight, frameCount } = index.probe;
  const size = overlaySize(index.probe);
  const { width = size.width, height = size.height, firstFrame = 0, endFrame = frameCount } = input;
  const scale = { x: width / displayWidth, y: height / displayHeight };
  const lineRadius = lineRadiusFor({ personHeight: medianPersonHeight(motion) * scale.y, imageHeight: height });

  async function* drawnFrames(): AsyncGenerator<DecodedFrame, void, void> {
    const request = { path: clipPath, index, firstFrame, endFrame, width, height };
    for await (const frame of ports.media.decode(request, signal)) {
      // The decoder fills its buffers anew for every frame, so drawing in place costs no copy.
      drawSkeleton(frame.image, { skeleton, keypoints: keypointsAt(motion, frame.index, scale), lineRadius });
      yield frame;
      input.onFrame(frame.index + 1 - firstFrame, endFrame - firstFrame);
    }
  }
  const request = { outputPath, width, height, timesSeconds: index.timesSeconds };
  await ports.media.encode(request, drawnFrames(), signal);
};

/** Of the video where no other is asked for. Pixels, even. */
export function overlaySize(display: { readonly displayWidth: number; readonly displayHeight: number }) {
  const factor = Math.min(1, longestSide / Math.max(display.displayWidth, display.displayHeight));
  return { width: even(display.displayWidth * factor), height: even(display.displayHeight * factor) };
}

const even = (length: number) => Math.max(2, Math.round(length / 2) * 2);

/** Median over the frames with a pose, so that the line keeps its width. Display pixels; NaN without any pose. */
function medianPersonHeight({ landmarks2d, keypointCount }: Motion): number {
  const heights: number[] = [];
  for (let frame = 0; frame < landmarks2d.length; frame += keypointCount * 4) {
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (let at = frame; at < frame + keypointCount * 4; at += 4) {
      const y = landmarks2d[at + 1] ?? Number.NaN;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    if (bottom > top) heights.push(bottom - top);
  }
  heights.sort((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? Number.NaN;
}
