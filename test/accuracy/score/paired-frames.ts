import type { BlazePoseKeypoint, Skeleton } from '../../../models/skeletons.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import { distance, type Vector } from '../../../worker/biomechanics/vectors.ts';
import type { ClipTruth } from '../clip-truth.ts';
import { quantile } from './summary.ts';

export const jointKinds = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'] as const;
export type JointKind = (typeof jointKinds)[number];

/** The twelve joints that errors are averaged over. */
export const mainJoints = jointKinds.flatMap(
  (kind) => [`left_${kind}`, `right_${kind}`] as const satisfies readonly BlazePoseKeypoint[],
);

/** A keypoint in one frame: where it is, and where the product says it is (NaN where it says nothing). */
export interface PairedPoint {
  readonly truth2d: Vector;
  readonly truth3d: Vector;
  readonly found2d: Vector;
  readonly found3d: Vector;
  readonly visibility: number;
  /** Radius, in pixels, that holds the error in 90 % of cases, by the product. NaN: it says nothing. */
  readonly radius90Pixels: number;
  /** Whether the point lies in the picture. */
  readonly inPicture: boolean;
  /** Distance in the picture in percent of the athlete's standing height. NaN outside the picture. */
  readonly errorPercent: number;
}

export interface PairedFrame {
  readonly timeSeconds: number;
  readonly hasPose: boolean;
  /** The pose lies on the athlete: half of the main joints within a fifth of his height. */
  readonly isDetected: boolean;
  readonly points: ReadonlyMap<BlazePoseKeypoint, PairedPoint>;
}

export interface FoundMotion {
  readonly motion: Motion;
  readonly skeleton: Skeleton;
  /** [F × K] see `PairedPoint`; absent while the product does not say how sure it is. */
  readonly radius90Pixels?: Float32Array | undefined;
}

const onAthletePercent = 20;

/** Frame by frame of the truth; the product's frames are found by their times. */
export function pairFrames(truth: ClipTruth, found: FoundMotion): PairedFrame[] {
  const { motion, skeleton, radius90Pixels } = found;
  const byFrame = new Map(
    Array.from(motion.timesSeconds, (time, index) => [Math.round(time * truth.framesPerSecond), index]),
  );
  const places = truth.keypoints.map((name) => skeleton.names.indexOf(name));
  return Array.from({ length: truth.frameCount }, (_, frame): PairedFrame => {
    const index = byFrame.get(frame);
    const points = new Map<BlazePoseKeypoint, PairedPoint>();
    truth.keypoints.forEach((name, at) => {
      const sample = index === undefined ? Number.NaN : index * motion.keypointCount + (places[at] ?? Number.NaN);
      const take = (values: Float32Array | undefined, width: number, first: number, count: number): number[] =>
        Array.from({ length: count }, (__, axis) => values?.[sample * width + first + axis] ?? Number.NaN);
      const truth2d = truth.points2d[frame]?.[at] ?? [Number.NaN, Number.NaN];
      const [x, y] = truth2d;
      const found2d = take(motion.landmarks2d, 4, 0, 2);
      const inPicture = x >= 0 && y >= 0 && x <= truth.width && y <= truth.height;
      points.set(name, {
        truth2d,
        truth3d: truth.points3d[frame]?.[at] ?? [Number.NaN, Number.NaN, Number.NaN],
        found2d,
        found3d: take(motion.landmarks3d, 3, 0, 3),
        visibility: take(motion.landmarks2d, 4, 2, 1)[0] ?? Number.NaN,
        radius90Pixels: take(radius90Pixels, 1, 0, 1)[0] ?? Number.NaN,
        inPicture,
        errorPercent: inPicture ? (100 * distance(truth2d, found2d)) / truth.athleteHeightPixels : Number.NaN,
      });
    });
    const errors = mainJoints.map((name) => points.get(name)?.errorPercent ?? Number.NaN);
    return {
      timeSeconds: frame / truth.framesPerSecond,
      hasPose: [...points.values()].some(({ found2d }) => !Number.isNaN(found2d[0])),
      isDetected: quantile(errors, 0.5) <= onAthletePercent,
      points,
    };
  });
}
