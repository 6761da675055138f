/** A throw in a given style: the sample's keys, bent until the motion measures what the style says. */
import type { Rig } from '../body/rig.ts';
import type { Keys } from './curve.ts';
import type { Ground } from './mound.ts';
import {
  gloveArmKeys,
  handsKeys,
  headKeys,
  leadFootKeys,
  type PitchScript,
  pelvisKeys,
  pitchTimes,
  pivotFootKeys,
  thoraxKeys,
  throwingArmKeys,
} from './pitch-keys.ts';
import { measureEvents, measurePitch, type PitchMeasures } from './pitch-measures.ts';
import { createPitchMotion, type PitchMotion } from './pitch-motion.ts';
import type { PitchStyle } from './pitch-style.ts';

/** What is turned to aim: one number for each measure, in its own unit; 0 leaves the sample's keys as they are. */
type Dials = Readonly<Record<keyof PitchMeasures, number>>;

const rounds = 4;

/** Change of a dial for one unit of error; the others take the error itself. */
const gains: Readonly<Partial<Record<keyof PitchMeasures, number>>> = {
  // Metres that the pelvis sinks for a degree in the knee.
  kneeFlexionAtPlant: 0.0017,
  kneeExtension: -0.0017,
  armSlot: 1.2,
  maximumSeparation: 0.8,
};

/** How far a dial may go before the posture stops being one; a style that asks for more gets the most there is. */
const limits: Readonly<Partial<Record<keyof PitchMeasures, number>>> = {
  kneeFlexionAtPlant: 0.2,
  kneeExtension: 0.12,
  armSlot: 36,
  forwardTilt: 32,
  lateralTilt: 26,
  maximumSeparation: 30,
};

export function styledPitch(rig: Rig, style: PitchStyle, ground: Ground): PitchMotion {
  let dials = Object.fromEntries(Object.keys(style.values).map((name) => [name, 0])) as Dials;
  let motion = createPitchMotion(rig, scriptFor(style, dials), ground);
  for (let round = 0; round < rounds; round++) {
    const measured = measurePitch(rig, motion);
    dials = Object.fromEntries(
      (Object.keys(dials) as (keyof PitchMeasures)[]).map((name) => {
        const limit = limits[name] ?? Number.POSITIVE_INFINITY;
        const next = dials[name] + (style.values[name] - measured.values[name]) * (gains[name] ?? 1);
        return [name, Math.max(-limit, Math.min(limit, next))];
      }),
    ) as Dials;
    motion = createPitchMotion(rig, scriptFor(style, dials), ground);
  }
  return { ...motion, events: { ...motion.events, ...measureEvents(rig, motion) } };
}

/** Pelvis and thorax without their turn towards home plate, which is a smooth step of its own: [sample's time, yaw]. */
const slowPelvisYaw: Keys = [
  [0, -88],
  [0.55, -92],
  [0.85, -101],
  [1.05, -102],
  [1.3, -93],
  [1.5, -84],
  [1.74, -80],
  [1.87, -70],
  [2.08, -62],
  [2.4, -78],
  [2.8, -90],
];
const slowThoraxYaw: Keys = [
  [0, -88],
  [0.55, -94],
  [0.85, -105],
  [1.05, -104],
  [1.3, -101],
  [1.5, -97],
  [1.74, -91],
  [1.87, -72],
  [2.08, -63],
  [2.4, -90],
  [2.8, -112],
];
const pelvisTurnDegrees = 90;
const thoraxTurnDegrees = 115;
/** When the pelvis turns fastest, on the sample's clock. */
const pelvisTurnAt = 1.572;

function scriptFor(style: PitchStyle, dials: Dials): PitchScript {
  const { intervals, values } = style;
  const clock = clockFor(style);
  const stride = 1 + dials.strideLength / 86;
  const timed = (keys: Keys): Keys => keys.map(([time = 0, ...rest]) => [clock(time), ...rest]);
  const yawAt = (keys: Keys, time: number): number => linear(keys, time);
  const opened = dials.maximumSeparation;
  const peakSpeed = (name: 'pelvisSpeed' | 'trunkSpeed'): number => Math.max(200, values[name] + dials[name]);
  const bell = Math.sqrt(2 * Math.PI);
  const pelvisAt = clock(pelvisTurnAt);
  const thoraxDegrees = thoraxTurnDegrees + opened;
  return {
    durationSeconds: clock(2.9),
    events: Object.fromEntries(
      Object.entries(pitchTimes).map(([name, time]) => [name, clock(time)]),
    ) as PitchScript['events'],
    pelvis: timed(
      pelvisKeys.map(([t = 0, x = 0, y = 0, z = 0, , forward = 0, left = 0]) => [
        t,
        x * stride,
        y,
        z -
          dials.kneeFlexionAtPlant * ramp(t, 1.05, 1.45) * (1 - 0.6 * ramp(t, 1.74, 2.4)) -
          dials.kneeExtension * ramp(t, 1.56, 1.697) * (1 - 0.8 * ramp(t, 1.74, 2.4)),
        yawAt(slowPelvisYaw, t),
        forward + 0.3 * dials.forwardTilt * tilting(t),
        left + 0.25 * dials.lateralTilt * tilting(t),
      ]),
    ),
    pelvisTurn: {
      degrees: pelvisTurnDegrees,
      atSeconds: pelvisAt,
      spreadSeconds: pelvisTurnDegrees / (peakSpeed('pelvisSpeed') * bell),
    },
    thorax: timed(
      thoraxKeys.map(([t = 0, , forward = 0, left = 0]) => [
        t,
        yawAt(slowThoraxYaw, t) - opened * ramp(t, 1.05, 1.45),
        forward + 1.2 * dials.forwardTilt * tilting(t),
        left + 1.2 * dials.lateralTilt * tilting(t),
      ]),
    ),
    thoraxTurn: {
      degrees: thoraxDegrees,
      atSeconds: pelvisAt + intervals.lag,
      spreadSeconds: thoraxDegrees / (peakSpeed('trunkSpeed') * bell),
    },
    head: timed(headKeys),
    throwingArm: timed(throwingArmKeys.map((row) => throwingArmRow(row, dials))),
    gloveArm: timed(gloveArmKeys),
    pivotFoot: timed(pivotFootKeys.map(([t = 0, x = 0, ...rest]) => [t, x * stride, ...rest])),
    leadFoot: timed(
      leadFootKeys.map(([t = 0, x = 0, y = 0, z = 0, ...rest]) => [
        t,
        x * stride,
        y,
        0.01 + (z - 0.01) * (t < 1.3 ? style.kneeLift : 1),
        ...rest,
      ]),
    ),
    hands: timed(handsKeys),
  };
}

