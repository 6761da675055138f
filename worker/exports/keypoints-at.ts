import type { Motion } from '../biomechanics/motion.ts';

/** [K × 4] of one frame, in pixels of a picture that is scaled so. */
export function keypointsAt(
  motion: Motion,
  frame: number,
  scale: { readonly x: number; readonly y: number },
): Float32Array {
  const values = motion.keypointCount * 4;
  const keypoints = motion.landmarks2d.slice(frame * values, (frame + 1) * values);
  for (let at = 0; at < keypoints.length; at += 4) {
    keypoints[at] = (keypoints[at] ?? Number.NaN) * scale.x;
    keypoints[at + 1] = (keypoints[at + 1] ?? Number.NaN) * scale.y;
  }
  return keypoints;
}
