/** From times to frames and back. `timesSeconds` are strictly increasing presentation times, one per frame. */

/**
 * Index of the frame that is on screen at a time: the last one that starts at or before it. A time within
 * `toleranceSeconds` before a frame counts as that frame, because players round times. Before the first frame: 0.
 */
export function frameAt(timesSeconds: ArrayLike<number>, timeSeconds: number, toleranceSeconds = 0.0005): number {
  const wanted = timeSeconds + toleranceSeconds;
  let low = 0;
  let high = timesSeconds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((timesSeconds[middle] ?? Number.POSITIVE_INFINITY) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index of the frame whose start lies nearest to a time: for clicks on a time axis. */
export function nearestFrame(timesSeconds: ArrayLike<number>, timeSeconds: number): number {
  const before = frameAt(timesSeconds, timeSeconds, 0);
  const next = timesSeconds[before + 1];
  const start = timesSeconds[before] ?? 0;
  return next !== undefined && next - timeSeconds < timeSeconds - start ? before + 1 : before;
}

/** How long the last frame is taken to last: the median interval; a single frame: 1/30 s. */
export function typicalIntervalSeconds(timesSeconds: ArrayLike<number>): number {
  const intervals: number[] = [];
  for (let i = 1; i < timesSeconds.length; i++) intervals.push((timesSeconds[i] ?? 0) - (timesSeconds[i - 1] ?? 0));
  intervals.sort((a, b) => a - b);
  return intervals[intervals.length >> 1] ?? 1 / 30;
}

/** The middle of a frame's interval: a seek to it cannot land on a neighbour through rounding. */
export function seekTimeOf(timesSeconds: ArrayLike<number>, frame: number, lastIntervalSeconds: number): number {
  const start = timesSeconds[frame] ?? 0;
  const end = timesSeconds[frame + 1] ?? start + lastIntervalSeconds;
  return (start + end) / 2;
}

export function clampFrame(frame: number, frameCount: number): number {
  return Math.max(0, Math.min(frameCount - 1, Math.round(frame)));
}
