/** How one athlete throws: values drawn from published spreads. */
import { createRandom } from '../../../../worker/biomechanics/random.ts';
import type { PitchMeasures } from './pitch-measures.ts';

export interface PitchStyle {
  /** What the motion will measure. */
  readonly values: PitchMeasures;
  /** Seconds. */
  readonly intervals: {
    readonly firstMovementToPeakKnee: number;
    readonly peakKneeToContact: number;
    readonly plantToMaximumExternalRotation: number;
    readonly maximumExternalRotationToRelease: number;
    readonly releaseToMaximumInternalRotation: number;
    /** By which the trunk's fastest turn follows the pelvis's. */
    readonly lag: number;
  };
  /** Height of the lifted foot against a full leg kick. */
  readonly kneeLift: number;
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

const spread = (mean: number, deviation: number): Spread => ({ mean, deviation });

/**
 * Session means of 100 sessions, 411 fastballs, mostly college (Driveline OpenBiomechanics, as summarised in the project's
 * reference values); knee flexion at plant after Fleisig 1999 (unverified).
 */
export const pitchSpreads: Readonly<Record<keyof PitchMeasures, Spread>> = {
  strideLength: spread(83.6, 5.6),
  abductionAtPlant: spread(87, 9),
  horizontalAbductionAtPlant: spread(42, 13),
  externalRotationAtPlant: spread(48, 20),
  elbowFlexionAtPlant: spread(103, 16),
  maximumElbowFlexion: spread(118, 10),
  maximumExternalRotation: spread(169, 10),
  maximumSeparation: spread(32, 7),
  forwardTilt: spread(35, 10),
  lateralTilt: spread(17, 9),
  kneeFlexionAtPlant: spread(46, 7),
  kneeExtension: spread(11, 11),
  pelvisSpeed: spread(748, 91),
  trunkSpeed: spread(1053, 85),
  armSlot: spread(42, 7),
};

/** A throw from standing has no published table: shorter, more upright and slower than a pitch, by our own judgement. */
export const throwSpreads: Readonly<Record<keyof PitchMeasures, Spread>> = {
  ...pitchSpreads,
  strideLength: spread(58, 6),
  maximumExternalRotation: spread(158, 10),
  maximumSeparation: spread(26, 6),
  forwardTilt: spread(22, 8),
  lateralTilt: spread(12, 7),
  kneeFlexionAtPlant: spread(45, 5),
  kneeExtension: spread(8, 7),
  pelvisSpeed: spread(600, 80),
  trunkSpeed: spread(850, 90),
};

/** Correlations of the draws: a value follows an earlier one. Signs from the mechanics, sizes moderate by judgement. */
const follows: Readonly<Partial<Record<keyof PitchMeasures, readonly [keyof PitchMeasures, number]>>> = {
  maximumExternalRotation: ['externalRotationAtPlant', 0.3],
  maximumElbowFlexion: ['elbowFlexionAtPlant', 0.6],
  armSlot: ['forwardTilt', -0.65],
  pelvisSpeed: ['strideLength', 0.3],
  trunkSpeed: ['pelvisSpeed', 0.4],
  kneeExtension: ['kneeFlexionAtPlant', 0.3],
};

export function drawPitchStyle(seed: number, kind: 'pitch' | 'throw'): PitchStyle {
  const random = createRandom(seed * 40503 + 271);
  const spreads = kind === 'pitch' ? pitchSpreads : throwSpreads;
  const deviates = {} as Record<keyof PitchMeasures, number>;
  for (const name of Object.keys(spreads) as (keyof PitchMeasures)[]) {
    const [other, correlation] = follows[name] ?? [undefined, 0];
    const own = normalDeviate(random);
    deviates[name] = other ? correlation * deviates[other] + Math.sqrt(1 - correlation ** 2) * own : own;
  }
  const values = {} as Record<keyof PitchMeasures, number>;
  for (const name of Object.keys(spreads) as (keyof PitchMeasures)[]) {
    values[name] = spreads[name].mean + spreads[name].deviation * Math.max(-2, Math.min(2, deviates[name]));
  }
  const about = (mean: number, deviation: number): number => mean + deviation * normalDeviate(random);
  const slow = kind === 'pitch' ? 1 : 0.8;
  return {
    // The elbow bends most after foot plant, never less than at it.
    values: { ...values, maximumElbowFlexion: Math.max(values.maximumElbowFlexion, values.elbowFlexionAtPlant + 2) },
    intervals: {
      firstMovementToPeakKnee: about(0.58, 0.07) * slow,
      peakKneeToContact: about(0.63, 0.06) * slow,
      plantToMaximumExternalRotation: about(0.118, 0.008),
      maximumExternalRotationToRelease: about(0.031, 0.0015),
      releaseToMaximumInternalRotation: about(0.042, 0.003),
      lag: Math.max(0, about(0.013, 0.012)),
    },
    kneeLift: kind === 'pitch' ? about(0.97, 0.06) : about(0.34, 0.05),
  };
}

/** Normal within two and a half standard deviations. */
function normalDeviate(random: () => number): number {
  for (;;) {
    const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    if (Math.abs(value) <= 2.5) return value;
  }
}
