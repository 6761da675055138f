/** Slow motion: filmed fast, stored slower. Everything is measured on the clock of the real motion. */
import type { JointMotion } from './joint-motion.ts';

/** Seconds of the clip for one of the real motion; 1 where the clip is stored as it was filmed. */
export function clipSecondsForOne(rates: {
  readonly storedFramesPerSecond: number;
  readonly filmedFramesPerSecond?: number | undefined;
}): number {
  const { storedFramesPerSecond, filmedFramesPerSecond = storedFramesPerSecond } = rates;
  return filmedFramesPerSecond / storedFramesPerSecond;
}

/** From the clip's clock to that of the real motion. Both are zero at once. */
export function toFilmedTime(motion: JointMotion, secondsForOne: number): JointMotion {
  if (secondsForOne === 1) return motion;
  return { ...motion, timesSeconds: motion.timesSeconds.map((time) => time / secondsForOne) };
}
