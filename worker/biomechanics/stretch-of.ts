import type { JointMotion } from './joint-motion.ts';
import type { Stretch } from './profile.ts';

/** The frames of a stretch, on the clock of the whole, and how many frames go before them. */
export function stretchOf(
  motion: JointMotion,
  { fromSeconds, toSeconds }: Stretch,
): { readonly motion: JointMotion; readonly framesBefore: number } {
  const { timesSeconds } = motion;
  const found = timesSeconds.findIndex((time) => time >= fromSeconds);
  const first = found < 0 ? timesSeconds.length : found;
  const end = Math.max(first, timesSeconds.findLastIndex((time) => time <= toSeconds) + 1);
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points]) => [name, points.slice(first * 3, end * 3)]),
  );
  return { motion: { ...motion, timesSeconds: timesSeconds.slice(first, end), joints }, framesBefore: first };
}
