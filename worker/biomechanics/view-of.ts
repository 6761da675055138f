/** From where a single camera has seen a throw: told by the motion itself. */
import { type JointMotion, jointAt } from './joint-motion.ts';
import { dot, length, midpoint, scale, subtract, type Vector } from './vectors.ts';

/** `side`: across the way of the throw; `end`: along it, from before or behind; `quarter`: between the two. */
export const cameraViews = ['side', 'quarter', 'end'] as const;
export type CameraView = (typeof cameraViews)[number];

/**
 * Widest stance over the trunk, as the picture shows both: 2.1 to 2.6 from the side, 1.5 to 2.0 from the quarters, 0.3 to
 * 1.0 from the ends in 72 drawn clips, among them laboratory pitches.
 */
const leastOfSide = 2.08;
const leastOfQuarter = 1.25;
/** Share of frames that may show more: single frames may be wrong. */
const outliers = 0.05;
/** Of the trunk, the long end: bent forward it seems short. */
const uprightShare = 0.9;

/** Undefined where the motion is not one camera's, or ankles or trunk are not seen. */
export function viewOf(motion: JointMotion): CameraView | undefined {
  const { lineOfSight } = motion;
  if (lineOfSight === undefined) return undefined;
  const across = (line: Vector): Vector => subtract(line, scale(lineOfSight, dot(line, lineOfSight)));
  const stances: number[] = [];
  const trunks: number[] = [];
  for (let frame = 0; frame < motion.timesSeconds.length; frame++) {
    const at = (joint: Parameters<typeof jointAt>[1]): Vector => jointAt(motion, joint, frame);
    const [x = Number.NaN, y = Number.NaN] = across(subtract(at('left_ankle'), at('right_ankle')));
    stances.push(Math.hypot(x, y));
    const shoulders = midpoint(at('left_shoulder'), at('right_shoulder'));
    trunks.push(length(across(subtract(shoulders, midpoint(at('left_hip'), at('right_hip'))))));
  }
  const ratio = ranked(stances, 1 - outliers) / ranked(trunks, uprightShare);
  if (Number.isNaN(ratio)) return undefined;
  if (ratio >= leastOfSide) return 'side';
  return ratio >= leastOfQuarter ? 'quarter' : 'end';
}

function ranked(values: readonly number[], share: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
