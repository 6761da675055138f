/** The metrics of a pitch, as data. Sources of definitions and norms: see pitch-norms.ts. */
import { type JointName, jointAt } from '../joint-motion.ts';
import type { Metric } from '../metric.ts';
import { derivative, highest, type Peak, pointSpeed, valueAt } from '../rates.ts';
import { length, subtract, type Vector } from '../vectors.ts';
import type { PitchContext } from './pitch-context.ts';
import type { PitchEventId } from './pitch-events.ts';
import { pitchNorms } from './pitch-norms.ts';
import type { SignalId } from './pitch-signals.ts';

export type PitchMetric = Metric<PitchContext, PitchEventId>;

/** Events pass between two frames of an ordinary film, but angles change little meanwhile. */
const ordinary = 24;
/** From here on a parabola through three frames finds the top of the fastest turns. */
const fast = 100;

function angleAt(
  event: PitchEventId,
  signal: SignalId,
  texts: { readonly id: string; readonly label: string; readonly definition: string },
): PitchMetric {
  return {
    ...{ ...texts, unit: 'degrees', events: [event], leastFramesPerSecond: ordinary },
    measure: ({ motion, signals, events }) =>
      valueAt({ timesSeconds: motion.timesSeconds, values: signals[signal] }, events[event] ?? Number.NaN),
  };
}

function greatestBetween(
  from: PitchEventId,
  to: PitchEventId,
  signal: SignalId,
  texts: { readonly id: string; readonly label: string; readonly definition: string },
): PitchMetric {
  return {
    ...{ ...texts, unit: 'degrees', events: [from, to], leastFramesPerSecond: ordinary },
    measure: (context) => peakBetween(context, context.signals[signal], from, to)?.value ?? Number.NaN,
  };
}

/** The highest of a signal from one moment to another. */
function peakBetween(
  context: PitchContext,
  values: Float64Array,
  from: PitchEventId,
  to: PitchEventId,
): Peak | undefined {
  const { timesSeconds } = context.motion;
  const [start, end] = [context.events[from] ?? Number.NaN, context.events[to] ?? Number.NaN];
  const first = timesSeconds.findIndex((time) => time >= start);
  return first < 0
    ? undefined
    : highest({ timesSeconds, values, first, end: timesSeconds.findLastIndex((time) => time <= end) + 1 });
}

function turningSpeed({ motion, signals }: PitchContext, signal: SignalId): Float64Array {
  return derivative({ timesSeconds: motion.timesSeconds, values: signals[signal] });
}

/** Hips and shoulders turn fastest about foot contact and shortly before release; follow-through is left out. */
const turnPeak = (context: PitchContext, signal: 'pelvisTurn' | 'trunkTurn'): Peak | undefined =>
  peakBetween(context, turningSpeed(context, signal), 'peakKneeHeight', 'maximumInternalRotation');

function at({ motion, events }: PitchContext, joint: JointName, event: PitchEventId): Vector {
  const { timesSeconds } = motion;
  const time = events[event] ?? Number.NaN;
  const next = timesSeconds.findIndex((frameTime) => frameTime >= time);
  if (next < 0 || time < Number(timesSeconds[0])) return [Number.NaN, Number.NaN, Number.NaN];
  const [before, after] = [Math.max(0, next - 1), next];
  const [from, to] = [jointAt(motion, joint, before), jointAt(motion, joint, after)];
  const span = Number(timesSeconds[after]) - Number(timesSeconds[before]);
  const share = span > 0 ? (time - Number(timesSeconds[before])) / span : 1;
  return from.map((value, axis) => value + share * (Number(to[axis]) - value));
}

/** From where the rear ankle stood to where the lead one lands. */
function stride(context: PitchContext): Vector {
  const { rear, lead } = context.side;
  return subtract(at(context, lead.ankle, 'footContact'), at(context, rear.ankle, 'peakKneeHeight'));
}

const horizontal = ([x = Number.NaN, y = Number.NaN]: Vector): Vector => [x, y, 0];

