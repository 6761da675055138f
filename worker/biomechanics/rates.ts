/** Rates of change and turning points of sampled signals, on real times. */
import { median } from './median.ts';

/**
 * First derivative per second: central differences weighted for uneven times, one-sided at the ends and beside missing
 * samples (NaN); NaN where a sample has no neighbour. Returns a new array.
 */
export function derivative(signal: {
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
}): Float64Array {
  const { timesSeconds: t, values: v } = signal;
  const rates = new Float64Array(v.length).fill(Number.NaN);
  let before = Number.NaN;
  for (let i = 0; i < v.length; i++) {
    const after = i + 1 < v.length ? slope(t, v, i, i + 1) : Number.NaN;
    if (Number.isNaN(before)) rates[i] = after;
    else if (Number.isNaN(after)) rates[i] = before;
    else {
      const left = (t[i] as number) - (t[i - 1] as number);
      const right = (t[i + 1] as number) - (t[i] as number);
      rates[i] = (before * right + after * left) / (left + right);
    }
    before = after;
  }
  return rates;
}

/** Samples a second: by the median of the times between them. NaN for fewer than two. */
export function sampleRate(timesSeconds: Float64Array): number {
  return 1 / median(timesSeconds.subarray(1).map((time, i) => time - (timesSeconds[i] as number)));
}

/** Metres a second of a joint whose coordinates lie three by three. NaN where it is missing. [F] */
export function pointSpeed(
  motion: { readonly timesSeconds: Float64Array; readonly joints: Readonly<Record<string, Float64Array | undefined>> },
  joint: string,
): Float64Array {
  const { timesSeconds: t } = motion;
  const points = motion.joints[joint];
  if (points === undefined) return new Float64Array(t.length).fill(Number.NaN);
  const squares = new Float64Array(t.length);
  for (let axis = 0; axis < 3; axis++) {
    const speeds = derivative({ timesSeconds: t, values: t.map((_, frame) => points[frame * 3 + axis] as number) });
    for (let frame = 0; frame < t.length; frame++) {
      squares[frame] = (squares[frame] as number) + (speeds[frame] as number) ** 2;
    }
  }
  return squares.map(Math.sqrt);
}

function slope(t: Float64Array, v: Float64Array, from: number, to: number): number {
  const [a, b] = [v[from] ?? Number.NaN, v[to] ?? Number.NaN];
  return (b - a) / ((t[to] ?? Number.NaN) - (t[from] ?? Number.NaN));
}

export interface Peak {
  /** Sample that is highest. */
  readonly frame: number;
  /** Time and value at the top of the parabola through it and its neighbours. */
  readonly timeSeconds: number;
  readonly value: number;
}

/** The highest of samples first..end-1. Undefined where all are missing. */
export function highest(signal: {
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
  readonly first?: number;
  readonly end?: number;
}): Peak | undefined {
  const { timesSeconds: t, values: v, first = 0, end = v.length } = signal;
  let frame = -1;
  for (let i = Math.max(0, first); i < Math.min(end, v.length); i++) {
    if (Number.isFinite(v[i]) && (frame < 0 || (v[i] as number) > (v[frame] as number))) frame = i;
  }
  if (frame < 0) return undefined;
  const plain = { frame, timeSeconds: t[frame] as number, value: v[frame] as number };
  if (frame <= first || frame >= Math.min(end, v.length) - 1) return plain;
  const before = slope(t, v, frame - 1, frame);
  const after = slope(t, v, frame, frame + 1);
  const curvature = (after - before) / ((t[frame + 1] as number) - (t[frame - 1] as number));
  if (!(curvature < 0)) return plain;
  // Newton's form of the parabola through the three samples.
  const [left, right] = [t[frame - 1] as number, t[frame + 1] as number];
  const middle = (left + plain.timeSeconds) / 2;
  const timeSeconds = Math.min(right, Math.max(left, middle - before / (2 * curvature)));
  const value = plain.value + (timeSeconds - plain.timeSeconds) * (before + curvature * (timeSeconds - left));
  return { frame, timeSeconds, value };
}

/** Value at a time between samples, on the line between the two beside it. NaN outside and beside missing samples. */
export function valueAt(
  signal: { readonly timesSeconds: Float64Array; readonly values: Float64Array },
  timeSeconds: number,
): number {
  const { timesSeconds: t, values: v } = signal;
  let low = 0;
  let high = t.length - 1;
  if (!(timeSeconds >= (t[low] ?? Number.NaN) && timeSeconds <= (t[high] ?? Number.NaN))) return Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((t[middle] as number) <= timeSeconds) low = middle;
    else high = middle;
  }
  const [a, b] = [t[low] as number, t[high] as number];
  if (timeSeconds === a) return v[low] as number;
  if (timeSeconds === b) return v[high] as number;
  const share = (timeSeconds - a) / (b - a);
  return (v[low] as number) * (1 - share) + (v[high] as number) * share;
}

/** The same angles without jumps of a whole turn. Degrees; missing samples stay missing. Returns a new array. */
export function unwrapDegrees(angles: Float64Array): Float64Array {
  let last = Number.NaN;
  return angles.map((angle) => {
    if (Number.isNaN(angle)) return angle;
    const near = Number.isNaN(last) ? angle : angle - 360 * Math.round((angle - last) / 360);
    last = near;
    return near;
  });
}
