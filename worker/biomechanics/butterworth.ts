/** Low-pass Butterworth filter, run forward and backward: no delay, fourth order in effect. */

/** Two passes lower the -3 dB point; this raises each pass's own so that the pair meets the one asked for. */
const twoPassCorrection = (Math.SQRT2 - 1) ** 0.25;

export interface LowPassCoefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * One second-order pass of the pair. Source: Winter, Biomechanics and Motor Control of Human Movement, on digital
 * filters, with its correction for the number of passes.
 * Throws a RangeError unless 0 < cut-off < half the sample rate.
 */
export function lowPassCoefficients(options: {
  readonly cutoffHertz: number;
  readonly samplesPerSecond: number;
}): LowPassCoefficients {
  const { cutoffHertz, samplesPerSecond } = options;
  if (!(cutoffHertz > 0 && cutoffHertz < samplesPerSecond / 2)) {
    throw new RangeError(`A cut-off of ${cutoffHertz} Hz does not fit ${samplesPerSecond} samples a second.`);
  }
  const k = Math.tan((Math.PI * cutoffHertz) / samplesPerSecond) / twoPassCorrection;
  const scale = 1 / (1 + Math.SQRT2 * k + k * k);
  const b0 = k * k * scale;
  return { b0, b1: 2 * b0, b2: b0, a1: 2 * (k * k - 1) * scale, a2: (1 - Math.SQRT2 * k + k * k) * scale };
}

/**
 * Zero-phase low-pass of evenly spaced samples without missing ones. Returns a new array.
 * Both ends are extended by their own reflection through the end point, and each pass starts in the steady state of
 * its first sample, so that ends do not swing.
 */
export function lowPassEvenly(options: {
  readonly values: Float64Array;
  readonly cutoffHertz: number;
  readonly samplesPerSecond: number;
}): Float64Array {
  const { values, cutoffHertz, samplesPerSecond } = options;
  const coefficients = lowPassCoefficients({ cutoffHertz, samplesPerSecond });
  const count = values.length;
  if (count < 2) return Float64Array.from(values);
  const padding = Math.min(count - 1, Math.max(9, Math.ceil((1.5 * samplesPerSecond) / cutoffHertz)));
  const extended = new Float64Array(count + 2 * padding);
  extended.set(values, padding);
  const first = values[0] as number;
  const last = values[count - 1] as number;
  for (let i = 1; i <= padding; i++) {
    extended[padding - i] = 2 * first - (values[i] as number);
    extended[padding + count - 1 + i] = 2 * last - (values[count - 1 - i] as number);
  }
  filterInPlace(extended, coefficients);
  extended.reverse();
  filterInPlace(extended, coefficients);
  extended.reverse();
  return extended.slice(padding, padding + count);
}

/** Transposed direct form II. The buffer is ours: the one place where an array is written over. */
function filterInPlace(buffer: Float64Array, { b0, b1, b2, a1, a2 }: LowPassCoefficients): void {
  const start = buffer[0] as number;
  let s1 = (1 - b0) * start;
  let s2 = (b2 - a2) * start;
  for (let i = 0; i < buffer.length; i++) {
    const x = buffer[i] as number;
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    buffer[i] = y;
  }
}
