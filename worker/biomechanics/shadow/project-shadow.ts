import type { JointMotion, JointName } from '../joint-motion.ts';
import type { Motion } from '../motion.ts';
import { pathOf } from './body-tree.ts';
import { fitPictureScale } from './fit-picture-scale.ts';

/** A shadow in the athlete's own video. */
export interface ProjectedShadow {
  readonly joints: readonly JointName[];
  /** [F × J × 2]: x, y in display pixels, at the shadow's frames. NaN where there is nothing to draw. */
  readonly points: Float32Array;
}

/**
 * The shadow's joints in the athlete's picture: a metre is as many pixels as the athlete shows in that frame, and the
 * middle of the hips lies where his own is seen. The hips are chosen rather than the standing foot, because the support
 * changes in a throw, and a ghost pinned to the foot would jump; and because the trunk is seen best.
 */
export function projectShadow(options: {
  /** In the axes of `toJointMotion`: x right, y away from the camera, z up. */
  readonly shadow: JointMotion;
  /** The analysis of the whole clip. */
  readonly motion: Motion;
  /** Names of its keypoints, in order. */
  readonly names: readonly string[];
  /** The clip's frame that the shadow's first one is. */
  readonly firstFrame: number;
  /** As `fitPictureScale` finds it, for callers that keep it; [F] of the clip. */
  readonly pixelsPerMetre?: Float64Array | undefined;
}): ProjectedShadow {
  const { shadow, motion, names, firstFrame, pixelsPerMetre = fitPictureScale(motion) } = options;
  const joints = Object.keys(shadow.joints) as JointName[];
  const points = new Float32Array(shadow.timesSeconds.length * joints.length * 2).fill(Number.NaN);
  const middle = pathOf(shadow, 'mid_hip');
  if (middle === undefined) return { joints, points };
  for (let frame = 0; frame < shadow.timesSeconds.length; frame++) {
    const scale = pixelsPerMetre[firstFrame + frame] ?? Number.NaN;
    const [u, v] = hipsInPicture(motion, names, firstFrame + frame);
    joints.forEach((joint, j) => {
      const path = shadow.joints[joint] as Float64Array;
      const [x, z] = [0, 2].map((axis) => (path[frame * 3 + axis] as number) - (middle[frame * 3 + axis] as number));
      const at = (frame * joints.length + j) * 2;
      points[at] = u + scale * (x as number);
      points[at + 1] = v - scale * (z as number);
    });
  }
  return { joints, points };
}

function hipsInPicture(
  { keypointCount, landmarks2d }: Motion,
  names: readonly string[],
  frame: number,
): readonly [number, number] {
  const [left, right] = ['left_hip', 'right_hip'].map((name) => (frame * keypointCount + names.indexOf(name)) * 4);
  const middle = (axis: number): number =>
    ((landmarks2d[Number(left) + axis] ?? Number.NaN) + (landmarks2d[Number(right) + axis] ?? Number.NaN)) / 2;
  return [middle(0), middle(1)];
}
