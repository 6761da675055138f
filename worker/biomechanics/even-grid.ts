import { cubicSpline } from './cubic-spline.ts';
import { median } from './median.ts';

/** Evenly spaced times that stand in for real ones, and the way there and back. */
export interface EvenGrid {
  readonly samplesPerSecond: number;
  toGrid(values: Float64Array): Float64Array;
  fromGrid(values: Float64Array): Float64Array;
}

/** Real times this close to even ones, as a part of the interval, are taken as they are. */
const evenTolerance = 0.01;
/** A grid holds at most this many times the samples, however uneven the times are. */
const largestExcess = 4;

/**
 * A grid over strictly increasing times (at least two), with their median interval, stretched to meet both ends.
 * Real times that are even already give the identity; others go through a cubic spline.
 */
export function evenGrid(timesSeconds: Float64Array): EvenGrid {
  const count = timesSeconds.length;
  const start = timesSeconds[0] as number;
  const span = (timesSeconds[count - 1] as number) - start;
  const evenInterval = span / (count - 1);
  if (timesSeconds.every((time, i) => Math.abs(time - start - i * evenInterval) <= evenTolerance * evenInterval)) {
    const same = (values: Float64Array): Float64Array => values;
    return { samplesPerSecond: 1 / evenInterval, toGrid: same, fromGrid: same };
  }
  const intervals = Float64Array.from({ length: count - 1 }, (_, i) =>
    Number((timesSeconds[i + 1] as number) - (timesSeconds[i] as number)),
  );
  const steps = Math.min(largestExcess * count, Math.max(count - 1, Math.round(span / median(intervals))));
  const grid = Float64Array.from({ length: steps + 1 }, (_, i) => start + (i * span) / steps);
  return {
    samplesPerSecond: steps / span,
    toGrid: (values) => cubicSpline({ times: timesSeconds, values, at: grid }),
    fromGrid: (values) => cubicSpline({ times: grid, values, at: timesSeconds }),
  };
}
