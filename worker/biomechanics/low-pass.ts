import { lowPassEvenly } from './butterworth.ts';
import { evenGrid } from './even-grid.ts';
import { presentRuns } from './sample-runs.ts';

/**
 * Zero-phase low-pass of one signal on its real times. Every stretch between missing samples (NaN) or pauses is
 * filtered by itself; missing samples stay missing, stretches of fewer than four samples stay as they are.
 * The cut-off is lowered to 0.4 times the sample rate of a stretch where it is higher. Returns a new array.
 */
export function lowPass(options: {
  /** Strictly increasing. */
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
  readonly cutoffHertz: number;
  /** A longer interval between samples parts the signal. */
  readonly maximumIntervalSeconds: number;
}): Float64Array {
  const { timesSeconds, values, cutoffHertz, maximumIntervalSeconds } = options;
  const result = Float64Array.from(values);
  for (const { first, end } of presentRuns({ timesSeconds, channels: [values], maximumIntervalSeconds })) {
    if (end - first < 4) continue;
    const grid = evenGrid(timesSeconds.slice(first, end));
    const { samplesPerSecond } = grid;
    const even = lowPassEvenly({
      values: grid.toGrid(values.slice(first, end)),
      cutoffHertz: Math.min(cutoffHertz, 0.4 * samplesPerSecond),
      samplesPerSecond,
    });
    result.set(grid.fromGrid(even), first);
  }
  return result;
}
