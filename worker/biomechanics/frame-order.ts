import { type JointMotion, jointNames } from './joint-motion.ts';
import { median } from './median.ts';
import { pointSpeed } from './rates.ts';

/** Frames that are not in the order of time: nothing can be measured on them. */
export class FrameOrderError extends Error {
  readonly code = 'FRAMES_OUT_OF_ORDER';
  constructor() {
    super('The frames are not in the order of time: they are shuffled, or their times do not increase.');
    this.name = 'FrameOrderError';
  }
}

/** In the middle over joints and frames no sport moves a body faster; shuffled frames jump by far more. Metres a second. */
const fastestMedian = 7;

/** Throws FrameOrderError where a time does not lie after the one before it. */
export function assertTimesIncrease(timesSeconds: Float64Array): void {
  if (timesSeconds.some((time, i) => i > 0 && !(time > Number(timesSeconds[i - 1])))) throw new FrameOrderError();
}

/** Throws FrameOrderError where bodies jump. The motion is low-pass filtered, so that noise alone does not. */
export function assertNoJumps(motion: JointMotion): void {
  const speeds = jointNames
    .filter((joint) => motion.joints[joint] !== undefined)
    .map((joint) => median(pointSpeed(motion, joint)));
  if (median(speeds) > fastestMedian) throw new FrameOrderError();
}
