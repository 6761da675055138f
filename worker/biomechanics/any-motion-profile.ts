/** Any motion at all: from where it starts to where it ends, how far and how fast each joint goes, and how alike sides are. */
import { defineProfile } from './define-profile.ts';
import { type JointMotion, type JointName, jointAt } from './joint-motion.ts';
import type { Metric } from './metric.ts';
import type { ContextOptions, EventTimes } from './profile-definition.ts';
import { derivative, pointSpeed } from './rates.ts';
import { ordinaryRate, type SignalContext } from './signal-metrics.ts';
import { angleBetweenDegrees, midpoint, subtract, type Vector } from './vectors.ts';

type EventId = 'start' | 'end';
type Side = 'left' | 'right';
type Part = 'elbow' | 'shoulder' | 'hip' | 'knee';
type SignalId = `${Side}_${Part}` | 'trunk';
type AnyContext = SignalContext<EventId, SignalId>;
type AnyMetric = Metric<AnyContext, EventId>;

const sides: readonly Side[] = ['left', 'right'];
const parts: readonly Part[] = ['elbow', 'shoulder', 'hip', 'knee'];
const joints: readonly JointName[] = sides.flatMap((side) =>
  (['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'] as const).map((part): JointName => `${side}_${part}`),
);

/** The motion goes on while the body's joints move, in the mean, faster than this share of their fastest. */
const movingShare = 0.12;
/** Peaks of a motion that is not known may be as short as a throw's: three frames on a tenth of a second are too few. */
const peakRate = 50;

/** Bend of elbows and knees, lift of the upper arms and thighs from the trunk's line, lean of the trunk. Degrees. */
function signalsOf(motion: JointMotion): Record<SignalId, Float64Array> {
  const at = (joint: JointName, frame: number): Vector => jointAt(motion, joint, frame);
  const over = (measure: (frame: number) => number) => motion.timesSeconds.map((_, frame) => measure(frame));
  const limb = (from: JointName, to: JointName) => (frame: number) => subtract(at(to, frame), at(from, frame));
  const down = (frame: number) =>
    subtract(
      midpoint(at('left_hip', frame), at('right_hip', frame)),
      midpoint(at('left_shoulder', frame), at('right_shoulder', frame)),
    );
  const between = (first: (frame: number) => Vector, second: (frame: number) => Vector) =>
    over((frame) => angleBetweenDegrees(first(frame), second(frame)));
  const ofSide = (side: Side) => {
    const [upperArm, thigh] = [limb(`${side}_shoulder`, `${side}_elbow`), limb(`${side}_hip`, `${side}_knee`)];
    return {
      elbow: between(upperArm, limb(`${side}_elbow`, `${side}_wrist`)),
      shoulder: between(down, upperArm),
      hip: between(down, thigh),
      knee: between(thigh, limb(`${side}_knee`, `${side}_ankle`)),
    };
  };
  const [left, right] = [ofSide('left'), ofSide('right')];
  return {
    ...{ left_elbow: left.elbow, left_shoulder: left.shoulder, left_hip: left.hip, left_knee: left.knee },
    ...{ right_elbow: right.elbow, right_shoulder: right.shoulder, right_hip: right.hip, right_knee: right.knee },
    trunk: over((frame) => 180 - angleBetweenDegrees(down(frame), [0, 0, 1])),
  };
}

function anyContext({ motion, heightMetres, events }: ContextOptions<AnyContext, EventId>): AnyContext {
  return { motion, heightMetres, signals: signalsOf(motion), events: { ...foundEvents(motion), ...events } };
}

function foundEvents(motion: JointMotion): EventTimes<EventId> {
  const { timesSeconds } = motion;
  const speeds = joints.map((joint) => pointSpeed(motion, joint));
  const mean = timesSeconds.map((_, frame) => {
    const seen = speeds.map((values) => values[frame] as number).filter(Number.isFinite);
    return seen.reduce((sum, speed) => sum + speed, 0) / seen.length;
  });
  const fastest = Math.max(...mean.filter(Number.isFinite));
  const isMoving = (speed: number): boolean => speed > movingShare * fastest;
  const [start, end] = [timesSeconds[mean.findIndex(isMoving)], timesSeconds[mean.findLastIndex(isMoving)]];
  return start === undefined || end === undefined || end <= start ? {} : { start, end };
}

