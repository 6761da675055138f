/**
 * In which order hips, shoulders and elbow are fastest, and how long after each other. The wrist itself is fastest within
 * 4 ms of the elbow's fastest straightening in three laboratory pitches: no step that could be told from noise.
 */
import type { Metric } from '../metric.ts';
import { derivative, type Peak } from '../rates.ts';
import { fastRate, peakBetween } from '../signal-metrics.ts';
import type { PitchContext } from './pitch-context.ts';
import type { PitchEventId } from './pitch-events.ts';
import { pitchNorms } from './pitch-norms.ts';

type PitchMetric = Metric<PitchContext, PitchEventId>;
type Link = 'pelvis' | 'trunk' | 'elbow';

/** From the ground to the ball: each should be fastest after the one before it. */
const links: readonly Link[] = ['pelvis', 'trunk', 'elbow'];
const between = ['peakKneeHeight', 'maximumInternalRotation'] as const;

/** Fastest turn of hips and shoulders, fastest straightening of the elbow: degrees a second. Follow-through is left out. */
function fastest(context: PitchContext, link: Link): Peak | undefined {
  return peakBetween(context, speeds[link](context), ...between);
}

const rateOf = ({ motion, signals }: PitchContext, signal: 'pelvisTurn' | 'trunkTurn' | 'elbowFlexion') =>
  derivative({ timesSeconds: motion.timesSeconds, values: signals[signal] });

const speeds: Readonly<Record<Link, (context: PitchContext) => Float64Array>> = {
  pelvis: (context) => rateOf(context, 'pelvisTurn'),
  trunk: (context) => rateOf(context, 'trunkTurn'),
  elbow: (context) => rateOf(context, 'elbowFlexion').map((speed) => -speed),
};

function lagMilliseconds(context: PitchContext, from: Link, to: Link): number {
  const [first, second] = [fastest(context, from), fastest(context, to)];
  return first && second ? (second.timeSeconds - first.timeSeconds) * 1000 : Number.NaN;
}

const lag = (from: Link, to: Link, definition: string): PitchMetric => ({
  id: `${from}To${to.charAt(0).toUpperCase()}${to.slice(1)}PeakLag`,
  label: `Lag of the ${to} behind the ${from}`,
  unit: 'milliseconds',
  definition,
  events: between,
  leastFramesPerSecond: fastRate,
  measure: (context) => lagMilliseconds(context, from, to),
});

const peakSpeed = (link: Link, texts: Pick<PitchMetric, 'id' | 'label' | 'definition'>): PitchMetric => ({
  ...{ ...texts, unit: 'degrees/second', events: between, leastFramesPerSecond: fastRate },
  measure: (context) => fastest(context, link)?.value ?? Number.NaN,
});

export const sequenceMetrics: readonly PitchMetric[] = [
  {
    ...peakSpeed('pelvis', {
      id: 'pelvisPeakRotationSpeed',
      label: 'Pelvis peak rotation speed',
      definition: 'Fastest turn of the line of the hips, seen from above.',
    }),
    norm: pitchNorms.pelvisPeakRotationSpeed,
  },
  {
    ...peakSpeed('trunk', {
      id: 'trunkPeakRotationSpeed',
      label: 'Trunk peak rotation speed',
      definition: 'Fastest turn of the line of the shoulders, seen from above.',
    }),
    norm: pitchNorms.trunkPeakRotationSpeed,
  },
  {
    ...lag('pelvis', 'trunk', 'From the pelvis’ fastest turn to the trunk’s.'),
    norm: pitchNorms.pelvisToTrunkPeakLag,
  },
  peakSpeed('elbow', {
    id: 'elbowPeakExtensionSpeed',
    label: 'Elbow peak extension speed',
    definition: 'Fastest straightening of the throwing elbow.',
  }),
  lag('trunk', 'elbow', 'From the trunk’s fastest turn to the elbow’s fastest straightening.'),
  {
    id: 'kinematicSequenceInOrder',
    label: 'Kinematic sequence in order',
    unit: 'percent',
    definition: 'Of the steps from pelvis to trunk and from trunk to elbow: how many come in that order.',
    events: between,
    leastFramesPerSecond: fastRate,
    measure: (context) => {
      const lags = links.slice(1).map((link, i) => lagMilliseconds(context, links[i] as Link, link));
      if (lags.some(Number.isNaN)) return Number.NaN;
      return (100 * lags.filter((milliseconds) => milliseconds > 0).length) / lags.length;
    },
  },
];
