import type { JointName } from '../../../worker/biomechanics/joint-motion.ts';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import type { FigureMotion } from './figure-of-motion.ts';

export interface FrameStretch {
  readonly firstFrame: number;
  readonly lastFrame: number;
}

export interface Trail {
  readonly joint: JointName;
  /** Repetitions: the path begins anew with each. Without them it is as long as `longestFrames`. */
  readonly stretches?: readonly FrameStretch[];
  readonly longestFrames: number;
}

/**
 * Where the joint has been until the shown frame, oldest first, metres: since its repetition began, at most as long as
 * the trail may be. Nothing outside of repetitions. Frames without the joint are passed over.
 */
export function trailPath(trail: Trail, jointsAt: FigureMotion['jointsAt'], shownFrame: number): Vector[] {
  const { joint, stretches, longestFrames } = trail;
  const within = stretches?.find(({ firstFrame, lastFrame }) => shownFrame >= firstFrame && shownFrame <= lastFrame);
  if (stretches !== undefined && within === undefined) return [];
  const first = Math.max(within?.firstFrame ?? 0, shownFrame - longestFrames + 1);
  const path: Vector[] = [];
  for (let frame = first; frame <= shownFrame; frame++) {
    const at = jointsAt(frame)?.[joint]?.at;
    if (at !== undefined) path.push(at);
  }
  return path;
}
