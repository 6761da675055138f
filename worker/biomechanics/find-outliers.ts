/**
 * Samples that leap away from the path and back: the model took something else for the joint.
 *
 * Looked at from both directions of time: a short run of samples is an outlier when both the step into it and the step
 * out of it are leaps, the samples before and after agree with each other, and all of the run lies far from the path
 * that joins them. How far is far: more than the noise of the signal, more than a part of the body, and more than the
 * joint could have moved at the speed it has on either side, so that the fast part of a throw stays as it is. Low
 * visibility lowers the bar.
 */
import { whiteNoise } from './adaptive-low-pass.ts';

/** Longest time between the good samples around a run. Longer ones are not told from motion. Seconds. */
const longestSpanSeconds = 0.15;
/** Speeds are taken over at least this long, where there are samples: noise over one short frame looks fast. Seconds. */
const speedSpanSeconds = 0.03;
/** Multiples of the signal's noise, for a fully visible and an invisible keypoint. */
const noiseMultiples = { visible: 8, hidden: 4 };
/** Part of the floor that stays for an invisible keypoint. */
const hiddenFloor = 0.5;

/**
 * Flags (1) of outliers. Missing samples (NaN) are passed over and never flagged.
 */
export function findOutliers(options: {
  /** Strictly increasing. */
  readonly timesSeconds: Float64Array;
  /** x, y, perhaps z of one keypoint. */
  readonly channels: readonly Float64Array[];
  /** 0..1 of every sample. */
  readonly visibilities: Float64Array;
  /** Deviations below this are never outliers. Unit of the channels. */
  readonly floor: number;
}): Uint8Array {
  const { timesSeconds, channels, visibilities, floor } = options;
  const flags = new Uint8Array(timesSeconds.length);
  const path = presentPath(timesSeconds, channels);
  const noise = Math.sqrt(path.channels.reduce((sum, channel) => sum + whiteNoise(channel) ** 2, 0));
  const bars = path.indices.map((index) => {
    const visibility = Math.min(1, Math.max(0, visibilities[index] ?? 0));
    const multiple = noiseMultiples.hidden + (noiseMultiples.visible - noiseMultiples.hidden) * visibility;
    return Math.max(multiple * noise, floor * (hiddenFloor + (1 - hiddenFloor) * visibility));
  });
  for (let first = 1; first < path.indices.length - 1; ) {
    const end = endOfLeap(path, bars, first);
    for (let i = first; i < end; i++) flags[path.indices[i] as number] = 1;
    // The sample after an outlier is the anchor of the next path: it is not asked itself.
    first = Math.max(first, end) + 1;
  }
  return flags;
}

interface Path {
  /** Of the present samples in the whole signal. */
  readonly indices: readonly number[];
  readonly times: Float64Array;
  readonly channels: readonly Float64Array[];
}

function presentPath(timesSeconds: Float64Array, channels: readonly Float64Array[]): Path {
  const indices: number[] = [];
  for (let i = 0; i < timesSeconds.length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i] as number;
    if (!Number.isNaN(sum)) indices.push(i);
  }
  const pick = (values: Float64Array): Float64Array => {
    const picked = new Float64Array(indices.length);
    for (let i = 0; i < picked.length; i++) picked[i] = values[indices[i] as number] as number;
    return picked;
  };
  return { indices, times: pick(timesSeconds), channels: channels.map(pick) };
}

/** End (not included) of the outliers that start at `first`; `first` itself when it is none. */
function endOfLeap(path: Path, bars: readonly number[], first: number): number {
  const { times } = path;
  const before = first - 1;
  const bar = bars[first] as number;
  if (apart(path, before, first) <= bar) return first;
  const speedBefore = speedBeside(path, before, -1);
  if (apart(path, before, first) <= bar + speedBefore * secondsApart(path, before, first)) return first;
  for (let end = first + 1; end < times.length; end++) {
    const span = secondsApart(path, before, end);
    if (span > longestSpanSeconds) return first;
    if (apart(path, end - 1, end) <= (bars[end - 1] as number)) continue;
    const speedAfter = speedBeside(path, end, 1);
    const stepOut = apart(path, end - 1, end) - speedAfter * secondsApart(path, end - 1, end);
    if (stepOut <= (bars[end - 1] as number)) continue;
    const reach = Math.max(speedBefore, speedAfter) * span;
    if (apart(path, before, end) > bar + reach) continue;
    let allFar = true;
    for (let i = first; i < end && allFar; i++) {
      allFar = awayFromLine(path, before, end, i) > (bars[i] as number) + reach / 2;
    }
    if (allFar) return end;
  }
  return first;
}

function apart({ channels }: Path, a: number, b: number): number {
  let sum = 0;
  for (const channel of channels) sum += ((channel[a] as number) - (channel[b] as number)) ** 2;
  return Math.sqrt(sum);
}

/** Speed next to sample `at`, looking back (-1) or ahead (1); zero at the ends of the path. */
function speedBeside(path: Path, at: number, direction: -1 | 1): number {
  const { times } = path;
  let other = at + direction;
  while (other >= 0 && other < times.length && secondsApart(path, at, other) < speedSpanSeconds) other += direction;
  other = Math.min(times.length - 1, Math.max(0, other));
  return other === at ? 0 : apart(path, at, other) / secondsApart(path, at, other);
}

function secondsApart({ times }: Path, a: number, b: number): number {
  return Math.abs((times[b] as number) - (times[a] as number));
}

/** Distance of sample `at` from where the straight path between two samples is at its time. */
function awayFromLine({ times, channels }: Path, before: number, after: number, at: number): number {
  const left = times[before] as number;
  const share = ((times[at] as number) - left) / ((times[after] as number) - left);
  let sum = 0;
  for (const channel of channels) {
    const expected = (channel[before] as number) * (1 - share) + (channel[after] as number) * share;
    sum += ((channel[at] as number) - expected) ** 2;
  }
  return Math.sqrt(sum);
}
