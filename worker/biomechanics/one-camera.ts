/** How wrong one camera's landmarks, and what is measured on them, are: by where the camera stands. */
import type { JointUncertainty } from './disturb-joints.ts';
import type { JointMotion, JointName } from './joint-motion.ts';
import { oneCameraCalibration } from './one-camera-calibration.ts';
import { type CameraView, viewOf } from './view-of.ts';

export const jointGroups = ['shoulder', 'elbow', 'wrist', 'index', 'hip', 'knee', 'ankle'] as const;
export type JointGroup = (typeof jointGroups)[number];

/** Of one view; seconds, metres. */
export interface ViewCalibration {
  /** Root mean square error of a coordinate, systematic part included: across the line of sight and along it. */
  readonly joints: Readonly<Record<JointGroup, { readonly across: number; readonly along: number }>>;
  readonly correlationSeconds: number;
  /** By moment: a 1.645th of the error that nine of ten stay within. */
  readonly eventErrorsSeconds: Readonly<Record<string, number>>;
  /** By metric: how much more is measured than there is. One camera's depth is shrunk: elbows seem straighter. */
  readonly biases: Readonly<Record<string, number>>;
  /** By metric: what intervals from the above must be stretched by to hold the truth in nine of ten clips. */
  readonly intervalScales: Readonly<Record<string, number>>;
  /** Metrics whose 90 % interval says nothing; see `fitIntervals` of the harness. */
  readonly notMeasurable: readonly string[];
}

export interface OneCameraCalibration {
  /** Clips that it was fitted on. */
  readonly clips: number;
  readonly views: Readonly<Record<CameraView, ViewCalibration>>;
}

const viewNames: Readonly<Record<CameraView, string>> = {
  side: 'the side',
  quarter: 'a quarter view',
  end: 'the front or rear',
};

/** The errors of this motion; undefined where it is not one camera's, or the view is not recognised. */
export function oneCameraUncertainty(
  motion: JointMotion,
  calibration: OneCameraCalibration = oneCameraCalibration,
): JointUncertainty | undefined {
  const view = viewOf(motion);
  if (view === undefined) return undefined;
  const { joints, correlationSeconds, eventErrorsSeconds, biases, intervalScales, notMeasurable } =
    calibration.views[view];
  const sight = motion.lineOfSight ?? [];
  const reason = `Not measurable from ${viewNames[view]}: one camera’s error is larger than the differences between athletes.`;
  return {
    sigmaMetres: (joint, _, axis) => {
      const { across, along } = joints[groupOf(joint)];
      const share = (sight[axis] ?? 0) ** 2;
      return Math.sqrt(across ** 2 * (1 - share) + along ** 2 * share);
    },
    ...{ correlationSeconds, eventErrorsSeconds, biases, intervalScales },
    notMeasurable: Object.fromEntries(notMeasurable.map((metric) => [metric, reason])),
  };
}

/** Heels and toes move with the ankle, ears and nose with the shoulders. */
export function groupOf(joint: JointName): JointGroup {
  const own = jointGroups.find((group) => joint.endsWith(group) && !joint.endsWith('foot_index'));
  return own ?? (joint.endsWith('heel') || joint.endsWith('foot_index') ? 'ankle' : 'shoulder');
}
