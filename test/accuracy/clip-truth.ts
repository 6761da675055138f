/** What is known of a rendered clip. */
import type { BlazePoseKeypoint } from '../../models/skeletons.ts';

/** Degrees; definitions as in `worker/biomechanics/body-angles.ts`. */
export type TruthAngle =
  | 'leftElbow'
  | 'rightElbow'
  | 'leftKnee'
  | 'rightKnee'
  | 'trunkTilt'
  /** Turn of the shoulders' line against the hips' line about the trunk's axis. */
  | 'hipShoulderSeparation';

export interface ClipTruth {
  readonly framesPerSecond: number;
  readonly frameCount: number;
  readonly width: number;
  readonly height: number;
  readonly hand: 'left' | 'right';
  readonly athleteHeightMetres: number;
  /** Pixels that the athlete's standing height measures at his distance. */
  readonly athleteHeightPixels: number;
  /** What `points2d` and `points3d` hold, in this order. */
  readonly keypoints: readonly BlazePoseKeypoint[];
  /** [frames][keypoints] pixels of the picture, pixel centres at (i + 0.5). NaN never; may lie outside the picture. */
  readonly points2d: readonly (readonly (readonly [number, number])[])[];
  /** [frames][keypoints] metres in the camera's axes: x right, y down, z away from the camera. */
  readonly points3d: readonly (readonly (readonly [number, number, number])[])[];
  /** [frames] each. */
  readonly angles: Readonly<Record<TruthAngle, readonly number[]>>;
  /** Seconds from the clip's first frame; those that lie in the clip. */
  readonly events: Readonly<Partial<Record<TruthEvent, number>>>;
  /** The same of every frame, as the picture was taken: 3 × 4, row by row, world (metres) to pixels. */
  readonly projections: readonly (readonly number[])[];
}

export type TruthEvent =
  | 'firstMovement'
  | 'peakKneeHeight'
  | 'footContact'
  | 'footPlant'
  | 'maximumExternalRotation'
  | 'ballRelease'
  | 'maximumInternalRotation';
