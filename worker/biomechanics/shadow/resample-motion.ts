import type { JointMotion } from '../joint-motion.ts';
import { derivative } from '../rates.ts';

/**
 * Every joint at other times, in any order, on the cubic between the two frames beside it with the path's own speeds
 * (a straight line would cut the arc of a fast arm short). NaN outside the motion and beside missing samples.
 */
export function resampleMotion(motion: JointMotion, timesSeconds: Float64Array): JointMotion {
  const places = placesIn(motion.timesSeconds, timesSeconds);
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points]) => [name, resampled(motion.timesSeconds, points, places)]),
  );
  return { ...motion, timesSeconds, joints };
}

/** Frame before, and the share of the way to the next one; -1 outside. */
interface Place {
  readonly frame: number;
  readonly share: number;
}

/** A time that was computed may miss the end that it stands for by this. */
const roundingSeconds = 1e-9;

function placesIn(frames: Float64Array, times: Float64Array): Place[] {
  const last = frames.length - 1;
  return Array.from(times, (time) => {
    const [first, end] = [frames[0] ?? Number.NaN, frames[last] ?? Number.NaN];
    if (!(time >= first - roundingSeconds && time <= end + roundingSeconds)) return { frame: -1, share: 0 };
    if (time <= first) return { frame: 0, share: 0 };
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((frames[middle] as number) <= time) low = middle;
      else high = middle - 1;
    }
    const start = frames[low] as number;
    return { frame: low, share: low === last ? 0 : (time - start) / ((frames[low + 1] as number) - start) };
  });
}

function resampled(frames: Float64Array, points: Float64Array, places: readonly Place[]): Float64Array {
  const result = new Float64Array(places.length * 3).fill(Number.NaN);
  for (let axis = 0; axis < 3; axis++) {
    const values = frames.map((_, frame) => points[frame * 3 + axis] as number);
    const speeds = derivative({ timesSeconds: frames, values });
    places.forEach(({ frame, share }, i) => {
      if (frame < 0) return;
      const from = values[frame] as number;
      result[i * 3 + axis] = share === 0 ? from : cubicAt(frame, share);
    });
    function cubicAt(frame: number, s: number): number {
      const width = (frames[frame + 1] as number) - (frames[frame] as number);
      const [from, to] = [values[frame] as number, values[frame + 1] as number];
      const [start, end] = [width * (speeds[frame] as number), width * (speeds[frame + 1] as number)];
      return from + s * (start + s * (3 * (to - from) - 2 * start - end + s * (start + end - 2 * (to - from))));
    }
  }
  return result;
}
