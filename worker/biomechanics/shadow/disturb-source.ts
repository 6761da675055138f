import { disturbJoints, type JointUncertainty } from '../disturb-joints.ts';
import type { JointMotion } from '../joint-motion.ts';
import { createNormal } from '../random.ts';
import { smoothJoints } from '../smooth-joints.ts';
import { comparedBones, type ShadowSource } from './lay-over.ts';

/** What is not known of a repetition's joints. */
export interface SourceUncertainty {
  /** Frames count from the repetition's own first. */
  readonly joints: JointUncertainty;
  /** The motion's own low-pass: errors that it does not let through must not count. */
  readonly cutoffHertz?: number | undefined;
}

/** Half of a 90 % interval, in standard deviations. */
const halfInterval = 1.645;

/** The repetition as it might as well have been: errors of the joints that are compared, and of its moments, drawn anew. */
export function disturbSource(options: {
  readonly source: ShadowSource;
  readonly uncertainty: SourceUncertainty;
  readonly seed: number;
}): ShadowSource {
  const { source, uncertainty, seed } = options;
  const { motion } = source;
  const compared = Object.entries(motion.joints).filter(([name]) =>
    (comparedBones as readonly string[]).includes(name),
  );
  // Filtering is linear: the errors alone are filtered and added, the motion stays as it is.
  const still: JointMotion = {
    ...motion,
    joints: Object.fromEntries(compared.map(([name, points]) => [name, points.map((value) => value * 0)])),
  };
  const errors = disturbJoints(still, uncertainty.joints.ofMotion?.(motion) ?? uncertainty.joints, seed);
  const { joints } = uncertainty.cutoffHertz === undefined ? errors : smoothJoints(errors, uncertainty.cutoffHertz);
  const errorOf: Readonly<Record<string, Float64Array | undefined>> = joints;
  const normal = createNormal(seed + 1);
  return {
    ...source,
    motion: {
      ...motion,
      joints: Object.fromEntries(
        compared.map(([name, points]) => [name, points.map((value, i) => value + Number(errorOf[name]?.[i]))]),
      ),
    },
    events: Object.fromEntries(
      Object.entries(source.events).map(([id, event]) => [
        id,
        { ...event, timeSeconds: event.timeSeconds + (normal() * event.uncertaintySeconds) / halfInterval },
      ]),
    ),
  };
}