/** abduction, horizontal abduction, external rotation, elbow flexion, then as they are. */
function throwingArmRow(row: readonly number[], dials: Dials): readonly number[] {
  const [t = 0, abduction = 0, horizontal = 0, rotation = 0, elbow = 0, ...rest] = row;
  const before = ramp(t, 1.24, 1.55);
  const toMaximum = ramp(t, 1.55, 1.666);
  const after = 1 - ramp(t, 1.697, 1.8);
  return [
    t,
    abduction +
      dials.abductionAtPlant * before * (1 - ramp(t, 1.57, 1.68)) +
      dials.armSlot * ramp(t, 1.57, 1.68) * (1 - ramp(t, 1.74, 2.1)),
    horizontal + dials.horizontalAbductionAtPlant * before * (1 - ramp(t, 1.57, 1.66)),
    internallyRotated(t, rotation) +
      dials.externalRotationAtPlant * ramp(t, 1.36, 1.55) * (1 - toMaximum) +
      dials.maximumExternalRotation * toMaximum * (1 - ramp(t, 1.666, 1.74)),
    elbow +
      dials.elbowFlexionAtPlant * ramp(t, 1.36, 1.54) * (1 - ramp(t, 1.55, 1.6)) +
      dials.maximumElbowFlexion * ramp(t, 1.55, 1.6) * (1 - ramp(t, 1.62, 1.69)) * after,
    ...rest,
  ];
}

/** The sample's upper arm turns in until 0.1 s after release; here it is done when the event says so. */
function internallyRotated(t: number, rotation: number): number {
  if (t < 1.73) return rotation;
  return t < 1.75 ? -4 : t < 1.85 ? 6 : rotation + 6;
}

/** How much of a change in the trunk's lean at release has come at a time, and how much of it is left. */
function tilting(t: number): number {
  return ramp(t, 1.52, 1.69) * (1 - 0.55 * ramp(t, 1.74, 2.08)) * (1 - ramp(t, 2.08, 2.8));
}

function ramp(t: number, from: number, to: number): number {
  const share = Math.max(0, Math.min(1, (t - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

function linear(keys: Keys, time: number): number {
  const next = keys.findIndex((row) => (row[0] ?? 0) >= time);
  const [t1 = 0, v1 = 0] = keys[next < 0 ? keys.length - 1 : next] ?? [];
  const [t0 = 0, v0 = 0] = keys[Math.max(0, next < 0 ? keys.length - 1 : next - 1)] ?? [];
  return t1 === t0 ? v1 : v0 + ((v1 - v0) * (time - t0)) / (t1 - t0);
}

/** From the sample's clock to the style's: events to events, evenly between. */
function clockFor({ intervals }: PitchStyle): (sampleTime: number) => number {
  const sampleTimes = [
    0,
    pitchTimes.firstMovement,
    pitchTimes.peakKneeHeight,
    pitchTimes.footContact,
    pitchTimes.footPlant,
    pitchTimes.maximumExternalRotation,
    pitchTimes.ballRelease,
    pitchTimes.maximumInternalRotation,
    2.9,
  ];
  const lengths = [
    pitchTimes.firstMovement,
    intervals.firstMovementToPeakKnee,
    intervals.peakKneeToContact,
    pitchTimes.footPlant - pitchTimes.footContact,
    intervals.plantToMaximumExternalRotation,
    intervals.maximumExternalRotationToRelease,
    intervals.releaseToMaximumInternalRotation,
    2.9 - pitchTimes.maximumInternalRotation,
  ];
  const rows: number[][] = [[0, 0]];
  for (const [index, length] of lengths.entries()) {
    rows.push([sampleTimes[index + 1] ?? 0, (rows[index]?.[1] ?? 0) + length]);
  }
  return (time) => linear(rows, Math.min(time, 2.9)) + Math.max(0, time - 2.9);
}
