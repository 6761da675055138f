import { median } from './median.ts';
import type { Motion } from './motion.ts';

/**
 * How large the person is: the median over frames of the diagonal of the box around all keypoints, in the picture
 * (pixels) and in space (metres). NaN when no frame of `frames` has a pose.
 */
export function bodyExtents(motion: Motion, frames: readonly number[]): { pixels: number; metres: number } {
  const { keypointCount, landmarks2d, landmarks3d } = motion;
  return {
    pixels: median(frames.map((frame) => diagonal(landmarks2d, { frame, keypointCount, width: 4, axes: 2 }))),
    metres: median(frames.map((frame) => diagonal(landmarks3d, { frame, keypointCount, width: 3, axes: 3 }))),
  };
}

function diagonal(
  values: Float32Array,
  layout: { frame: number; keypointCount: number; width: number; axes: number },
): number {
  const { frame, keypointCount, width, axes } = layout;
  let sum = 0;
  for (let axis = 0; axis < axes; axis++) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let keypoint = 0; keypoint < keypointCount; keypoint++) {
      const value = values[(frame * keypointCount + keypoint) * width + axis] ?? Number.NaN;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    sum += (most - least) ** 2;
  }
  return Math.sqrt(sum);
}
