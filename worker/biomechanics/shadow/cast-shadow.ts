import type { JointMotion } from '../joint-motion.ts';
import type { TimeAlignment } from './align-in-time.ts';
import { boneLengths, buildBody, completeLengths, pathOf } from './body-tree.ts';
import { layOver, type OverlayOptions } from './lay-over.ts';
import { mirrorMotion } from './mirror-motion.ts';
import type { Rotation } from './turn-onto.ts';

/** The reference in the athlete's place: at his times, with his bones, facing as he does, with his hand. */
export interface Shadow {
  /** At the frames of the athlete's repetition, in its frame of reference. NaN where the reference shows nothing. */
  readonly motion: JointMotion;
  /** The reference's own time at every frame; NaN before it begins and after it ends. [F] */
  readonly referenceSeconds: Float64Array;
  readonly alignment: TimeAlignment;
  readonly isMirrored: boolean;
  readonly turn: Rotation;
}

/**
 * The middle of the hips is the athlete's own in every frame: a shadow that walks its own way over the ground soon
 * stands beside him, and where the camera is the only one that way is not known. What differs is then seen from the
 * hips outward. Bones are as long as the athlete's (medians over the repetition).
 */
export function castShadow(options: OverlayOptions): Shadow {
  const { athlete, reference } = options;
  const { timesSeconds } = athlete.motion;
  const overlay = layOver(options);
  const placed = overlay.isMirrored ? mirrorMotion(reference.motion) : reference.motion;
  const missing = new Float64Array(timesSeconds.length * 3).fill(Number.NaN);
  const joints = buildBody({
    directions: overlay.directionsAt(timesSeconds),
    lengths: completeLengths(boneLengths(athlete.motion), boneLengths(placed)),
    middleOfHips: pathOf(athlete.motion, 'mid_hip') ?? missing,
  });
  const [first = Number.NaN, last = first] = [placed.timesSeconds[0], placed.timesSeconds.at(-1)];
  return {
    motion: { ...athlete.motion, joints },
    referenceSeconds: timesSeconds.map((time) => {
      const at = overlay.alignment.toReference(time);
      return at >= first && at <= last ? at : Number.NaN;
    }),
    ...{ alignment: overlay.alignment, isMirrored: overlay.isMirrored, turn: overlay.turn },
  };
}