/** Values of a signal from the start of the motion to its end. */
function during({ motion, signals, events }: AnyContext, signal: SignalId, rate: boolean): number[] {
  const { timesSeconds } = motion;
  const values = rate ? derivative({ timesSeconds, values: signals[signal] }) : signals[signal];
  const [start = Number.NaN, end = Number.NaN] = [events.start, events.end];
  return [...values].filter((value, frame) => {
    const time = timesSeconds[frame] as number;
    return time >= start && time <= end && Number.isFinite(value);
  });
}

/** Degrees. NaN where the joint is not seen. */
function range(context: AnyContext, signal: SignalId): number {
  const values = during(context, signal, false);
  return values.length === 0 ? Number.NaN : Math.max(...values) - Math.min(...values);
}

const named: Readonly<Record<Part | 'trunk', string>> = {
  ...{ elbow: 'elbow bend', shoulder: 'upper arm lift', hip: 'hip bend', knee: 'knee bend', trunk: 'trunk lean' },
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const followed: readonly { readonly signal: SignalId; readonly id: string; readonly name: string }[] = [
  ...sides.flatMap((side) =>
    parts.map((part) => ({
      signal: `${side}_${part}` as const,
      id: `${side}${capital(part)}`,
      name: `${side} ${named[part]}`,
    })),
  ),
  { signal: 'trunk', id: 'trunk', name: named.trunk },
];

const metrics: readonly AnyMetric[] = [
  {
    id: 'duration',
    label: 'Duration',
    unit: 'seconds',
    definition: 'From the start of the motion to its end.',
    events: ['start', 'end'],
    leastFramesPerSecond: ordinaryRate,
    measure: ({ events }) => (events.end ?? Number.NaN) - (events.start ?? Number.NaN),
  },
  ...followed.flatMap(({ signal, id, name }): AnyMetric[] => [
    {
      id: `${id}Range`,
      label: `Range of the ${name}`,
      unit: 'degrees',
      definition: `From the least to the greatest ${name} during the motion.`,
      events: ['start', 'end'],
      leastFramesPerSecond: ordinaryRate,
      measure: (context) => range(context, signal),
    },
    {
      id: `${id}PeakSpeed`,
      label: `Peak speed of the ${name}`,
      unit: 'degrees/second',
      definition: `Fastest change of the ${name} during the motion, either way.`,
      events: ['start', 'end'],
      leastFramesPerSecond: peakRate,
      measure: (context) => {
        const speeds = during(context, signal, true).map(Math.abs);
        return speeds.length === 0 ? Number.NaN : Math.max(...speeds);
      },
    },
  ]),
  ...parts.map(
    (part): AnyMetric => ({
      id: `${part}RangeDifference`,
      label: `Range of the ${named[part]}, right less left`,
      unit: 'degrees',
      definition: `How much further the right side goes than the left: difference of the ranges of ${named[part]}.`,
      events: ['start', 'end'],
      leastFramesPerSecond: ordinaryRate,
      measure: (context) => range(context, `right_${part}`) - range(context, `left_${part}`),
    }),
  ),
];

export const anyMotionProfile = defineProfile<AnyContext, EventId>({
  id: 'any',
  label: 'Any motion',
  events: [
    { id: 'start', label: 'Start', phrase: 'the start of the motion' },
    { id: 'end', label: 'End', phrase: 'the end of the motion' },
  ],
  phases: [{ id: 'motion', label: 'Motion', from: 'start', to: 'end' }],
  metrics,
  // As for the fastest that we know: a throw.
  cutoffHertz: 20,
  joints: () => joints,
  findRepetitions: ({ timesSeconds }) => {
    const [first, last] = [timesSeconds[0], timesSeconds[timesSeconds.length - 1]];
    return first === undefined || last === undefined ? [] : [{ fromSeconds: first, toSeconds: last }];
  },
  context: anyContext,
});
