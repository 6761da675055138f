/** Joint centres over time in a level frame: what events and metrics are computed from, wherever the motion came from. */
import type { Motion } from './motion.ts';
import type { Vector } from './vectors.ts';

/** The names that the maths knows. A source gives those that it has. Left and right are the athlete's own. */
export type JointName =
  | `${'left' | 'right'}_${'shoulder' | 'elbow' | 'wrist' | 'index' | 'hip' | 'knee' | 'ankle' | 'heel' | 'foot_index' | 'ear'}`
  | 'nose'
  | ThoraxPoint;

/**
 * The ribcage itself, where a laboratory gives it: ends of its long axis, and a point level with the upper end out
 * towards a shoulder. It turns less than the line of the shoulder joints, which slide on it.
 */
export type ThoraxPoint = 'thorax_low' | 'thorax_high' | 'thorax_side';
export const thoraxPoints: readonly ThoraxPoint[] = ['thorax_low', 'thorax_high', 'thorax_side'];

/** A point of the motion that is missing is NaN in every component; a joint that no frame has is absent. */
export interface JointMotion {
  /** Seconds, strictly increasing. [F] */
  readonly timesSeconds: Float64Array;
  /** [F × 3] each: metres, right-handed, z up; where x and y point, and where the origin is, is the source's affair. */
  readonly joints: Readonly<Partial<Record<JointName, Float64Array>>>;
  /**
   * Whether the origin stays where it is. A single camera's model gives joints around the middle of the hips instead:
   * then paths over the ground cannot be measured.
   */
  readonly isGrounded: boolean;
  /** Where the throw goes, over the ground, length 1; where the source says so. */
  readonly towardsTarget?: Vector;
  /**
   * Where a single camera looked, length 1: along it the model has guessed, across it the picture shows. Absent where
   * all directions are known alike.
   */
  readonly lineOfSight?: Vector;
}

const missing: Vector = [Number.NaN, Number.NaN, Number.NaN];

export function jointAt(motion: JointMotion, joint: JointName, frame: number): Vector {
  const values = motion.joints[joint];
  if (values === undefined) return missing;
  const at = frame * 3;
  return [values[at] ?? Number.NaN, values[at + 1] ?? Number.NaN, values[at + 2] ?? Number.NaN];
}

/** Landmarks that are seen worse than this (0..1) are not measured on. */
export const leastVisibility = 0.3;

/**
 * The landmarks of an analysis, x right, y down, z away from the camera, turned so that z points up. The camera is taken
 * to be level. Landmarks that are seen worse than `leastVisibility` (0..1) are missing.
 */
export function toJointMotion(options: {
  readonly motion: Motion;
  /** Names in the order of the motion's keypoints. */
  readonly names: readonly string[];
  readonly leastVisibility: number;
}): JointMotion {
  const { motion, names, leastVisibility } = options;
  const { keypointCount, landmarks2d, landmarks3d, timesSeconds } = motion;
  const frames = timesSeconds.length;
  const joints: Partial<Record<JointName, Float64Array>> = {};
  for (const joint of jointNames) {
    const keypoint = names.indexOf(joint);
    if (keypoint < 0) continue;
    const values = new Float64Array(frames * 3).fill(Number.NaN);
    for (let frame = 0; frame < frames; frame++) {
      const sample = frame * keypointCount + keypoint;
      if (!((landmarks2d[sample * 4 + 2] ?? 0) >= leastVisibility)) continue;
      values[frame * 3] = landmarks3d[sample * 3] ?? Number.NaN;
      values[frame * 3 + 1] = landmarks3d[sample * 3 + 2] ?? Number.NaN;
      values[frame * 3 + 2] = -(landmarks3d[sample * 3 + 1] ?? Number.NaN);
    }
    joints[joint] = values;
  }
  return { timesSeconds, joints, isGrounded: false, lineOfSight: [0, 1, 0] };
}

const sided = ['shoulder', 'elbow', 'wrist', 'index', 'hip', 'knee', 'ankle', 'heel', 'foot_index', 'ear'] as const;

export const jointNames: readonly JointName[] = [
  'nose',
  ...sided.flatMap((part): JointName[] => [`left_${part}`, `right_${part}`]),
  ...thoraxPoints,
];
