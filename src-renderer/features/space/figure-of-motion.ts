import { type JointMotion, type JointName, jointAt, jointNames } from '../../../worker/biomechanics/joint-motion.ts';
import { distance, midpoint, type Vector } from '../../../worker/biomechanics/vectors.ts';
import { floorLifts } from './stand-on-floor.ts';

export interface FigureJoint {
  /** Metres in the space of the view: x to the film's right, y up from the floor, z towards the film's camera. */
  readonly at: Vector;
  /** Otherwise what hangs on it is drawn translucent. */
  readonly isCertain: boolean;
}

/** A joint that is missing is absent. */
export type FigureJoints = Readonly<Partial<Record<JointName, FigureJoint>>>;

export interface FigureMotion {
  /** Undefined where nothing of the body is seen. */
  readonly jointsAt: (frame: number) => FigureJoints | undefined;
  /** Size of the body, 1 for an adult of 1.8 m: what limbs are thick by. */
  readonly build: number;
}

export interface FigureOptions {
  /** z up, metres. */
  readonly motion: JointMotion;
  /** Frame of the film that the motion begins with: a repetition begins later. */
  readonly firstFrame?: number;
  /** Whether a joint of the motion's own frame is more than a guess; every joint is, when absent. */
  readonly isCertain?: (joint: JointName, frame: number) => boolean;
}

/** Hips to shoulders of an adult of 1.8 m, metres. */
const adultTrunkMetres = 0.5;

/**
 * A body standing on the floor, frame by frame. The hips keep their horizontal place, as the motion has it: at the
 * origin for one camera. The film's own path is not used, because a camera that pans would make the body slide.
 */
export function figureOfMotion({ motion, firstFrame = 0, isCertain = () => true }: FigureOptions): FigureMotion {
  const lifts = floorLifts(motion);
  const frames = motion.timesSeconds.length;
  const jointsAt = (shownFrame: number): FigureJoints | undefined => {
    const frame = shownFrame - firstFrame;
    if (frame < 0 || frame >= frames) return undefined;
    const joints: Partial<Record<JointName, FigureJoint>> = {};
    for (const joint of jointNames) {
      const [x = Number.NaN, away = Number.NaN, up = Number.NaN] = jointAt(motion, joint, frame);
      if (Number.isNaN(x + away + up)) continue;
      joints[joint] = { at: [x, up + (lifts[frame] ?? 0), -away], isCertain: isCertain(joint, frame) };
    }
    return Object.keys(joints).length > 0 ? joints : undefined;
  };
  return { jointsAt, build: buildOf(motion, frames) };
}

/** Median trunk against an adult's; 1 where no trunk is seen. */
function buildOf(motion: JointMotion, frames: number): number {
  const trunks: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const at = (joint: JointName) => jointAt(motion, joint, frame);
    const trunk = distance(
      midpoint(at('left_hip'), at('right_hip')),
      midpoint(at('left_shoulder'), at('right_shoulder')),
    );
    if (!Number.isNaN(trunk)) trunks.push(trunk);
  }
  const median = trunks.sort((a, b) => a - b)[trunks.length >> 1];
  return median === undefined ? 1 : Math.min(1.3, Math.max(0.5, median / adultTrunkMetres));
}
