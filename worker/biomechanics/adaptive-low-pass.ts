/**
 * Zero-phase low-pass whose cut-off follows the motion, sample by sample.
 *
 * A throw is stillness, then a burst: a cut-off that suits the one spoils the other. (Laboratory pitches from the side
 * with pose-like noise of 12 mm, 30 to 240 frames a second: between foot contact and release a fixed 6 Hz moves the
 * throwing wrist by 47 to 54 mm RMS, one that follows by 10 to 17; at rest it cuts the noise of speed to a half at 30
 * and to a tenth at 240.)
 *
 * Each sample takes the lowest cut-off at which what the filter takes away around it is no more than the noise: the
 * idea of Winter's residual analysis (Biomechanics and Motor Control of Human Movement), asked per moment rather than
 * per clip, as Davis and Challis do per segment (J Biomech 2020, 101:109619).
 */
import { lowPassEvenly } from './butterworth.ts';
import { evenGrid } from './even-grid.ts';
import { robustDeviation } from './median.ts';

/** Hertz. The lowest suits a person standing, the highest a pitch (see `highestCutoffHertz`). */
const cutoffsHertz = [3, 4, 5.5, 7.5, 10, 14, 20];
/** What is taken away may reach this many times the noise: the worst of many windows exceeds the mean. */
const noiseAllowance = 1.3;
/** Span over which "around a sample" is measured and the cut-off is spread. Seconds. */
const windowSeconds = 0.2;
/** Fewer samples say nothing about noise: they get the gentlest filter. */
const fewestSamples = 12;

/**
 * 20 Hz suits a pitch (usual in pitching laboratories), if the frame rate carries it. Above 0.4 times the frame rate
 * (0.8 Nyquist) the filter does next to nothing. A lower limit at low frame rates would take the throwing arm away:
 * at 30 frames a second 17 mm up to 12 Hz against 54 mm at 6 Hz, measured as above.
 */
export function highestCutoffHertz(samplesPerSecond: number): number {
  return Math.min(20, 0.4 * samplesPerSecond);
}

export interface AdaptiveLowPassResult {
  readonly channels: Float64Array[];
  /** Of every sample. Hertz. */
  readonly cutoffsHertz: Float64Array;
}

/**
 * Filters the channels (x, y, perhaps z) of one keypoint together, on real times. Without missing samples; at least
 * four. Returns new arrays.
 */
export function adaptiveLowPass(options: {
  /** Strictly increasing. */
  readonly timesSeconds: Float64Array;
  readonly channels: readonly Float64Array[];
}): AdaptiveLowPassResult {
  const grid = evenGrid(options.timesSeconds);
  const { samplesPerSecond } = grid;
  const channels = options.channels.map((channel) => grid.toGrid(channel));
  const count = channels[0]?.length ?? 0;
  const highest = highestCutoffHertz(samplesPerSecond);
  const bank = [...cutoffsHertz.filter((cutoff) => cutoff < 0.95 * highest), highest];
  const smoothed = bank.map((cutoffHertz) =>
    channels.map((values) => lowPassEvenly({ values, cutoffHertz, samplesPerSecond })),
  );
  const halfWindow = Math.max(1, Math.round((windowSeconds * samplesPerSecond) / 2));
  const positions =
    count < fewestSamples
      ? new Float64Array(count).fill(bank.length - 1)
      : bankPositions({ channels, smoothed, halfWindow });
  const blended = channels.map((_, channel) =>
    blend(
      smoothed.map((filtered) => filtered[channel]),
      positions,
    ),
  );
  const cutoffs = positions.map((position) => {
    const lower = Math.floor(position);
    const low = bank[lower] as number;
    return low * ((bank[lower + 1] ?? low) / low) ** (position - lower);
  });
  return {
    channels: blended.map((values) => grid.fromGrid(values)),
    cutoffsHertz: grid.fromGrid(cutoffs),
  };
}

/** Where in the bank every sample lies, 0..bank length - 1, changing smoothly. */
function bankPositions(options: {
  readonly channels: readonly Float64Array[];
  readonly smoothed: readonly (readonly Float64Array[])[];
  readonly halfWindow: number;
}): Float64Array {
  const { channels, smoothed, halfWindow } = options;
  const count = channels[0]?.length ?? 0;
  const limit = noiseAllowance ** 2 * channels.reduce((sum, channel) => sum + whiteNoise(channel) ** 2, 0);
  const positions = new Float64Array(count).fill(smoothed.length - 1);
  for (let at = smoothed.length - 1; at >= 0; at--) {
    const removed = new Float64Array(count);
    channels.forEach((channel, c) => {
      const filtered = smoothed[at]?.[c] ?? channel;
      for (let i = 0; i < count; i++) {
        removed[i] = (removed[i] as number) + ((channel[i] as number) - (filtered[i] as number)) ** 2;
      }
    });
    const means = slidingMean(removed, halfWindow);
    for (let i = 0; i < count; i++) if ((means[i] as number) <= limit) positions[i] = at;
  }
  return slidingMean(slidingMaximum(positions, halfWindow), halfWindow);
}

/**
 * Standard deviation of the white part of a signal's noise: from third differences, to which smooth motion
 * contributes little, by their median, which a burst in a part of the clip does not move.
 */
export function whiteNoise(values: Float64Array): number {
  const differences = new Float64Array(Math.max(0, values.length - 3));
  for (let i = 0; i < differences.length; i++) {
    differences[i] =
      (values[i + 3] as number) - 3 * (values[i + 2] as number) + 3 * (values[i + 1] as number) - (values[i] as number);
  }
  return differences.length === 0 ? 0 : robustDeviation(differences) / Math.sqrt(20);
}

/** Mean over up to `halfWindow` samples on both sides; fewer at the ends. */
function slidingMean(values: Float64Array, halfWindow: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = (sums[i] as number) + (values[i] as number);
  const means = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const first = Math.max(0, i - halfWindow);
    const end = Math.min(values.length, i + halfWindow + 1);
    means[i] = ((sums[end] as number) - (sums[first] as number)) / (end - first);
  }
  return means;
}

/** Maximum over up to `halfWindow` samples on both sides, in linear time: a queue of falling candidates. */
function slidingMaximum(values: Float64Array, halfWindow: number): Float64Array {
  const result = new Float64Array(values.length);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let i = 0; i < values.length + halfWindow; i++) {
    if (i < values.length) {
      while (tail > head && (values[queue[tail - 1] as number] as number) <= (values[i] as number)) tail--;
      queue[tail++] = i;
    }
    const center = i - halfWindow;
    if (center < 0) continue;
    while ((queue[head] as number) < center - halfWindow) head++;
    result[center] = values[queue[head] as number] as number;
  }
  return result;
}

function blend(bank: readonly (Float64Array | undefined)[], positions: Float64Array): Float64Array {
  return positions.map((position, i) => {
    const lower = Math.floor(position);
    const share = position - lower;
    const low = bank[lower]?.[i] ?? Number.NaN;
    return share === 0 ? low : (1 - share) * low + share * (bank[lower + 1]?.[i] ?? low);
  });
}
