/**
 * Angles of the body, one definition each. Three-point angles and elevations come from the landmarks in space (metres),
 * so that they do not depend on the view, but carry the depth error of a single camera.
 */
import {
  angleBetweenDegrees,
  cross,
  dot,
  leanFromVerticalDegrees,
  length,
  midpoint,
  subtract,
  threePointAngleDegrees,
  type Vector,
} from './vectors.ts';

export interface BodyAngle {
  readonly id: string;
  readonly label: string;
  readonly side: 'left' | 'right' | 'middle';
  /** Which coordinates `measure` takes: x, y, z in metres or x, y in display pixels, y down. */
  readonly space: '3d' | '2d';
  /** Names of the keypoints that `measure` takes, in its order. */
  readonly keypoints: readonly string[];
  /** Degrees. NaN in, NaN out. */
  readonly measure: (points: readonly Vector[]) => number;
}

const origin: Vector = [];

function at(points: readonly Vector[], index: number): Vector {
  return points[index] ?? origin;
}

/** 0: straight; grows as the joint bends. Points: [proximal, joint, distal]. */
function flexionDegrees(points: readonly Vector[]): number {
  return 180 - threePointAngleDegrees({ from: at(points, 0), vertex: at(points, 1), to: at(points, 2) });
}

/** Trunk line, from the middle of the hips up. Points: [left shoulder, right shoulder, left hip, right hip, ...]. */
function trunkUp(points: readonly Vector[]): Vector {
  return subtract(midpoint(at(points, 0), at(points, 1)), midpoint(at(points, 2), at(points, 3)));
}

/** Between a limb and the trunk line pointing down: 0 when it goes on with the trunk. Points: trunk, then [start, end]. */
function fromTrunkDegrees(points: readonly Vector[]): number {
  const limb = subtract(at(points, 5), at(points, 4));
  return 180 - angleBetweenDegrees(limb, trunkUp(points));
}

/**
 * Turn of the shoulders' line against the hips' line about the trunk, -180..180 degrees: both lines are seen along the
 * trunk. Positive: the shoulders are turned to the athlete's right, as a right-hander's are when the lead foot lands.
 * Lines run from the athlete's left to the right, the trunk's upwards; right-handed axes, any unit. NaN when a line
 * has no length or runs along the trunk.
 */
export function hipShoulderSeparationDegrees(lines: {
  readonly shoulders: Vector;
  readonly hips: Vector;
  readonly trunk: Vector;
}): number {
  const { shoulders, hips, trunk } = lines;
  const along = length(trunk);
  // Of |a × b| and a · b of the parts across the trunk, both times the same factor.
  const across = dot(hips, shoulders) - (dot(hips, trunk) * dot(shoulders, trunk)) / along ** 2;
  const turned = -dot(cross(hips, shoulders), trunk) / along;
  return across === 0 && turned === 0 ? Number.NaN : (Math.atan2(turned, across) * 180) / Math.PI;
}

const trunkKeypoints = ['left_shoulder', 'right_shoulder', 'left_hip', 'right_hip'];

const sideAngles = (side: 'left' | 'right', sideLabel: string): BodyAngle[] => [
  {
    id: `${side}_elbow_flexion`,
    label: `${sideLabel} elbow flexion`,
    side,
    space: '3d',
    keypoints: [`${side}_shoulder`, `${side}_elbow`, `${side}_wrist`],
    measure: flexionDegrees,
  },
  {
    // Elevation: 0 arm along the trunk, 90 across, 180 overhead, whether raised forward (flexion) or sideways
    // (abduction). The two are not told apart: near vertical that split is unstable with one camera's depth.
    id: `${side}_shoulder_elevation`,
    label: `${sideLabel} shoulder elevation`,
    side,
    space: '3d',
    keypoints: [...trunkKeypoints, `${side}_shoulder`, `${side}_elbow`],
    measure: fromTrunkDegrees,
  },
  {
    // 0 thigh in line with the trunk. The direction (forward, backward, sideways) is not told apart.
    id: `${side}_hip_flexion`,
    label: `${sideLabel} hip flexion`,
    side,
    space: '3d',
    keypoints: [...trunkKeypoints, `${side}_hip`, `${side}_knee`],
    measure: fromTrunkDegrees,
  },
  {
    id: `${side}_knee_flexion`,
    label: `${sideLabel} knee flexion`,
    side,
    space: '3d',
    keypoints: [`${side}_hip`, `${side}_knee`, `${side}_ankle`],
    measure: flexionDegrees,
  },
];

export const bodyAngles: readonly BodyAngle[] = [
  ...sideAngles('left', 'Left'),
  ...sideAngles('right', 'Right'),
  {
    // In the picture: the camera is taken to stand upright. Forward tilt in a side view, lateral tilt in a front view;
    // a lean towards the camera does not show. Positive: shoulders to the right of the hips as seen.
    id: 'trunk_tilt',
    label: 'Trunk tilt in the picture',
    side: 'middle',
    space: '2d',
    keypoints: trunkKeypoints,
    measure: (points) =>
      leanFromVerticalDegrees({
        base: midpoint(at(points, 2), at(points, 3)),
        top: midpoint(at(points, 0), at(points, 1)),
      }),
  },
  {
    id: 'hip_shoulder_separation',
    label: 'Hip-shoulder separation',
    side: 'middle',
    space: '3d',
    keypoints: trunkKeypoints,
    measure: (points) =>
      hipShoulderSeparationDegrees({
        shoulders: subtract(at(points, 1), at(points, 0)),
        hips: subtract(at(points, 3), at(points, 2)),
        trunk: trunkUp(points),
      }),
  },
];
