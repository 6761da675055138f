import type { BlazePoseKeypoint } from '../../../models/skeletons.ts';
import { distance } from '../../../worker/biomechanics/vectors.ts';
import type { PairedFrame } from './paired-frames.ts';
import { runsOf } from './summary.ts';

const limbs = { arms: ['elbow', 'wrist'], legs: ['knee', 'ankle'] } as const;
export type Limbs = keyof typeof limbs;

export interface SwapTally {
  /** Frames with a pose. */
  readonly frames: number;
  readonly swapped: readonly boolean[];
  readonly longestRunFrames: number;
}

/** Exchanged, the two joints of both sides must lie this much closer to the truth, in percent of height, each. */
const marginPercent = 2.5;

/**
 * Frames in which left and right of the arms, or of the legs, are exchanged: with the names exchanged the joints lie
 * clearly closer to the truth. Where both sides are in one place (hands in the glove) nothing can be exchanged.
 */
export function findTrueSwaps(frames: readonly PairedFrame[], group: Limbs, athleteHeightPixels: number): SwapTally {
  const margin = (limbs[group].length * 2 * marginPercent * athleteHeightPixels) / 100;
  const swapped = frames.map(({ points }) => {
    let [kept, exchanged] = [0, 0];
    for (const joint of limbs[group]) {
      const left = points.get(`left_${joint}` satisfies BlazePoseKeypoint);
      const right = points.get(`right_${joint}` satisfies BlazePoseKeypoint);
      if (!left || !right) return false;
      kept += distance(left.found2d, left.truth2d) + distance(right.found2d, right.truth2d);
      exchanged += distance(left.found2d, right.truth2d) + distance(right.found2d, left.truth2d);
    }
    return exchanged + margin < kept;
  });
  return {
    frames: frames.filter(({ hasPose }) => hasPose).length,
    swapped,
    longestRunFrames: runsOf(swapped).longest,
  };
}