export const pitchMetrics: readonly PitchMetric[] = [
  {
    id: 'strideLengthPercentHeight',
    label: 'Stride length',
    unit: 'percent',
    definition:
      'Over the ground from the rear ankle at the top of the leg lift to the lead ankle at contact, of body height.',
    events: ['peakKneeHeight', 'footContact'],
    leastFramesPerSecond: ordinary,
    needsGround: true,
    norm: pitchNorms.strideLengthPercentHeight,
    measure: (context) => (100 * length(horizontal(stride(context)))) / context.heightMetres,
  },
  {
    ...angleAt('footContact', 'shoulderAbduction', {
      id: 'shoulderAbductionAtFootContact',
      label: 'Shoulder abduction at contact',
      definition: 'How far the upper arm is lifted from the trunk’s side.',
    }),
    norm: pitchNorms.shoulderAbductionAtFootContact,
  },
  {
    ...angleAt('footContact', 'shoulderExternalRotation', {
      id: 'shoulderExternalRotationAtFootContact',
      label: 'Shoulder external rotation at contact',
      definition: 'Turn of the forearm about the upper arm: 0 forward, 90 up.',
    }),
    norm: pitchNorms.shoulderExternalRotationAtFootContact,
  },
  {
    ...angleAt('footContact', 'shoulderHorizontalAbduction', {
      id: 'shoulderHorizontalAbductionAtFootContact',
      label: 'Shoulder horizontal abduction at contact',
      definition: 'How far the upper arm is drawn back behind the line of the shoulders.',
    }),
    norm: pitchNorms.shoulderHorizontalAbductionAtFootContact,
  },
  {
    ...angleAt('footContact', 'elbowFlexion', {
      id: 'elbowFlexionAtFootContact',
      label: 'Elbow flexion at contact',
      definition: 'Bend of the throwing elbow, 0 straight.',
    }),
    norm: pitchNorms.elbowFlexionAtFootContact,
  },
  {
    ...greatestBetween('footContact', 'release', 'elbowFlexion', {
      id: 'maximumElbowFlexion',
      label: 'Greatest elbow flexion',
      definition: 'Greatest bend of the throwing elbow from contact to release.',
    }),
    norm: pitchNorms.maximumElbowFlexion,
  },
  {
    ...greatestBetween('footContact', 'release', 'shoulderExternalRotation', {
      id: 'maximumShoulderExternalRotation',
      label: 'Greatest shoulder external rotation',
      definition: 'How far the arm lays back: turn of the forearm about the upper arm, 180 pointing back.',
    }),
    leastFramesPerSecond: fast,
    norm: pitchNorms.maximumShoulderExternalRotation,
  },
  {
    ...greatestBetween('peakKneeHeight', 'release', 'hipShoulderSeparation', {
      id: 'maximumHipShoulderSeparation',
      label: 'Greatest hip-shoulder separation',
      definition: 'How far the hips are turned ahead of the shoulders, seen from above.',
    }),
    norm: pitchNorms.maximumHipShoulderSeparation,
  },
  {
    ...angleAt('release', 'trunkForwardTilt', {
      id: 'trunkForwardTiltAtRelease',
      label: 'Trunk forward tilt at release',
      definition: 'Lean of the trunk to where the shoulders face.',
    }),
    norm: pitchNorms.trunkForwardTiltAtRelease,
  },
  {
    ...angleAt('release', 'trunkLateralTilt', {
      id: 'trunkLateralTiltAtRelease',
      label: 'Trunk side tilt at release',
      definition: 'Lean of the trunk away from the throwing arm.',
    }),
    norm: pitchNorms.trunkLateralTiltAtRelease,
  },
  {
    id: 'leadKneeExtensionToRelease',
    label: 'Lead knee extension, contact to release',
    unit: 'degrees',
    definition: 'How much the lead knee straightens from contact to release.',
    events: ['footContact', 'release'],
    leastFramesPerSecond: ordinary,
    norm: pitchNorms.leadKneeExtensionToRelease,
    measure: ({ motion, signals, events }) => {
      const signal = { timesSeconds: motion.timesSeconds, values: signals.leadKneeFlexion };
      return valueAt(signal, events.footContact ?? Number.NaN) - valueAt(signal, events.release ?? Number.NaN);
    },
  },
  {
    id: 'pelvisPeakRotationSpeed',
    label: 'Pelvis peak rotation speed',
    unit: 'degrees/second',
    definition: 'Fastest turn of the line of the hips, seen from above.',
    events: ['peakKneeHeight', 'maximumInternalRotation'],
    leastFramesPerSecond: fast,
    norm: pitchNorms.pelvisPeakRotationSpeed,
    measure: (context) => turnPeak(context, 'pelvisTurn')?.value ?? Number.NaN,
  },
  {
    id: 'trunkPeakRotationSpeed',
    label: 'Trunk peak rotation speed',
    unit: 'degrees/second',
    definition: 'Fastest turn of the line of the shoulders, seen from above.',
    events: ['peakKneeHeight', 'maximumInternalRotation'],
    leastFramesPerSecond: fast,
    norm: pitchNorms.trunkPeakRotationSpeed,
    measure: (context) => turnPeak(context, 'trunkTurn')?.value ?? Number.NaN,
  },
  {
    id: 'pelvisToTrunkPeakLag',
    label: 'Lag of the trunk behind the pelvis',
    unit: 'milliseconds',
    definition: 'From the pelvis’ fastest turn to the trunk’s.',
    events: ['peakKneeHeight', 'maximumInternalRotation'],
    leastFramesPerSecond: fast,
    norm: pitchNorms.pelvisToTrunkPeakLag,
    measure: (context) => {
      const [pelvis, trunk] = [turnPeak(context, 'pelvisTurn'), turnPeak(context, 'trunkTurn')];
      return pelvis && trunk ? (trunk.timeSeconds - pelvis.timeSeconds) * 1000 : Number.NaN;
    },
  },
  {
    ...angleAt('release', 'forearmSlope', {
      id: 'armSlot',
      label: 'Arm slot',
      definition: 'Rise of the forearm above the horizontal at release: 0 sidearm, 90 straight over the top.',
    }),
    norm: pitchNorms.armSlot,
  },
  {
    id: 'strideDirection',
    label: 'Stride direction',
    unit: 'degrees',
    definition: 'Heading of the stride against the line to the target; positive: closed, across the body.',
    events: ['peakKneeHeight', 'footContact'],
    leastFramesPerSecond: ordinary,
    needsGround: true,
    measure: (context) => {
      const [x = Number.NaN, y = Number.NaN] = stride(context);
      const [tx = Number.NaN, ty = Number.NaN] = context.motion.towardsTarget ?? [];
      return (-context.side.sign * Math.atan2(tx * y - ty * x, tx * x + ty * y) * 180) / Math.PI;
    },
  },
  {
    id: 'strideTime',
    label: 'Time from leg lift to contact',
    unit: 'seconds',
    definition: 'From the top of the leg lift to foot contact.',
    events: ['peakKneeHeight', 'footContact'],
    leastFramesPerSecond: ordinary,
    measure: ({ events }) => (events.footContact ?? Number.NaN) - (events.peakKneeHeight ?? Number.NaN),
  },
  {
    id: 'armActionTime',
    label: 'Time from contact to release',
    unit: 'milliseconds',
    definition: 'From foot contact to release.',
    events: ['footContact', 'release'],
    leastFramesPerSecond: fast,
    measure: ({ events }) => 1000 * ((events.release ?? Number.NaN) - (events.footContact ?? Number.NaN)),
  },
  {
    id: 'peakHandSpeed',
    label: 'Peak wrist speed',
    unit: 'metres/second',
    definition: 'Fastest movement of the throwing wrist.',
    events: ['footContact', 'release'],
    leastFramesPerSecond: fast,
    needsGround: true,
    measure: (context) =>
      peakBetween(context, pointSpeed(context.motion, context.side.arm.wrist), 'footContact', 'maximumInternalRotation')
        ?.value ?? Number.NaN,
  },
  angleAt('footContact', 'hipShoulderSeparation', {
    id: 'hipShoulderSeparationAtFootContact',
    label: 'Hip-shoulder separation at contact',
    definition: 'How far the hips are turned ahead of the shoulders when the foot lands.',
  }),
  angleAt('footContact', 'leadKneeFlexion', {
    id: 'leadKneeFlexionAtFootContact',
    label: 'Lead knee flexion at contact',
    definition: 'Bend of the lead knee, 0 straight.',
  }),
  angleAt('release', 'elbowFlexion', {
    id: 'elbowFlexionAtRelease',
    label: 'Elbow flexion at release',
    definition: 'Bend of the throwing elbow, 0 straight.',
  }),
];
