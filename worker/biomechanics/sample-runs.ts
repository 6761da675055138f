/** Samples first (included) to end (not included) that follow each other. */
export interface SampleRun {
  readonly first: number;
  readonly end: number;
}

/**
 * Stretches without a missing sample and without a pause longer than `maximumIntervalSeconds`, in order.
 * A sample is missing when it is NaN in any channel. All arrays have the length of `timesSeconds`.
 */
export function presentRuns(options: {
  readonly timesSeconds: Float64Array;
  readonly channels: readonly Float64Array[];
  readonly maximumIntervalSeconds: number;
}): SampleRun[] {
  const { timesSeconds, channels, maximumIntervalSeconds } = options;
  const runs: SampleRun[] = [];
  let first = -1;
  for (let i = 0; i <= timesSeconds.length; i++) {
    const present = i < timesSeconds.length && channels.every((channel) => !Number.isNaN(channel[i]));
    const paused = (timesSeconds[i] ?? 0) - (timesSeconds[i - 1] ?? 0) > maximumIntervalSeconds;
    if (first >= 0 && (!present || paused)) {
      runs.push({ first, end: i });
      first = -1;
    }
    if (present && first < 0) first = i;
  }
  return runs;
}
