/**
 * One right-handed pitch as key values: seconds from the start of the clip, then degrees, or metres for an athlete of
 * `referenceHeightMetres`. Values lie inside the spreads of published pitching data (fastballs, college level).
 */
import type { Keys } from './curve.ts';

export const referenceHeightMetres = 1.86;

export const pitchTimes = {
  firstMovement: 0.3,
  peakKneeHeight: 0.85,
  handBreak: 1.05,
  footContact: 1.52,
  footPlant: 1.55,
  maximumExternalRotation: 1.666,
  ballRelease: 1.697,
  maximumInternalRotation: 1.74,
} as const;

/** x, y, height above the level of the rubber; yaw, forward, left. */
export const pelvisKeys: Keys = [
  [0.0, 0.16, 0.02, 0.945, -88, 4, 0],
  [0.3, 0.16, 0.02, 0.945, -88, 4, 0],
  [0.55, 0.07, 0.02, 0.95, -92, 2, -2],
  [0.85, 0.03, 0.02, 0.95, -101, -6, -5],
  [1.05, 0.12, 0.0, 0.9, -102, 2, -2],
  [1.3, 0.52, -0.02, 0.79, -88, 8, 2],
  [1.45, 0.8, -0.03, 0.715, -62, 10, 2],
  [1.52, 0.9, -0.03, 0.69, -42, 10, 1],
  [1.6, 0.99, -0.03, 0.68, -4, 13, 1],
  [1.666, 1.05, -0.03, 0.685, 6, 18, 3],
  [1.697, 1.09, -0.03, 0.695, 9, 24, 4],
  [1.74, 1.14, -0.03, 0.715, 15, 31, 4],
  [1.87, 1.26, -0.02, 0.765, 26, 42, 3],
  [2.08, 1.36, -0.04, 0.8, 30, 44, 1],
  [2.4, 1.38, -0.12, 0.765, 10, 30, 0],
  [2.8, 1.36, -0.16, 0.77, -4, 22, 0],
];

/** yaw, forward, left. */
export const thoraxKeys: Keys = [
  [0.0, -88, 5, 0],
  [0.3, -88, 5, 0],
  [0.55, -94, 7, 0],
  [0.85, -105, 10, -3],
  [1.05, -104, 9, -7],
  [1.3, -99, 5, -13],
  [1.52, -84, 0, -9],
  [1.57, -64, 1, -1],
  [1.62, -22, 6, 10],
  [1.666, 0, 19, 17],
  [1.697, 15, 33, 18],
  [1.74, 28, 46, 17],
  [1.87, 46, 63, 12],
  [2.08, 54, 66, 6],
  [2.4, 26, 48, 2],
  [2.8, 4, 30, 0],
];

/** yaw, forward, left. */
export const headKeys: Keys = [
  [0.0, -18, 3, 0],
  [0.3, -18, 3, 0],
  [0.85, -26, 6, 0],
  [1.05, -22, 4, -3],
  [1.3, -16, 2, -5],
  [1.52, -10, 2, -3],
  [1.62, -3, 8, 9],
  [1.697, 3, 20, 15],
  [1.76, 8, 28, 15],
  [1.92, 12, 30, 9],
  [2.1, 10, 26, 4],
  [2.4, 4, 16, 1],
  [2.8, 0, 10, 0],
];

/** abduction, horizontal abduction, external rotation, elbow flexion, pronation, wrist flexion. After the hands part. */
export const throwingArmKeys: Keys = [
  [1.12, 34, -30, 22, 84, 40, 0],
  [1.24, 34, 4, -12, 44, 62, 4],
  [1.36, 62, 30, -22, 46, 78, 6],
  [1.46, 83, 39, 14, 80, 78, -4],
  [1.52, 88, 42, 44, 97, 70, -14],
  [1.55, 89, 41, 62, 104, 60, -22],
  [1.61, 92, 24, 128, 110, 40, -38],
  [1.666, 93, -4, 170, 84, 18, -48],
  [1.697, 94, -9, 118, 24, 34, -4],
  [1.74, 95, -26, 26, 22, 74, 24],
  [1.8, 86, -56, 6, 22, 82, 28],
  [1.9, 72, -78, 0, 26, 80, 22],
  [2.1, 62, -76, -2, 34, 70, 14],
  [2.4, 42, -44, 8, 60, 50, 6],
  [2.8, 28, -18, 14, 84, 34, 0],
];

