import type { Skeleton } from '../../models/skeletons.ts';
import { adaptiveLowPass } from '../biomechanics/adaptive-low-pass.ts';
import { bodyExtents } from '../biomechanics/body-extents.ts';
import { fillGaps } from '../biomechanics/fill-gaps.ts';
import { findOutliers } from '../biomechanics/find-outliers.ts';
import { findSwaps, swapBits } from '../biomechanics/find-swaps.ts';
import { limbGroups, pairsOfGroups } from '../biomechanics/limb-groups.ts';
import { median } from '../biomechanics/median.ts';
import type { Motion } from '../biomechanics/motion.ts';
import { presentRuns } from '../biomechanics/sample-runs.ts';
import type { AnalysisDocument } from '../protocol/analysis.ts';

export interface CleanedMotion {
  readonly motion: Motion;
  readonly report: AnalysisDocument['cleaning'];
}

export interface CleanMotionOptions {
  readonly skeleton: Skeleton;
  /** First frames of shots after a hard cut: nothing is carried across. */
  readonly cuts: readonly number[];
  /** Of most of the clip; the times themselves come from the motion. */
  readonly framesPerSecond: number;
}

/** Longest time without a sample that is still filled. Seconds. */
const longestGapSeconds = 0.2;
/** Parts of the body's extent below which a leap is never an outlier. */
const outlierFloors = { picture: 0.02, space: 0.03 };

/**
 * Repairs left/right swaps, replaces outliers, fills short gaps, and smooths without delay, in this order: a swap
 * looks like two outliers, an outlier would bend a filled gap, and the filter spreads whatever is left. Looks at both
 * directions of time, within a shot only. Longer gaps stay NaN. The raw motion is not changed.
 *
 * A sample that was guessed carries the lower visibility and presence of the samples on both sides, an outlier's
 * never more than its own.
 */
export function cleanMotion(raw: Motion, options: CleanMotionOptions): CleanedMotion {
  const frames = raw.timesSeconds.length;
  const motion: Motion = {
    timesSeconds: raw.timesSeconds,
    keypointCount: raw.keypointCount,
    landmarks2d: Float32Array.from(raw.landmarks2d),
    landmarks3d: Float32Array.from(raw.landmarks3d),
  };
  const cuts = [...new Set(options.cuts)].filter((cut) => cut > 0 && cut < frames).sort((a, b) => a - b);
  const tally = { filledSamples: 0, outlierSamples: 0, swappedFrames: 0 };
  const cutoffsHertz: number[] = [];
  // One missing frame may be bridged at any frame rate; a little is added for times that are not exact.
  const maximumGapSeconds = Math.max(longestGapSeconds, 2 / options.framesPerSecond) + 0.1 / options.framesPerSecond;
  [0, ...cuts].forEach((firstFrame, shot) => {
    const endFrame = cuts[shot] ?? frames;
    tally.swappedFrames += repairSwaps(motion, { skeleton: options.skeleton, firstFrame, endFrame });
    const shotFrames = Array.from({ length: endFrame - firstFrame }, (_, i) => firstFrame + i);
    const extents = bodyExtents(motion, shotFrames);
    for (let keypoint = 0; keypoint < motion.keypointCount; keypoint++) {
      const before = takeTrack(motion, { keypoint, firstFrame, endFrame });
      const { track, filled, outliers } = mendTrack(before, { extents, maximumGapSeconds });
      tally.filledSamples += filled;
      tally.outlierSamples += outliers;
      const picture = smoothTrack(track.timesSeconds, track.picture, maximumGapSeconds);
      const space = smoothTrack(track.timesSeconds, track.space, maximumGapSeconds);
      cutoffsHertz.push(...picture.medianCutoffsHertz);
      putTrack(motion, { keypoint, firstFrame }, { ...track, picture: picture.channels, space: space.channels });
    }
  });
  const cutoffHertz = median(cutoffsHertz);
  return { motion, report: { ...(cutoffHertz > 0 && { cutoffHertz }), ...tally } };
}

interface Stretch {
  readonly firstFrame: number;
  readonly endFrame: number;
}

/**
 * From frame to frame first, then over longer and longer steps. On 70 drawn clips with one look at a frame and with
 * three, frames with exchanged limbs: 289 and 110 after the first step, 111 and 38 after all.
 */
const swapStepsSeconds = [0, 0.02, 0.033, 0.05];

/** Exchanges left and right in our own copy. Returns the number of frames that were changed. */
function repairSwaps(motion: Motion, { skeleton, ...stretch }: Stretch & { readonly skeleton: Skeleton }): number {
  const groups = pairsOfGroups(skeleton);
  const changed = new Uint8Array(stretch.endFrame - stretch.firstFrame);
  for (const stepSeconds of swapStepsSeconds) {
    findSwaps({ motion, skeleton, ...stretch, stepSeconds }).forEach((bits, i) => {
      if (bits === 0) return;
      changed[i] = (changed[i] ?? 0) ^ bits;
      const start = (stretch.firstFrame + i) * motion.keypointCount;
      for (const group of limbGroups) {
        if ((bits & swapBits[group]) === 0) continue;
        for (const [left, right] of groups[group]) {
          exchange(motion.landmarks2d, (start + left) * 4, (start + right) * 4, 4);
          exchange(motion.landmarks3d, (start + left) * 3, (start + right) * 3, 3);
        }
      }
    });
  }
  return changed.filter((bits) => bits !== 0).length;
}

