import { fillGaps } from './fill-gaps.ts';
import type { JointMotion } from './joint-motion.ts';
import { lowPass } from './low-pass.ts';

/** A longer pause between samples parts a path. */
const longestPauseSeconds = 0.15;
/** Markers that are lost for a moment: a fast arm turns by less than a radian meanwhile. */
const longestGapSeconds = 0.05;

/** Every joint's path, gaps of up to 50 ms filled, low-passed without delay; see `lowPass` for missing samples and low rates. */
export function smoothJoints(motion: JointMotion, cutoffHertz: number): JointMotion {
  const { timesSeconds } = motion;
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points]) => {
      const smooth = new Float64Array(points.length);
      for (let axis = 0; axis < 3; axis++) {
        const path = timesSeconds.map((_, frame) => points[frame * 3 + axis] as number);
        const values = lowPass({
          ...{ timesSeconds, cutoffHertz, maximumIntervalSeconds: longestPauseSeconds },
          values: fillGaps({ timesSeconds, values: path, maximumGapSeconds: longestGapSeconds }),
        });
        for (let frame = 0; frame < values.length; frame++) smooth[frame * 3 + axis] = values[frame] as number;
      }
      return [name, smooth];
    }),
  );
  return { ...motion, joints };
}
