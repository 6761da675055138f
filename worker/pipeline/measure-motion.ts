import type { Skeleton } from '../../models/skeletons.ts';
import { bodyAngles } from '../biomechanics/body-angles.ts';
import { leastVisibility } from '../biomechanics/joint-motion.ts';
import type { Motion } from '../biomechanics/motion.ts';
import type { AngleDescriptor } from '../protocol/analysis.ts';

export interface MeasuredMotion {
  readonly descriptors: AngleDescriptor[];
  /** [F × A] degrees, in the order of `descriptors`. NaN: a keypoint is missing or not seen well enough. */
  readonly angles: Float32Array;
}

/** Angles of every frame (see worker/biomechanics/body-angles.ts), of those whose keypoints the skeleton has. */
export function measureMotion(motion: Motion, skeleton: Skeleton): MeasuredMotion {
  const known = bodyAngles.filter(({ keypoints }) => keypoints.every((name) => skeleton.names.includes(name)));
  const indices = known.map(({ keypoints }) => keypoints.map((name) => skeleton.names.indexOf(name)));
  const frames = motion.timesSeconds.length;
  const angles = new Float32Array(frames * known.length).fill(Number.NaN);
  for (let frame = 0; frame < frames; frame++) {
    known.forEach(({ space, measure }, angle) => {
      const samples = (indices[angle] ?? []).map((keypoint) => frame * motion.keypointCount + keypoint);
      if (!samples.every((sample) => (motion.landmarks2d[sample * 4 + 2] ?? 0) >= leastVisibility)) return;
      const points = samples.map((sample) =>
        space === '3d'
          ? Array.from(motion.landmarks3d.subarray(sample * 3, sample * 3 + 3))
          : Array.from(motion.landmarks2d.subarray(sample * 4, sample * 4 + 2)),
      );
      angles[frame * known.length + angle] = measure(points);
    });
  }
  const descriptors = known.map(({ id, label, side }): AngleDescriptor => ({ id, label, side, unit: 'degrees' }));
  return { descriptors, angles };
}
