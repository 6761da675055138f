/** Several pitches in one motion: where each begins and ends. */

import { acrossSight } from '../across-sight.ts';
import { segmentLength } from '../body-height.ts';
import { type JointMotion, jointAt } from '../joint-motion.ts';
import type { Stretch } from '../profile.ts';
import { pointSpeed } from '../rates.ts';
import { type Hand, throwingSide } from './throwing-side.ts';

/** Two pitches lie farther apart than this; a pitch takes no longer before and after the arm is fastest. */
const leastPauseSeconds = 2.5;
const longestBeforeSeconds = 3.5;
const longestAfterSeconds = 1.5;
/** Other throws of a session reach this share of the fastest one. */
const leastShare = 0.5;
/** Before the arm is fastest, the leg is lifted for it within this. */
const liftSeconds = 2.5;
/** In a lift the lead knee stands above the rear one by this share of the thigh. */
const leastLift = 0.3;

/**
 * Every peak of the throwing wrist's speed that a leg lift goes before, far enough from faster ones. Where no leg lift
 * is seen at all, the fastest peak is the one pitch. Empty where the wrist is not seen.
 */
export function findPitches(motion: JointMotion, hand: Hand): Stretch[] {
  const { timesSeconds } = motion;
  const peaks = farApart(timesSeconds, pointSpeed(acrossSight(motion), throwingSide(hand).arm.wrist));
  const lifted = peaks.filter((peak) => hasLegLift(motion, hand, peak));
  const kept = (lifted.length > 0 ? lifted : peaks.slice(0, 1)).sort((a, b) => a - b);
  const [first, last] = [Number(timesSeconds[0]), Number(timesSeconds[timesSeconds.length - 1])];
  return kept.map((peak, i) => {
    const [before, after] = [kept[i - 1], kept[i + 1]];
    // Of the time between two pitches the greater part belongs to the second one's wind-up.
    const earliest = before === undefined ? first : before + Math.min(longestAfterSeconds, (peak - before) * 0.35);
    const latest = after === undefined ? last : peak + Math.min(longestAfterSeconds, (after - peak) * 0.35);
    return {
      fromSeconds: Math.max(earliest, peak - longestBeforeSeconds),
      toSeconds: Math.min(latest, peak + longestAfterSeconds),
    };
  });
}

/** Times of the highest samples, highest first, none near a higher one. */
function farApart(timesSeconds: Float64Array, speeds: Float64Array): number[] {
  const order = [...speeds.keys()].filter((frame) => Number.isFinite(speeds[frame]));
  order.sort((a, b) => Number(speeds[b]) - Number(speeds[a]));
  const least = leastShare * Number(speeds[order[0] ?? -1]);
  const peaks: number[] = [];
  for (const frame of order) {
    if (Number(speeds[frame]) < least) break;
    const time = timesSeconds[frame] as number;
    if (peaks.every((peak) => Math.abs(peak - time) >= leastPauseSeconds)) peaks.push(time);
  }
  return peaks;
}

function hasLegLift(motion: JointMotion, hand: Hand, peakSeconds: number): boolean {
  const { lead, rear } = throwingSide(hand);
  const thigh = segmentLength(motion, lead.hip, lead.knee);
  return motion.timesSeconds.some((time, frame) => {
    if (time > peakSeconds || time < peakSeconds - liftSeconds) return false;
    const above = Number(jointAt(motion, lead.knee, frame)[2]) - Number(jointAt(motion, rear.knee, frame)[2]);
    return above > leastLift * thigh;
  });
}
