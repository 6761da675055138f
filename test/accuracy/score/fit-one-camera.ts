/** The errors of one camera, learnt from filmed pitches: see `worker/biomechanics/one-camera.ts`. */
import { type JointMotion, jointAt } from '../../../worker/biomechanics/joint-motion.ts';
import type { MetricUnit } from '../../../worker/biomechanics/metric.ts';
import {
  groupOf,
  type JointGroup,
  jointGroups,
  type OneCameraCalibration,
  oneCameraUncertainty,
  type ViewCalibration,
} from '../../../worker/biomechanics/one-camera.ts';
import { pitchingProfile } from '../../../worker/biomechanics/pitching/pitching-profile.ts';
import { midpoint, subtract, type Vector } from '../../../worker/biomechanics/vectors.ts';
import { type CameraView, cameraViews, viewOf } from '../../../worker/biomechanics/view-of.ts';
import type { ClipTruth } from '../clip-truth.ts';
import { exact, type FilmedPitch, type MetricScore, type PitchScore, scorePitch } from './pitch-score.ts';
import { quantile, rootMeanSquare } from './summary.ts';

/** Of the standard deviations of a normal distribution, those within which nine of ten lie. */
const deviations90 = 1.645;
/** Fewer clips than this say nothing of nine of ten: then all metrics of the view are put together. */
const fewestClips = 7;
/** An interval is not narrowed to less than this part: what was seen in ten clips may be luck. */
const leastScale = 0.4;
/** A mean that lies within this many of its own standard errors of zero is no bias. */
const leastSurprise = 2;
/** An interval of a metric without a norm that is wider than this says nothing. */
const widestWithoutNorm: Readonly<Partial<Record<MetricUnit, number>>> = {
  degrees: 50,
  seconds: 0.5,
  milliseconds: 150,
};
/** Standard deviations from the tenth to the ninetieth of a hundred. */
const deviations80 = 2.56;

/** `draws`: the product's own number, when absent. */
export function fitOneCamera(pitches: readonly FilmedPitch[], draws?: number): OneCameraCalibration {
  const seen = pitches.map((pitch) => ({ ...pitch, view: viewOf(pitch.found) }));
  const byView = (fitted: (view: CameraView, own: readonly FilmedPitch[]) => ViewCalibration) =>
    Object.fromEntries(
      cameraViews.map((view) => [
        view,
        fitted(
          view,
          seen.filter((pitch) => pitch.view === view),
        ),
      ]),
    ) as Record<CameraView, ViewCalibration>;
  const errorsOnly = byView((_, own) => ({ ...fitErrors(own), biases: {}, intervalScales: {}, notMeasurable: [] }));
  const unscaled = { clips: pitches.length, views: errorsOnly };
  return {
    clips: pitches.length,
    views: byView((view, own) => ({
      ...errorsOnly[view],
      ...fitIntervals(own.map((pitch) => scoreWith(pitch, unscaled, draws))),
    })),
  };
}

function scoreWith(pitch: FilmedPitch, calibration: OneCameraCalibration, draws?: number): PitchScore {
  return scorePitch(pitch, { uncertainty: oneCameraUncertainty(pitch.found, calibration), draws });
}

/** The share of intervals that hold the truth, each fold's by what the others taught. */
export function heldOutScores(pitches: readonly FilmedPitch[], foldOf: (pitch: FilmedPitch) => number): PitchScore[] {
  const folds = [...new Set(pitches.map(foldOf))];
  return folds.flatMap((fold) => {
    const calibration = fitOneCamera(pitches.filter((pitch) => foldOf(pitch) !== fold));
    return pitches.filter((pitch) => foldOf(pitch) === fold).map((pitch) => scoreWith(pitch, calibration));
  });
}

function fitErrors(
  pitches: readonly FilmedPitch[],
): Pick<ViewCalibration, 'joints' | 'correlationSeconds' | 'eventErrorsSeconds'> {
  const errors = pitches.flatMap(jointErrors);
  const joints = Object.fromEntries(
    jointGroups.map((group) => {
      const own = errors.filter((error) => error.group === group);
      const along = own.flatMap(({ axes }) => axes[1] ?? []);
      const across = own.flatMap(({ axes }) => [...(axes[0] ?? []), ...(axes[2] ?? [])]);
      return [group, { across: rounded(rootMeanSquare(across)), along: rounded(rootMeanSquare(along)) }];
    }),
  ) as Record<JointGroup, { across: number; along: number }>;
  const scores = pitches.map((pitch) => scorePitch(pitch, { uncertainty: exact, draws: 1 }));
  const events = new Set(scores.flatMap((score) => score.events.map(({ event }) => event)));
  return {
    joints,
    correlationSeconds: rounded(quantile(errors.map(correlationSeconds), 0.5)),
    eventErrorsSeconds: Object.fromEntries(
      [...events].map((id) => {
        const found = scores.flatMap((score) => score.events.filter(({ event }) => event === id));
        return [id, rounded(mostOf(found.map(({ errorSeconds }) => Math.abs(errorSeconds))) / deviations90)];
      }),
    ),
  };
}

interface JointError {
  readonly group: JointGroup;
  readonly intervalSeconds: number;
  /** Metres by frame, in the found motion's axes; frames without the joint are left out. */
  readonly axes: readonly (readonly number[])[];
}

