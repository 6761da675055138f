import type { BlazePoseKeypoint } from '../../../models/skeletons.ts';
import { mainJoints } from './paired-frames.ts';
import type { ClipScore, PictureErrors } from './score-clip.ts';
import { mean, rootMeanSquare } from './summary.ts';

/** Figures of clips put together; NaN where nothing can be said. Percent are of the athlete's standing height. */
export interface Figures {
  readonly clips: number;
  readonly frames: number;
  /** Frames with a pose on the athlete, of all. */
  readonly detectionRate: number;
  readonly dropouts: number;
  readonly longestDropoutFrames: number;
  /** Mean over the twelve main joints. */
  readonly error2dPercentHeight: number;
  readonly error2dAccelerationPercentHeight: number;
  /** The throwing hand's wrist, over the clip and from foot contact to release. */
  readonly wristOverallPercentHeight: number;
  readonly wristError2dPercentHeight: number;
  readonly error3dRawMillimetres: number;
  /** One similarity for each clip. */
  readonly error3dAlignedMillimetres: number;
  /** One similarity for each frame. */
  readonly error3dFrameAlignedMillimetres: number;
  readonly elbowRmseDegrees: number;
  readonly elbowBiasDegrees: number;
  readonly kneeRmseDegrees: number;
  readonly kneeBiasDegrees: number;
  readonly trunkTiltRmseDegrees: number;
  readonly trunkTiltBiasDegrees: number;
  readonly hipShoulderSeparationRmseDegrees: number;
  readonly hipShoulderSeparationBiasDegrees: number;
  /** Of the frames with a pose, those with arms or legs exchanged. */
  readonly swapFraction: number;
  readonly armSwapFraction: number;
  readonly legSwapFraction: number;
  readonly longestSwapFrames: number;
  /** Share of errors within the interval that the product gives for 90 %. NaN: it gives none. */
  readonly coverage90: number;
}

export function summarizeScores(scores: readonly ClipScore[]): Figures {
  const sum = (value: (score: ClipScore) => number): number => scores.reduce((total, score) => total + value(score), 0);
  const most = (value: (score: ClipScore) => number): number => Math.max(0, ...scores.map(value));
  const all = (values: (score: ClipScore) => readonly number[]): number[] => scores.flatMap(values);
  const errorsOf = (part: 'picture' | 'acceleration', names: readonly BlazePoseKeypoint[]): number[] =>
    all((score) => names.flatMap((name) => valuesOf(score[part], name)));
  const wrist = (part: 'picture' | 'acceleration'): number =>
    mean(all((score) => valuesOf(score[part], score.throwingWrist)));
  const elbow = all(({ angles }) => [...angles.leftElbow, ...angles.rightElbow]);
  const knee = all(({ angles }) => [...angles.leftKnee, ...angles.rightKnee]);
  const tilt = all(({ angles }) => angles.trunkTilt);
  const separation = all(({ angles }) => angles.hipShoulderSeparation);
  const frames = sum((score) => score.frames);
  const framesWithPose = sum(({ swaps }) => swaps.arms.frames);
  const swapShare = (isSwapped: (score: ClipScore, frame: number) => boolean): number =>
    sum((score) => score.swaps.arms.swapped.filter((_, frame) => isSwapped(score, frame)).length) /
    (framesWithPose || Number.NaN);
  const arms = (score: ClipScore, frame: number): boolean => score.swaps.arms.swapped[frame] === true;
  const legs = (score: ClipScore, frame: number): boolean => score.swaps.legs.swapped[frame] === true;
  return {
    clips: scores.length,
    frames,
    detectionRate: sum((score) => score.framesDetected) / (frames || Number.NaN),
    dropouts: sum(({ dropouts }) => dropouts.count),
    longestDropoutFrames: most(({ dropouts }) => dropouts.longest),
    error2dPercentHeight: mean(errorsOf('picture', mainJoints)),
    error2dAccelerationPercentHeight: mean(errorsOf('acceleration', mainJoints)),
    wristOverallPercentHeight: wrist('picture'),
    wristError2dPercentHeight: wrist('acceleration'),
    error3dRawMillimetres: mean(all(({ space }) => space.raw)),
    error3dAlignedMillimetres: mean(all(({ space }) => space.clipAligned)),
    error3dFrameAlignedMillimetres: mean(all(({ space }) => space.frameAligned)),
    elbowRmseDegrees: rootMeanSquare(elbow),
    elbowBiasDegrees: mean(elbow),
    kneeRmseDegrees: rootMeanSquare(knee),
    kneeBiasDegrees: mean(knee),
    trunkTiltRmseDegrees: rootMeanSquare(tilt),
    trunkTiltBiasDegrees: mean(tilt),
    hipShoulderSeparationRmseDegrees: rootMeanSquare(separation),
    hipShoulderSeparationBiasDegrees: mean(separation),
    swapFraction: swapShare((score, frame) => arms(score, frame) || legs(score, frame)),
    armSwapFraction: swapShare(arms),
    legSwapFraction: swapShare(legs),
    longestSwapFrames: most(({ swaps }) => Math.max(swaps.arms.longestRunFrames, swaps.legs.longestRunFrames)),
    coverage90: mean(
      scores.flatMap(({ intervals }) =>
        intervals.map(({ errorPixels, radius90Pixels }) =>
          Number.isNaN(radius90Pixels) ? Number.NaN : Number(errorPixels <= radius90Pixels),
        ),
      ),
    ),
  };
}

/** Of one keypoint, percent of height. */
export interface KeypointFigures {
  readonly error: number;
  /** How much too low it is found, on average. */
  readonly downwards: number;
}

/** In the order of the first clip's truth. */
export function figuresByKeypoint(scores: readonly ClipScore[]): ReadonlyMap<BlazePoseKeypoint, KeypointFigures> {
  const names = new Set(scores.flatMap(({ picture }) => [...picture.keys()]));
  const meanOf = (part: 'picture' | 'downwards', name: BlazePoseKeypoint): number =>
    mean(scores.flatMap((score) => valuesOf(score[part], name)));
  return new Map(
    [...names].map((name) => [name, { error: meanOf('picture', name), downwards: meanOf('downwards', name) }]),
  );
}

function valuesOf(errors: PictureErrors, name: BlazePoseKeypoint): readonly number[] {
  return errors.get(name) ?? [];
}
