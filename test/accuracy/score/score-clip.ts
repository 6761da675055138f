import type { BlazePoseKeypoint } from '../../../models/skeletons.ts';
import { distance } from '../../../worker/biomechanics/vectors.ts';
import type { ClipTruth } from '../clip-truth.ts';
import { type AngleErrors, angleErrors } from './angle-errors.ts';
import {
  type FoundMotion,
  type JointKind,
  jointKinds,
  mainJoints,
  type PairedPoint,
  pairFrames,
} from './paired-frames.ts';
import { type SpaceErrors, spaceErrors } from './space-errors.ts';
import { runsOf } from './summary.ts';
import { findTrueSwaps, type SwapTally } from './swaps.ts';

/** Percent of the athlete's standing height, by keypoint; of the frames in which it is found and lies in the picture. */
export type PictureErrors = ReadonlyMap<BlazePoseKeypoint, readonly number[]>;

/** One main joint in one frame: what the product thought of its error, and what it was. */
export interface IntervalSample {
  readonly kind: JointKind;
  readonly visibility: number;
  readonly errorPixels: number;
  readonly errorPercent: number;
  /** NaN where the product does not say. */
  readonly radius90Pixels: number;
}

/** All errors of one clip at one stage, not yet averaged, so that clips can be put together. */
export interface ClipScore {
  readonly frames: number;
  readonly framesDetected: number;
  /** Stretches of frames without a pose. */
  readonly dropouts: { readonly count: number; readonly longest: number };
  readonly picture: PictureErrors;
  /** How much too low each was found, signed: what the model means by a hip is not a joint's centre. */
  readonly downwards: PictureErrors;
  /** The errors from foot contact to release; empty where the clip does not show both. */
  readonly acceleration: PictureErrors;
  readonly throwingWrist: 'left_wrist' | 'right_wrist';
  readonly space: SpaceErrors;
  readonly angles: AngleErrors;
  readonly swaps: { readonly arms: SwapTally; readonly legs: SwapTally };
  readonly intervals: readonly IntervalSample[];
}

/** Compares what was found in a clip with what is known of it. */
export function scoreClip(truth: ClipTruth, found: FoundMotion): ClipScore {
  const frames = pairFrames(truth, found);
  const always = (): boolean => true;
  const byKeypoint = (
    figureOf: (point: PairedPoint) => number,
    isWanted: (timeSeconds: number) => boolean,
  ): PictureErrors =>
    new Map(
      truth.keypoints.map((name) => [
        name,
        frames.flatMap(({ timeSeconds, points }) => {
          const point = points.get(name);
          return point && isWanted(timeSeconds) && !Number.isNaN(point.errorPercent) ? [figureOf(point)] : [];
        }),
      ]),
    );
  const errorOf = ({ errorPercent }: PairedPoint): number => errorPercent;
  const downOf = ({ found2d, truth2d }: PairedPoint): number =>
    (100 * ((found2d[1] ?? Number.NaN) - (truth2d[1] ?? Number.NaN))) / truth.athleteHeightPixels;
  const { footContact = Number.NaN, ballRelease = Number.NaN } = truth.events;
  const halfFrame = 0.5 / truth.framesPerSecond;
  return {
    frames: frames.length,
    framesDetected: frames.filter(({ isDetected }) => isDetected).length,
    dropouts: runsOf(frames.map(({ hasPose }) => !hasPose)),
    picture: byKeypoint(errorOf, always),
    downwards: byKeypoint(downOf, always),
    acceleration: byKeypoint(errorOf, (time) => time >= footContact - halfFrame && time <= ballRelease + halfFrame),
    throwingWrist: `${truth.hand}_wrist`,
    space: spaceErrors(frames),
    angles: angleErrors(truth, found.motion, found.skeleton),
    swaps: {
      arms: findTrueSwaps(frames, 'arms', truth.athleteHeightPixels),
      legs: findTrueSwaps(frames, 'legs', truth.athleteHeightPixels),
    },
    intervals: frames.flatMap(({ points }) =>
      mainJoints.flatMap((name) => {
        const point = points.get(name);
        if (!point || Number.isNaN(point.errorPercent)) return [];
        const { visibility, errorPercent, radius90Pixels } = point;
        const kind = jointKinds.find((candidate) => name.endsWith(candidate)) ?? 'shoulder';
        return [
          { kind, visibility, errorPercent, radius90Pixels, errorPixels: distance(point.found2d, point.truth2d) },
        ];
      }),
    ),
  };
}
