/** When the ball leaves the hand: found in the throwing arm. */
import { type JointMotion, jointAt } from '../joint-motion.ts';
import { derivative, highest, pointSpeed } from '../rates.ts';
import { angleBetweenDegrees, subtract } from '../vectors.ts';
import { fastestFall } from './fastest-fall.ts';
import type { ThrowingSide } from './throwing-side.ts';

/**
 * From the fastest moments of the arm to release, seconds, in three laboratory pitches of two pitchers (360 Hz) and in
 * drawn ones: wrist 12 to 17 and 11 to 21, straightening of the elbow 15 to 17 and 18 to 22. Their mean is off by less
 * than 6 ms in all of them.
 */
const afterWristSeconds = 0.0155;
const afterStraighteningSeconds = 0.0178;
/** The elbow straightens fastest within this of the wrist's fastest moment; else it is not seen. */
const togetherSeconds = 0.03;
/** The hand falls fastest less than this after the wrist is fastest. */
const longestFallSeconds = 0.12;

/**
 * From release to the hand's fastest fall: 19 to 25 ms in the laboratory's pitches, 10 to 22 in the drawn ones. The
 * picture shows it from every side: in 60 drawn clips of six views release was found with a median error of 3 to 4 ms by
 * it, and of 36 (side) to 113 (rear) by the speed in space, most of which is guessed depth.
 */
const beforeFallSeconds = 0.0185;
/** Below 50 frames a second the low-pass that these can bear draws the fall out and moves it. */
const fewFramesPerSecond = 50;
const beforeSlowFallSeconds = 0.0325;

/** Undefined where the throwing wrist is not seen. */
export function findRelease(motion: JointMotion, side: ThrowingSide): number | undefined {
  return motion.lineOfSight === undefined ? fromSpeed(motion, side) : fromFall(motion, side);
}

function fromSpeed(motion: JointMotion, { arm }: ThrowingSide): number | undefined {
  const { timesSeconds } = motion;
  const fall = fastestFall(motion, arm.wrist);
  if (fall === undefined) return undefined;
  const between = (from: number, to: number) => ({
    first: timesSeconds.findIndex((time) => time >= from),
    end: timesSeconds.findLastIndex((time) => time <= to) + 1,
  });
  // At few frames a second the arm may seem as fast when it is cocked.
  const wrist = highest({
    ...{ timesSeconds, values: pointSpeed(motion, arm.wrist) },
    ...between(fall.timeSeconds - longestFallSeconds, fall.timeSeconds),
  });
  if (wrist === undefined) return undefined;
  const byWrist = wrist.timeSeconds + afterWristSeconds;
  const flexion = Float64Array.from(timesSeconds, (_, frame) => {
    const elbow = jointAt(motion, arm.elbow, frame);
    const upperArm = subtract(elbow, jointAt(motion, arm.shoulder, frame));
    return angleBetweenDegrees(upperArm, subtract(jointAt(motion, arm.wrist, frame), elbow));
  });
  const straightening = highest({
    timesSeconds,
    values: derivative({ timesSeconds, values: flexion }).map((speed) => -speed),
    ...between(wrist.timeSeconds - togetherSeconds, wrist.timeSeconds + togetherSeconds),
  });
  return straightening === undefined ? byWrist : (byWrist + straightening.timeSeconds + afterStraighteningSeconds) / 2;
}

function fromFall(motion: JointMotion, { arm }: ThrowingSide): number | undefined {
  const { timesSeconds } = motion;
  const wrist = fastestFall(motion, arm.wrist);
  if (wrist === undefined) return undefined;
  const hand = fastestFall(motion, arm.index);
  // The knuckle is small and fast: trusted only where it agrees with the wrist.
  const isHandSound = hand !== undefined && Math.abs(hand.timeSeconds - wrist.timeSeconds) < togetherSeconds;
  const fall = isHandSound ? (hand.timeSeconds + wrist.timeSeconds) / 2 : wrist.timeSeconds;
  const rate = (timesSeconds.length - 1) / (Number(timesSeconds[timesSeconds.length - 1]) - Number(timesSeconds[0]));
  return fall - (rate < fewFramesPerSecond ? beforeSlowFallSeconds : beforeFallSeconds);
}