function exchange(values: Float32Array, a: number, b: number, count: number): void {
  const kept = values.slice(a, a + count);
  values.copyWithin(a, b, b + count);
  values.set(kept, b);
}

/** One keypoint over one shot. */
interface Track {
  readonly timesSeconds: Float64Array;
  /** x, y in pixels. */
  readonly picture: readonly Float64Array[];
  /** X, Y, Z in metres. */
  readonly space: readonly Float64Array[];
  /** Visibility and presence. */
  readonly confidence: readonly Float64Array[];
}

function takeTrack(motion: Motion, { keypoint, firstFrame, endFrame }: Stretch & { keypoint: number }): Track {
  const channel = (values: Float32Array, width: number, at: number): Float64Array => {
    const column = new Float64Array(endFrame - firstFrame);
    for (let i = 0; i < column.length; i++) {
      column[i] = values[((firstFrame + i) * motion.keypointCount + keypoint) * width + at] as number;
    }
    return column;
  };
  return {
    timesSeconds: motion.timesSeconds.slice(firstFrame, endFrame),
    picture: [0, 1].map((at) => channel(motion.landmarks2d, 4, at)),
    space: [0, 1, 2].map((at) => channel(motion.landmarks3d, 3, at)),
    confidence: [2, 3].map((at) => channel(motion.landmarks2d, 4, at)),
  };
}

function putTrack(motion: Motion, to: { keypoint: number; firstFrame: number }, track: Track): void {
  const put = (values: Float32Array, width: number, columns: readonly Float64Array[]): void => {
    columns.forEach((column, at) => {
      for (let i = 0; i < column.length; i++) {
        values[((to.firstFrame + i) * motion.keypointCount + to.keypoint) * width + at] = column[i] as number;
      }
    });
  };
  put(motion.landmarks2d, 4, [...track.picture, ...track.confidence]);
  put(motion.landmarks3d, 3, track.space);
}

/** Outliers and short gaps replaced by a path through the samples around them. */
function mendTrack(
  track: Track,
  options: { extents: { pixels: number; metres: number }; maximumGapSeconds: number },
): { track: Track; filled: number; outliers: number } {
  const { timesSeconds, picture, space, confidence } = track;
  const visibilities = confidence[0] ?? new Float64Array(timesSeconds.length);
  const leaps = (channels: readonly Float64Array[], floor: number): Uint8Array =>
    findOutliers({ timesSeconds, channels, visibilities, floor });
  const pictureLeaps = leaps(picture, outlierFloors.picture * options.extents.pixels);
  // What leapt in the picture is not believed in space either; depth alone may leap while the picture is right.
  const spaceLeaps = leaps(space, outlierFloors.space * options.extents.metres).map(
    (flag, i) => flag | (pictureLeaps[i] ?? 0),
  );
  const mend = (channels: readonly Float64Array[], flags: Uint8Array): Float64Array[] =>
    channels.map((values) => {
      const holed = values.map((value, i) => (flags[i] ? Number.NaN : value));
      const filled = fillGaps({ timesSeconds, values: holed, maximumGapSeconds: options.maximumGapSeconds });
      // Where nothing better can be had, what the model said stays.
      return filled.map((value, i) => (Number.isNaN(value) ? (values[i] as number) : value));
    });
  const mended = mend(picture, pictureLeaps);
  const isFilled = (i: number): boolean => Number.isNaN(picture[0]?.[i]) && !Number.isNaN(mended[0]?.[i]);
  const guessed = pictureLeaps.map((flag, i) => (flag || isFilled(i) ? 1 : 0));
  return {
    track: {
      timesSeconds,
      picture: mended,
      space: mend(space, spaceLeaps),
      confidence: confidence.map((values) => lowerGuessed(values, guessed)),
    },
    filled: guessed.reduce((sum, _, i) => sum + (isFilled(i) ? 1 : 0), 0),
    outliers: spaceLeaps.reduce((sum, flag) => sum + flag, 0),
  };
}

/** Confidence of guessed samples: the lowest of the samples on both sides and of their own, where they have one. */
function lowerGuessed(values: Float64Array, guessed: Uint8Array): Float64Array {
  const lowered = Float64Array.from(values);
  for (let first = 0; first < values.length; first++) {
    if (!guessed[first]) continue;
    let end = first;
    while (end < values.length && guessed[end]) end++;
    const around = [values[first - 1], values[end]].filter((value) => value !== undefined && !Number.isNaN(value));
    for (let i = first; i < end; i++) {
      const own = values[i] as number;
      lowered[i] = Math.min(...(around as number[]), Number.isNaN(own) ? 1 : own);
    }
    first = end;
  }
  return lowered;
}

/** Low-pass of every stretch without a gap. A stretch of fewer than four samples stays as it is. */
function smoothTrack(
  timesSeconds: Float64Array,
  channels: readonly Float64Array[],
  maximumIntervalSeconds: number,
): { channels: Float64Array[]; medianCutoffsHertz: number[] } {
  const smooth = channels.map((channel) => Float64Array.from(channel));
  const medianCutoffsHertz: number[] = [];
  for (const { first, end } of presentRuns({ timesSeconds, channels, maximumIntervalSeconds })) {
    if (end - first < 4) continue;
    const result = adaptiveLowPass({
      timesSeconds: timesSeconds.slice(first, end),
      channels: channels.map((channel) => channel.slice(first, end)),
    });
    result.channels.forEach((values, i) => void smooth[i]?.set(values, first));
    medianCutoffsHertz.push(median(result.cutoffsHertz));
  }
  return { channels: smooth, medianCutoffsHertz };
}
