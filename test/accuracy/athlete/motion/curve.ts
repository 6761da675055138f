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
  const columns = Array.from({ length: (keys[0]?.length ?? 1) - 1 }, (_, column) =>
    monotoneCubic(
      times,
      keys.map((row) => row[column + 1] ?? 0),
    ),
  );
  const offsets = Array.from({ length: taps }, (_, tap) => ((tap / (taps - 1)) * 2 - 1) * 2.2);
  const weights = offsets.map((offset) => Math.exp((-offset * offset) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (timeSeconds) =>
    columns.map(
      (column) =>
        offsets.reduce(
          (sum, offset, tap) => sum + (weights[tap] ?? 0) * column(timeSeconds + offset * smoothingSeconds),
          0,
        ) / total,
    );
}

function monotoneCubic(times: readonly number[], values: readonly number[]): (time: number) => number {
  const at = (index: number): number => values[index] ?? 0;
  const timeAt = (index: number): number => times[index] ?? 0;
  const last = times.length - 1;
  const slopeAfter = (index: number): number => (at(index + 1) - at(index)) / (timeAt(index + 1) - timeAt(index));
  const tangents = times.map((_, index) => {
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
  return (time) => {
    if (time <= timeAt(0)) return at(0);
    if (time >= timeAt(last)) return at(last);
    let index = 0;
    while (time > timeAt(index + 1)) index++;
    const step = timeAt(index + 1) - timeAt(index);
    const u = (time - timeAt(index)) / step;
    const startTangent = (tangents[index] ?? 0) * step;
    const endTangent = (tangents[index + 1] ?? 0) * step;
    const u2 = u * u;
    const u3 = u2 * u;
    return (
      (2 * u3 - 3 * u2 + 1) * at(index) +
      (u3 - 2 * u2 + u) * startTangent +
      (3 * u2 - 2 * u3) * at(index + 1) +
      (u3 - u2) * endTangent
    );
  };
}
