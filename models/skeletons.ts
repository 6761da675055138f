/**
 * Keypoint sets as data: names, edges to draw, left/right pairs.
 * Every array that holds keypoints is ordered as `names` says.
 */
export type Side = 'left' | 'right' | 'middle';

export interface Skeleton {
  readonly id: string;
  /** Keypoint names in array order. Left and right are the athlete's own. */
  readonly names: readonly string[];
  /** Pairs of indices into `names` that are joined by a line when drawn. */
  readonly edges: readonly (readonly [number, number])[];
  /** Pairs of indices into `names`: [left, right] of the same keypoint. */
  readonly leftRightPairs: readonly (readonly [number, number])[];
}

const blazePoseNames = [
  'nose',
  'left_eye_inner',
  'left_eye',
  'left_eye_outer',
  'right_eye_inner',
  'right_eye',
  'right_eye_outer',
  'left_ear',
  'right_ear',
  'mouth_left',
  'mouth_right',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_pinky',
  'right_pinky',
  'left_index',
  'right_index',
  'left_thumb',
  'right_thumb',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
  'left_heel',
  'right_heel',
  'left_foot_index',
  'right_foot_index',
] as const;

/** The 33 keypoints of BlazePose GHUM, in the order of the model's own output. */
export const blazePose33 = {
  id: 'blazepose-33',
  names: blazePoseNames,
  edges: [
    [11, 12],
    [11, 23],
    [12, 24],
    [23, 24],
    [11, 13],
    [13, 15],
    [15, 17],
    [15, 19],
    [15, 21],
    [17, 19],
    [12, 14],
    [14, 16],
    [16, 18],
    [16, 20],
    [16, 22],
    [18, 20],
    [23, 25],
    [25, 27],
    [27, 29],
    [27, 31],
    [29, 31],
    [24, 26],
    [26, 28],
    [28, 30],
    [28, 32],
    [30, 32],
    [0, 2],
    [2, 7],
    [0, 5],
    [5, 8],
    [9, 10],
  ],
  leftRightPairs: [
    [1, 4],
    [2, 5],
    [3, 6],
    [7, 8],
    [9, 10],
    [11, 12],
    [13, 14],
    [15, 16],
    [17, 18],
    [19, 20],
    [21, 22],
    [23, 24],
    [25, 26],
    [27, 28],
    [29, 30],
    [31, 32],
  ],
} as const satisfies Skeleton;

export type BlazePoseKeypoint = (typeof blazePoseNames)[number];

export const skeletons: Readonly<Record<string, Skeleton>> = { [blazePose33.id]: blazePose33 };

/** Which side of the athlete a keypoint belongs to. */
export function sideOfKeypoint(skeleton: Skeleton, index: number): Side {
  for (const [left, right] of skeleton.leftRightPairs) {
    if (index === left) return 'left';
    if (index === right) return 'right';
  }
  return 'middle';
}

/** Index of a keypoint by name. Throws a RangeError for a name the skeleton does not have. */
export function keypointIndex(skeleton: Skeleton, name: string): number {
  const index = skeleton.names.indexOf(name);
  if (index < 0) throw new RangeError(`Skeleton ${skeleton.id} has no keypoint ${name}`);
  return index;
}