/** As `throwingArmKeys`. */
export const gloveArmKeys: Keys = [
  [1.12, 40, -44, 20, 84, 20, 0],
  [1.24, 62, -28, 4, 58, 40, 0],
  [1.36, 82, -8, -4, 34, 50, 0],
  [1.46, 86, -6, 0, 34, 44, 0],
  [1.53, 80, -12, 8, 56, 30, 0],
  [1.6, 62, -16, 22, 92, 10, 0],
  [1.666, 46, -6, 26, 116, 0, 0],
  [1.74, 36, 12, 28, 118, 0, 0],
  [1.9, 38, 18, 26, 108, 6, 0],
  [2.1, 46, 8, 20, 92, 14, 0],
  [2.4, 40, -10, 14, 84, 24, 0],
  [2.8, 30, -22, 12, 82, 30, 0],
];

/** x, y, height of the ball of the foot above the ground; yaw, pitch. */
export const pivotFootKeys: Keys = [
  [0.0, 0.0, -0.13, 0.01, -90, 0],
  [1.12, 0.0, -0.13, 0.01, -90, 0],
  [1.3, 0.0, -0.13, 0.01, -84, 12],
  [1.45, 0.03, -0.13, 0.01, -66, 36],
  [1.55, 0.12, -0.12, 0.012, -46, 56],
  [1.62, 0.2, -0.12, 0.014, -32, 68],
  [1.697, 0.3, -0.12, 0.02, -20, 78],
  [1.78, 0.4, -0.14, 0.12, -12, 96],
  [1.9, 0.52, -0.2, 0.46, -4, 112],
  [2.06, 0.72, -0.36, 0.5, -2, 98],
  [2.22, 1.0, -0.46, 0.29, -4, 52],
  [2.4, 1.22, -0.5, 0.03, -8, 6],
  [2.44, 1.24, -0.5, 0.01, -8, 0],
  [2.9, 1.24, -0.5, 0.01, -8, 0],
];

/** As `pivotFootKeys`. */
export const leadFootKeys: Keys = [
  [0.0, 0.33, -0.13, 0.01, -90, 0],
  [0.3, 0.33, -0.13, 0.01, -90, 0],
  [0.42, 0.32, -0.15, 0.05, -90, 16],
  [0.6, 0.2, -0.34, 0.36, -94, 30],
  [0.85, 0.09, -0.48, 0.66, -98, 26],
  [1.05, 0.32, -0.38, 0.4, -96, 20],
  [1.2, 0.74, -0.26, 0.16, -90, 6],
  [1.36, 1.24, -0.14, 0.1, -66, -10],
  [1.46, 1.5, -0.06, 0.085, -36, -18],
  [1.52, 1.6, -0.04, 0.06, -16, -18],
  [1.55, 1.62, -0.04, 0.01, -12, 0],
  [2.9, 1.62, -0.04, 0.01, -12, 0],
];

/** The turn of pelvis or thorax towards the target as a smooth step in yaw: a bell-shaped speed, fastest at `atSeconds`. */
export interface Turn {
  readonly degrees: number;
  readonly atSeconds: number;
  /** Standard deviation of the bell. */
  readonly spreadSeconds: number;
}

/** A whole throw as data; keys as above. */
export interface PitchScript {
  readonly durationSeconds: number;
  readonly events: Readonly<Record<keyof typeof pitchTimes, number>>;
  readonly pelvis: Keys;
  readonly thorax: Keys;
  /** Added to the yaw of the keys. */
  readonly pelvisTurn?: Turn;
  readonly thoraxTurn?: Turn;
  readonly head: Keys;
  readonly throwingArm: Keys;
  readonly gloveArm: Keys;
  readonly pivotFoot: Keys;
  readonly leadFoot: Keys;
  /** Both hands before the chest: seconds, metres forward and up from the shoulders. */
  readonly hands: Keys;
}

export const handsKeys: Keys = [
  [0, 0.29, -0.2],
  [0.3, 0.29, -0.2],
  [0.78, 0.28, -0.02],
  [0.98, 0.29, -0.1],
];

export const samplePitchScript: PitchScript = {
  durationSeconds: 3,
  events: pitchTimes,
  pelvis: pelvisKeys,
  thorax: thoraxKeys,
  head: headKeys,
  throwingArm: throwingArmKeys,
  gloveArm: gloveArmKeys,
  pivotFoot: pivotFootKeys,
  leadFoot: leadFootKeys,
  hands: handsKeys,
};
