/** Key values over time: [seconds, value, value, ...]; times ascending, rows of one length. */
export type Keys = readonly (readonly number[])[];

/** Values at a time, in the order of the key rows. */
export type Curve = (timeSeconds: number) => readonly number[];

const taps = 9;

/**
 * Smooth curve through keys: monotone cubic pieces (no overshoot, Fritsch & Carlson 1980, tangents after
 * Fritsch & Butland 1984) under a Gaussian of the given width, so that accelerations are smooth too.
 * Before the first and after the last key it stands still.
 */
export function smoothCurve(keys: Keys, smoothingSeconds: number): Curve {
  const times = keys.map((row) => row[0] ?? 0);
  const columns = Array.from({ length: (keys[0]?.length ?? 1) - 1 }, (_, column) => {
    const values = keys.map((row) => row[column + 1] ?? 0);
    return { values, tangents: monotoneTangents(times, values) };
  });
  const offsets = Array.from({ length: taps }, (_, tap) => ((tap / (taps - 1)) * 2 - 1) * 2.2);
  const weights = offsets.map((offset) => Math.exp((-offset * offset) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (timeSeconds) => {
    const sums = columns.map(() => 0);
    offsets.forEach((offset, tap) => {
      const piece = pieceAt(times, timeSeconds + offset * smoothingSeconds);
      columns.forEach((column, index) => {
        sums[index] = (sums[index] ?? 0) + (weights[tap] ?? 0) * valueIn(piece, column);
      });
    });
    return sums.map((sum) => sum / total);
  };
}

interface Piece {
  readonly index: number;
  readonly step: number;
  /** Share of the way through it, 0..1. */
  readonly share: number;
}

interface Column {
  readonly values: readonly number[];
  readonly tangents: readonly number[];
}

function pieceAt(times: readonly number[], time: number): Piece {
  const last = times.length - 1;
  const start = times[0] ?? 0;
  const end = times[last] ?? 0;
  if (last === 0 || time <= start) return { index: 0, step: 0, share: 0 };
  if (time >= end) return { index: last, step: 0, share: 0 };
  let index = 0;
  while (time > (times[index + 1] ?? 0)) index++;
  const from = times[index] ?? 0;
  const step = (times[index + 1] ?? 0) - from;
  return { index, step, share: (time - from) / step };
}

/** Cubic Hermite. */
function valueIn({ index, step, share: u }: Piece, { values, tangents }: Column): number {
  const from = values[index] ?? 0;
  if (step === 0) return from;
  const u2 = u * u;
  const u3 = u2 * u;
  return (
    (2 * u3 - 3 * u2 + 1) * from +
    (u3 - 2 * u2 + u) * (tangents[index] ?? 0) * step +
    (3 * u2 - 2 * u3) * (values[index + 1] ?? 0) +
    (u3 - u2) * (tangents[index + 1] ?? 0) * step
  );
}

function monotoneTangents(times: readonly number[], values: readonly number[]): readonly number[] {
  const at = (index: number): number => values[index] ?? 0;
  const timeAt = (index: number): number => times[index] ?? 0;
  const last = times.length - 1;
  const slopeAfter = (index: number): number => (at(index + 1) - at(index)) / (timeAt(index + 1) - timeAt(index));
  return times.map((_, index) => {
    if (index === 0 || index === last) return 0;
    const before = slopeAfter(index - 1);
    const after = slopeAfter(index);
    if (before * after <= 0) return 0;
    const stepBefore = timeAt(index) - timeAt(index - 1);
    const stepAfter = timeAt(index + 1) - timeAt(index);
    const weightBefore = 2 * stepAfter + stepBefore;
    const weightAfter = stepAfter + 2 * stepBefore;
    return (weightBefore + weightAfter) / (weightBefore / before + weightAfter / after);
  });
}
