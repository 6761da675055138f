/** How sure the cleaned landmarks in the picture are. */
import type { Skeleton } from '../../models/skeletons.ts';
import { bodyExtents } from '../biomechanics/body-extents.ts';
import type { Motion } from '../biomechanics/motion.ts';
import { shotsOf } from './chunk-plan.ts';

/**
 * Parts of the body's extent, set so that nine of ten joints lie as near to the truth as is said, on rendered pitches
 * from all sides and on a real person seen by four cameras.
 */
const parts = {
  /** Where the model means another point than the joint's centre (sleeves and skin move over both). */
  ofElbow: 0.015,
  ofHip: 0.018,
  ofOthers: 0.0105,
  /** Of a keypoint that the model calls invisible. */
  hidden: 0.045,
  /** A spread beyond this says that the looks took different things for the joint, not how far off their middle is. */
  largestSpread: 0.018,
  /** What the spread is, usually, where only one look was taken. */
  usualSpread: 0.007,
};
/** The looks err alike: their middle is further from the truth than they are from each other. */
const spreadFactor = 1.8;
/** A spread of a few looks is itself uncertain: its mean over this time is used. Seconds, to both sides. */
const windowSeconds = 0.05;

/**
 * Standard deviation of the cleaned x, and of y, of every keypoint: [F × K] pixels, NaN where there is none.
 * It holds the model's constant offsets too. Errors of samples near each other in time are alike.
 */
export function pictureDeviations(options: {
  /** Cleaned. */
  readonly motion: Motion;
  /** [F × K] pixels, of the looks at the frame; NaN where there was one. */
  readonly spreads: Float32Array;
  readonly skeleton: Skeleton;
  readonly cuts: readonly number[];
}): Float32Array {
  const { motion, spreads, skeleton, cuts } = options;
  const { timesSeconds, keypointCount, landmarks2d } = motion;
  const offsets = skeleton.names.map((name) => offsetOf(name));
  const deviations = new Float32Array(spreads.length).fill(Number.NaN);
  for (const { firstFrame, endFrame } of shotsOf(timesSeconds.length, cuts)) {
    const frames = Array.from({ length: endFrame - firstFrame }, (_, i) => firstFrame + i);
    const extent = bodyExtents(motion, frames).pixels;
    const largest = parts.largestSpread * extent;
    let from = firstFrame;
    let end = firstFrame;
    for (const frame of frames) {
      const time = timesSeconds[frame] as number;
      while ((timesSeconds[from] as number) < time - windowSeconds) from++;
      while (end < endFrame && (timesSeconds[end] as number) <= time + windowSeconds) end++;
      for (let keypoint = 0; keypoint < keypointCount; keypoint++) {
        const sample = frame * keypointCount + keypoint;
        if (Number.isNaN(landmarks2d[sample * 4])) continue;
        const visibility = Math.min(1, Math.max(0, landmarks2d[sample * 4 + 2] ?? 0));
        const spread = meanSpread({ spreads, keypointCount, keypoint, from, end, largest });
        deviations[sample] = Math.hypot(
          (offsets[keypoint] ?? 0) * extent,
          spreadFactor * (spread ?? parts.usualSpread * extent),
          (1 - visibility) * parts.hidden * extent,
        );
      }
    }
  }
  return deviations;
}

function offsetOf(name: string): number {
  return name.endsWith('elbow') ? parts.ofElbow : name.endsWith('hip') ? parts.ofHip : parts.ofOthers;
}

/** Over frames [from, end); undefined where none has one. */
function meanSpread(of: {
  readonly spreads: Float32Array;
  readonly keypointCount: number;
  readonly keypoint: number;
  readonly from: number;
  readonly end: number;
  readonly largest: number;
}): number | undefined {
  let sum = 0;
  let count = 0;
  for (let frame = of.from; frame < of.end; frame++) {
    const spread = of.spreads[frame * of.keypointCount + of.keypoint] as number;
    if (Number.isNaN(spread)) continue;
    sum += Math.min(of.largest, spread);
    count++;
  }
  return count === 0 ? undefined : sum / count;
}
