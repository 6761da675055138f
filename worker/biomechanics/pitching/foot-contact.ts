/** When the stepping foot has landed: found in its ankle alone. */
import { acrossSight } from '../across-sight.ts';
import type { JointMotion, JointName } from '../joint-motion.ts';
import { pointSpeed } from '../rates.ts';

/** The search, seconds before release. */
const earliestSeconds = 0.28;
const latestSeconds = 0.05;
/** The path that is fitted, before and after release: the end of the stride and the foot at rest. */
const strideSeconds = 0.3;
const restSeconds = 0.03;
const stepSeconds = 0.002;
/** Full weight on the foot to release in laboratory pitches (0.144 to 0.175 s), and how far throwers lie apart in it. */
const seenInSpace = {
  ...{ usualSeconds: 0.155, spreadSeconds: 0.03 },
  /** Errors of neighbouring frames are alike: the path counts as this many samples, however many frames it has. */
  independentSamples: 8,
};
/** One camera shows part of the path: it says less, and what is usual more. */
const seenInPicture = { usualSeconds: 0.15, spreadSeconds: 0.015, independentSamples: 4 };
/** The foot does not run on a straight line: misfits below this say nothing. Body heights. */
const roughness = 0.0016;

/** Body heights a second. A landed ankle is slower: within 8 ms of full weight on the foot in three laboratory pitches. */
const landedSpeed = 0.415;
/** One that stays below this until release is seen well enough for its speed to be trusted. */
const quietSpeed = 0.49;
const nearSeconds = 0.045;

export interface FootContact {
  readonly timeSeconds: number;
  /** Whether the ankle is seen well enough for its coming to rest to be the moment, not only the kink of its path. */
  readonly isSeenToRest: boolean;
}

/**
 * The foot runs to its place and stays there: the moment of the kink is where a straight line followed by a point fits
 * the ankle's path best. That stands up to errors of centimetres. Where the ankle is seen well enough, the moment at
 * which it has come to rest close by is taken instead; `isSeenToRest` overrules that choice. Undefined where the ankle
 * is missing.
 */
export function findFootContact(options: {
  /** Low-pass filtered. */
  readonly motion: JointMotion;
  readonly ankle: JointName;
  readonly releaseSeconds: number;
  readonly heightMetres: number;
  readonly isSeenToRest?: boolean | undefined;
}): FootContact | undefined {
  const { heightMetres, releaseSeconds } = options;
  const motion = acrossSight(options.motion);
  const trust = motion.lineOfSight === undefined ? seenInSpace : seenInPicture;
  const kink = findKink({ motion, ankle: options.ankle, releaseSeconds, floor: roughness * heightMetres, ...trust });
  if (kink === undefined) return undefined;
  const atKink = { timeSeconds: kink, isSeenToRest: false };
  if (options.isSeenToRest === false || (motion.lineOfSight && !options.isSeenToRest)) return atKink;
  const { timesSeconds } = motion;
  const speeds = pointSpeed(motion, options.ankle);
  const rest = findRest(timesSeconds, speeds, kink, landedSpeed * heightMetres);
  if (rest === undefined) return atKink;
  const isQuiet = timesSeconds.every(
    (time, i) => time <= rest || time > releaseSeconds || Number(speeds[i]) < quietSpeed * heightMetres,
  );
  return options.isSeenToRest === true || isQuiet ? { timeSeconds: rest, isSeenToRest: true } : atKink;
}

function findKink(options: {
  readonly motion: JointMotion;
  readonly ankle: JointName;
  readonly releaseSeconds: number;
  readonly floor: number;
  readonly usualSeconds: number;
  readonly spreadSeconds: number;
  readonly independentSamples: number;
}): number | undefined {
  const { motion, ankle, releaseSeconds, floor, usualSeconds, spreadSeconds, independentSamples } = options;
  const path = pathOf(motion, ankle, releaseSeconds - strideSeconds, releaseSeconds + restSeconds);
  if (path.times.length < 4 || Number(path.times[0]) > releaseSeconds - earliestSeconds / 2) return undefined;
  let least = Number.POSITIVE_INFINITY;
  let kink: number | undefined;
  for (let before = earliestSeconds; before >= latestSeconds; before -= stepSeconds) {
    const surprise = (before - usualSeconds) / spreadSeconds;
    const misfit = meanSquare(path, releaseSeconds - before) + floor ** 2;
    const cost = independentSamples * Math.log(misfit) + surprise ** 2;
    if (cost < least) [least, kink] = [cost, releaseSeconds - before];
  }
  return kink;
}

interface Path {
  readonly times: Float64Array;
  /** Three for each time, metres from their mean. */
  readonly points: Float64Array;
}

function pathOf(motion: JointMotion, joint: JointName, from: number, to: number): Path {
  const { timesSeconds } = motion;
  const values = motion.joints[joint] ?? new Float64Array();
  const frames: number[] = [];
  for (let frame = 0; frame < timesSeconds.length; frame++) {
    const time = timesSeconds[frame] as number;
    if (time >= from && time <= to && Number.isFinite(values[frame * 3])) frames.push(frame);
  }
  const points = new Float64Array(frames.length * 3);
  for (let axis = 0; axis < 3; axis++) {
    const mean = frames.reduce((sum, frame) => sum + (values[frame * 3 + axis] as number), 0) / frames.length;
    frames.forEach((frame, i) => {
      points[i * 3 + axis] = (values[frame * 3 + axis] as number) - mean;
    });
  }
  return { times: Float64Array.from(frames, (frame) => timesSeconds[frame] as number), points };
}

/** Of what is left after fitting p + v · min(0, t − kink) to each axis, square metres. */
function meanSquare({ times, points }: Path, kink: number): number {
  const count = times.length;
  let [s1, s2, total] = [0, 0, 0];
  const along = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const s = Math.min(0, (times[i] as number) - kink);
    s1 += s;
    s2 += s * s;
    for (let axis = 0; axis < 3; axis++) {
      const value = points[i * 3 + axis] as number;
      along[axis] = (along[axis] as number) + s * value;
      total += value * value;
    }
  }
  // The points' mean is zero: what the line explains is the slope's part alone.
  const spread = s2 - (s1 * s1) / count;
  if (!(spread > 0)) return total / (3 * count);
  const explained = along.reduce((sum, product) => sum + (product * product) / spread, 0);
  return (total - explained) / (3 * count);
}

/** Where the speed falls below the landed foot's, nearest to the kink; between two samples. */
function findRest(timesSeconds: Float64Array, speeds: Float64Array, kink: number, landed: number): number | undefined {
  let nearest: number | undefined;
  for (let frame = 0; frame + 1 < timesSeconds.length; frame++) {
    const [speed, next] = [speeds[frame] as number, speeds[frame + 1] as number];
    if (!(speed >= landed && next < landed)) continue;
    const [time, after] = [timesSeconds[frame] as number, timesSeconds[frame + 1] as number];
    const crossing = time + ((after - time) * (speed - landed)) / (speed - next);
    const distance = Math.abs(crossing - kink);
    if (distance < nearSeconds && !(nearest !== undefined && Math.abs(nearest - kink) <= distance)) nearest = crossing;
  }
  return nearest;
}
