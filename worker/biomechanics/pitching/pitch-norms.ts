/** Reference values of pitching metrics. Norms do not carry over between systems: every one says where it comes from. */
import type { JointMotion } from '../joint-motion.ts';
import type { MetricNorm } from '../metric.ts';

const openBiomechanics = {
  source: 'OpenBiomechanics, 411 fastballs of 100 sessions, session means',
  level: 'mostly college, 84.7 ± 4.8 mph',
  method: 'markers, 360 Hz',
} as const;

/** Differences between ours and the laboratory's definition, from three pitches of which the joint centres are known. */
const girdle =
  'measured from the joint centres of the shoulders, which the throwing arm draws back with it: about 24 degrees more than the laboratory’s trunk segment shows';

const ribcage = 'the laboratory’s trunk is the ribcage, yet its pelvis and its arm are segments that markers define';

/**
 * Offsets instead of the norms' own where the motion shows the ribcage itself, as the laboratory's does: from the same
 * three pitches.
 */
const ribcageOffsets: Readonly<Record<string, number>> = {
  shoulderAbductionAtFootContact: -2,
  shoulderExternalRotationAtFootContact: 8,
  shoulderHorizontalAbductionAtFootContact: -5,
  maximumShoulderExternalRotation: 3,
  maximumHipShoulderSeparation: 8,
};

/** The norm of a metric as it is to be held against this motion. */
export function normFor(
  { id, norm }: { readonly id: string; readonly norm?: MetricNorm },
  motion: JointMotion,
): MetricNorm | undefined {
  const value = ribcageOffsets[id];
  if (norm === undefined || value === undefined || motion.joints.thorax_side === undefined) return norm;
  return { ...norm, offset: { value, reason: ribcage } };
}

export const pitchNorms = {
  strideLengthPercentHeight: { ...openBiomechanics, mean: 83.6, sd: 5.6, p10: 77, p90: 90, withinSession: 1.5 },
  shoulderAbductionAtFootContact: {
    ...{ ...openBiomechanics, mean: 87, sd: 9, p10: 75, p90: 99, withinSession: 2.1 },
    offset: { value: -6, reason: 'the trunk’s axis runs through shoulders and hips here, along the chest there' },
  },
  shoulderExternalRotationAtFootContact: {
    ...{ ...openBiomechanics, mean: 48, sd: 20, p10: 22, p90: 71, withinSession: 7.6 },
    offset: { value: 6, reason: 'turned about the trunk’s axis through shoulders and hips' },
  },
  shoulderHorizontalAbductionAtFootContact: {
    ...{ ...openBiomechanics, mean: 42, sd: 13, p10: 25, p90: 57, withinSession: 2.6 },
    offset: { value: -25, reason: girdle.replace('more', 'less') },
  },
  elbowFlexionAtFootContact: { ...openBiomechanics, mean: 103, sd: 16, p10: 83, p90: 123, withinSession: 2.3 },
  maximumElbowFlexion: { ...openBiomechanics, mean: 118, sd: 10, p10: 105, p90: 129, withinSession: 1.5 },
  maximumShoulderExternalRotation: {
    ...{ ...openBiomechanics, mean: 169, sd: 10, p10: 155, p90: 181, withinSession: 1.5 },
    offset: { value: 12, reason: 'turned about the trunk’s axis through shoulders and hips' },
  },
  maximumHipShoulderSeparation: {
    ...{ ...openBiomechanics, mean: 32, sd: 7, p10: 24, p90: 40, withinSession: 1.3 },
    offset: { value: 24, reason: girdle },
  },
  trunkForwardTiltAtRelease: { ...openBiomechanics, mean: 35, sd: 10, p10: 21, p90: 48, withinSession: 1.6 },
  trunkLateralTiltAtRelease: { ...openBiomechanics, mean: 17, sd: 9, p10: 5, p90: 28, withinSession: 1.7 },
  leadKneeExtensionToRelease: { ...openBiomechanics, mean: 11, sd: 11, p10: -2, p90: 24, withinSession: 3.6 },
  pelvisPeakRotationSpeed: { ...openBiomechanics, mean: 748, sd: 91, p10: 639, p90: 861, withinSession: 30 },
  trunkPeakRotationSpeed: { ...openBiomechanics, mean: 1053, sd: 85, p10: 965, p90: 1161, withinSession: 22 },
  pelvisToTrunkPeakLag: { ...openBiomechanics, mean: 13, sd: 19 },
  armSlot: { ...openBiomechanics, mean: 42, sd: 7, p10: 34, p90: 52, withinSession: 2.1 },
} as const satisfies Readonly<Record<string, MetricNorm>>;
