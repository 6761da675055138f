import { type JointMotion, type JointName, jointAt } from './joint-motion.ts';
import { median } from './median.ts';
import { distance, midpoint } from './vectors.ts';

/** Length of a segment, metres: the median over the frames that show both ends. NaN where none does. */
export function segmentLength(motion: JointMotion, from: JointName, to: JointName): number {
  return median(
    motion.timesSeconds.map((_, frame) => distance(jointAt(motion, from, frame), jointAt(motion, to, frame))),
  );
}

/** Shank, thigh and trunk up to the shoulders, of standing height: Drillis and Contini 1966. */
const segmentsOfHeight = 0.246 + 0.245 + 0.288;

/** Standing height from the segments' lengths, metres. NaN where a segment is not seen. */
export function estimatedHeight(motion: JointMotion): number {
  const mean = (from: 'hip' | 'knee', to: 'knee' | 'ankle'): number =>
    (segmentLength(motion, `left_${from}`, `left_${to}`) + segmentLength(motion, `right_${from}`, `right_${to}`)) / 2;
  const middle = (part: 'shoulder' | 'hip', frame: number) =>
    midpoint(jointAt(motion, `left_${part}`, frame), jointAt(motion, `right_${part}`, frame));
  const trunk = median(
    motion.timesSeconds.map((_, frame) => distance(middle('shoulder', frame), middle('hip', frame))),
  );
  return (mean('knee', 'ankle') + mean('hip', 'knee') + trunk) / segmentsOfHeight;
}
