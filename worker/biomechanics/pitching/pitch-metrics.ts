/** The metrics of a pitch, as data. Sources of definitions and norms: see pitch-norms.ts. */
import type { JointName } from '../joint-motion.ts';
import type { Metric } from '../metric.ts';
import { pointSpeed } from '../rates.ts';
import {
  angleAt,
  fastRate,
  greatestBetween,
  jointAtTime,
  type MetricTexts,
  ordinaryRate,
  peakBetween,
  signalAt,
} from '../signal-metrics.ts';
import { length, subtract, type Vector } from '../vectors.ts';
import { sequenceMetrics } from './kinematic-sequence.ts';
import type { PitchContext } from './pitch-context.ts';
import type { PitchEventId } from './pitch-events.ts';
import { pitchNorms } from './pitch-norms.ts';

export type PitchMetric = Metric<PitchContext, PitchEventId>;

function at({ motion, events }: PitchContext, joint: JointName, event: PitchEventId): Vector {
  return jointAtTime(motion, joint, events[event] ?? Number.NaN);
}

/** From where the rear ankle stood to where the lead one lands. */
function stride(context: PitchContext): Vector {
  const { rear, lead } = context.side;
  return subtract(at(context, lead.ankle, 'footContact'), at(context, rear.ankle, 'peakKneeHeight'));
}

const horizontal = ([x = Number.NaN, y = Number.NaN]: Vector): Vector => [x, y, 0];

/** Of the line of hips or shoulders, against the line from the rear ankle to the lead one, seen from above. */
function turnAtContact(line: 'hips' | 'shoulders', texts: MetricTexts): PitchMetric {
  return {
    ...{ ...texts, unit: 'degrees', events: ['footContact'], leastFramesPerSecond: ordinaryRate },
    measure: (context) => {
      const { arm, gloveShoulder, lead, rear, sign } = context.side;
      const [from, to] = line === 'hips' ? [lead.hip, rear.hip] : [gloveShoulder, arm.shoulder];
      const there = (joint: JointName): Vector => at(context, joint, 'footContact');
      const [x = Number.NaN, y = Number.NaN] = subtract(there(to), there(from));
      const [sx = Number.NaN, sy = Number.NaN] = subtract(there(lead.ankle), there(rear.ankle));
      // Side-on, the line runs straight back from where the stride goes.
      return (sign * Math.atan2(x * sy - y * sx, -(x * sx + y * sy)) * 180) / Math.PI;
    },
  };
}

export const pitchMetrics: readonly PitchMetric[] = [
  {
    id: 'strideLengthPercentHeight',
    label: 'Stride length',
    unit: 'percent',
    definition:
      'Over the ground from the rear ankle at the top of the leg lift to the lead ankle at contact, of body height.',
    events: ['peakKneeHeight', 'footContact'],
    leastFramesPerSecond: ordinaryRate,
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
    leastFramesPerSecond: fastRate,
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
    leastFramesPerSecond: ordinaryRate,
    norm: pitchNorms.leadKneeExtensionToRelease,
    measure: (context) =>
      signalAt(context, 'leadKneeFlexion', 'footContact') - signalAt(context, 'leadKneeFlexion', 'release'),
  },
  ...sequenceMetrics,
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
    leastFramesPerSecond: ordinaryRate,
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
    leastFramesPerSecond: ordinaryRate,
    measure: ({ events }) => (events.footContact ?? Number.NaN) - (events.peakKneeHeight ?? Number.NaN),
  },
  {
    id: 'armActionTime',
    label: 'Time from contact to release',
    unit: 'milliseconds',
    definition: 'From foot contact to release.',
    events: ['footContact', 'release'],
    leastFramesPerSecond: fastRate,
    measure: ({ events }) => 1000 * ((events.release ?? Number.NaN) - (events.footContact ?? Number.NaN)),
  },
  {
    id: 'peakHandSpeed',
    label: 'Peak wrist speed',
    unit: 'metres/second',
    definition: 'Fastest movement of the throwing wrist.',
    events: ['footContact', 'release'],
    leastFramesPerSecond: fastRate,
    needsGround: true,
    measure: (context) =>
      peakBetween(context, pointSpeed(context.motion, context.side.arm.wrist), 'footContact', 'maximumInternalRotation')
        ?.value ?? Number.NaN,
  },
  turnAtContact('shoulders', {
    id: 'trunkRotationAtFootContact',
    label: 'Trunk rotation at contact',
    definition: 'How far the shoulders are turned towards the stride when the foot lands: 0 side-on, 90 facing it.',
  }),
  turnAtContact('hips', {
    id: 'pelvisRotationAtFootContact',
    label: 'Pelvis rotation at contact',
    definition: 'How far the hips are turned towards the stride when the foot lands: 0 side-on, 90 facing it.',
  }),
  {
    id: 'headTravelPercentHeight',
    label: 'Head travel',
    unit: 'percent',
    definition: 'Way of the head over the ground from the top of the leg lift to release, of body height.',
    events: ['peakKneeHeight', 'release'],
    leastFramesPerSecond: ordinaryRate,
    needsGround: true,
    measure: (context) => {
      const way = subtract(at(context, 'nose', 'release'), at(context, 'nose', 'peakKneeHeight'));
      return (100 * length(horizontal(way))) / context.heightMetres;
    },
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
