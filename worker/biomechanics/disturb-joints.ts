import type { JointMotion, JointName } from './joint-motion.ts';
import { createNormal } from './random.ts';

export interface JointUncertainty {
  /** Standard deviation of a coordinate of a joint in a frame, metres; axis 0 to 2 of the motion's own. */
  readonly sigmaMetres: (joint: JointName, frame: number, axis: number) => number;
  /** Errors of neighbouring frames are alike: time after which their correlation has fallen to 1/e. */
  readonly correlationSeconds: number;
  /** Standard deviation of moments as they are found, by id: drawn as they are known, not looked for anew. */
  readonly eventErrorsSeconds?: Readonly<Record<string, number>>;
  /**
   * How much more than there is is measured on average, by metric: the interval reaches that much farther to the other
   * side. The value stays, as a bias learnt on drawn athletes may not be that of others.
   */
  readonly biases?: Readonly<Record<string, number>>;
  /** What drawn intervals are to be stretched by, by metric: errors that are alike in all frames are not drawn. */
  readonly intervalScales?: Readonly<Record<string, number>>;
  /** Metrics whose intervals say nothing, with the reason. */
  readonly notMeasurable?: Readonly<Record<string, string>>;
  /** The same for one repetition: what a camera shows depends on where it stands. */
  readonly ofMotion?: (motion: JointMotion) => JointUncertainty;
}

/**
 * The motion as it might have been, were the errors others: every coordinate moved by a first-order autoregressive
 * process of the given spread. Missing joints stay missing.
 */
export function disturbJoints(motion: JointMotion, uncertainty: JointUncertainty, seed: number): JointMotion {
  const { timesSeconds } = motion;
  const { sigmaMetres, correlationSeconds } = uncertainty;
  const normal = createNormal(seed);
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, values]) => {
      const moved = Float64Array.from(values);
      for (let axis = 0; axis < 3; axis++) {
        let error = normal();
        for (let frame = 0; frame < timesSeconds.length; frame++) {
          const pause = frame === 0 ? 0 : (timesSeconds[frame] as number) - (timesSeconds[frame - 1] as number);
          const kept = frame === 0 ? 1 : Math.exp(-pause / correlationSeconds);
          error = kept * error + Math.sqrt(1 - kept * kept) * (frame === 0 ? 0 : normal());
          const at = frame * 3 + axis;
          moved[at] = (moved[at] as number) + error * sigmaMetres(name as JointName, frame, axis);
        }
      }
      return [name, moved];
    }),
  );
  return { ...motion, joints };
}