/** From the middle of the hips, of every joint in every frame. */
function jointErrors({ found, truth }: FilmedPitch): JointError[] {
  const real = inFoundAxes(truth, found);
  return (Object.keys(found.joints) as (keyof typeof found.joints)[]).flatMap((joint) => {
    if (!(joint in real.joints) || !jointGroups.some((group) => joint.endsWith(group)) || joint.includes('foot'))
      return [];
    const errors = [...found.timesSeconds.keys()]
      .map((frame) => subtract(rooted(found, joint, frame), rooted(real, joint, frame)))
      .filter((error) => error.every(Number.isFinite));
    const intervalSeconds = 1 / truth.framesPerSecond;
    return [
      { group: groupOf(joint), intervalSeconds, axes: [0, 1, 2].map((axis) => errors.map((e) => Number(e[axis]))) },
    ];
  });
}

function rooted(motion: JointMotion, joint: Parameters<typeof jointAt>[1], frame: number): Vector {
  const hips = midpoint(jointAt(motion, 'left_hip', frame), jointAt(motion, 'right_hip', frame));
  return subtract(jointAt(motion, joint, frame), hips);
}

/** The truth as the product would see it were it right: camera's axes with z up, the found motion's frames. */
function inFoundAxes(truth: ClipTruth, found: JointMotion): JointMotion {
  const frames = Array.from(found.timesSeconds, (time) => Math.round(time * truth.framesPerSecond));
  const joints = Object.fromEntries(
    truth.keypoints.map((name, at) => [
      name,
      Float64Array.from(
        frames.flatMap((frame) => {
          const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = truth.points3d[frame]?.[at] ?? [];
          return [x, z, -y];
        }),
      ),
    ]),
  );
  return { timesSeconds: found.timesSeconds, joints, isGrounded: false };
}

/** Time after which errors along the line of sight are alike by 1/e; that of the clip where they stay alike. */
function correlationSeconds({ axes, intervalSeconds }: JointError): number {
  const errors = axes[1] ?? [];
  const power = rootMeanSquare(errors) ** 2;
  for (let lag = 1; lag < errors.length; lag++) {
    const products = errors.slice(lag).map((error, i) => error * Number(errors[i]));
    const alike = products.reduce((sum, product) => sum + product, 0) / products.length / power;
    if (alike < Math.exp(-1)) return lag * intervalSeconds;
  }
  return errors.length * intervalSeconds;
}

/**
 * A metric is not measurable where its interval is wider than twice what lies between the norm's tenth and ninetieth
 * athlete, or, without a norm, than `widestWithoutNorm`.
 */
function fitIntervals(
  scores: readonly PitchScore[],
): Pick<ViewCalibration, 'biases' | 'intervalScales' | 'notMeasurable'> {
  const metrics = pitchingProfile.metrics.flatMap((metric) => {
    const own = scores
      .flatMap((score) => score.metrics.filter(({ id }) => id === metric.id))
      .filter(({ low, high }) => high > low);
    if (own.length === 0) return [];
    const bias = own.length < fewestClips ? 0 : biasOf(own.map(({ value, truth }) => value - truth));
    return [{ metric, own, bias, scale: scaleFor(own, bias) }];
  });
  const usual = quantile(
    metrics.filter(({ own }) => own.length >= fewestClips).map(({ scale }) => scale),
    0.5,
  );
  const scaled = metrics.map((fitted) =>
    fitted.own.length < fewestClips ? { ...fitted, scale: Math.max(usual, fitted.scale) } : fitted,
  );
  return {
    biases: Object.fromEntries(scaled.flatMap(({ metric, bias }) => (bias === 0 ? [] : [[metric.id, rounded(bias)]]))),
    intervalScales: Object.fromEntries(scaled.map(({ metric, scale }) => [metric.id, rounded(scale)])),
    notMeasurable: scaled.flatMap(({ metric, own, bias, scale }) => {
      const { norm, unit } = metric;
      const [p10, p90] = [norm?.p10, norm?.p90];
      const spread = p10 === undefined || p90 === undefined ? deviations80 * (norm?.sd ?? Number.NaN) : p90 - p10;
      const widest = norm === undefined ? widestWithoutNorm[unit] : 2 * spread;
      const width =
        Math.abs(bias) +
        scale *
          quantile(
            own.map(({ low, high }) => high - low),
            0.5,
          );
      return widest !== undefined && width > widest ? [metric.id] : [];
    }),
  };
}

/** The median, which a clip that went wrong does not move; 0 where chance alone may have made it. */
function biasOf(errors: readonly number[]): number {
  const median = quantile(errors, 0.5);
  const spread = rootMeanSquare(errors.map((error) => error - median));
  return Math.abs(median) < (leastSurprise * spread) / Math.sqrt(errors.length) ? 0 : median;
}

/** What intervals must be stretched by. */
function scaleFor(scores: readonly MetricScore[], bias: number): number {
  const ratios = scores.map(({ truth, value, low, high }) => {
    const [over, under] = [value - Math.max(0, bias) - truth, truth - value + Math.min(0, bias)];
    return Math.max(0, over / (value - low), under / (high - value));
  });
  return Math.max(leastScale, mostOf(ratios));
}

/** What the next one stays within in nine of ten cases, from these (split conformal prediction, Vovk et al. 2005). */
function mostOf(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * 0.9)) - 1] ?? Number.NaN;
}

/** Three digits say more than so few clips hold. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
