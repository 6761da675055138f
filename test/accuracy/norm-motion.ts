/**
 * The norm's mean motion: a pitch by the project's own generator that measures what the published means say. Nothing of
 * any laboratory's recordings is in it.
 */
import type { JointMotion, JointName } from '../../worker/biomechanics/joint-motion.ts';
import { jointNames } from '../../worker/biomechanics/joint-motion.ts';
import { boneDirections, boneLengths } from '../../worker/biomechanics/shadow/body-tree.ts';
import { createRig } from './athlete/body/rig.ts';
import { stand } from './athlete/body/stand.ts';
import { groundHeight } from './athlete/motion/mound.ts';
import { drawPitchStyle, type PitchStyle, pitchSpreads } from './athlete/motion/pitch-style.ts';
import { styledPitch } from './athlete/motion/styled-pitch.ts';
import { truthPoints } from './athlete/scene/truth.ts';

/** Of the drawn styles whose intervals between events are averaged. */
const styles = 200;
const body = { heightMetres: 1.86, build: 1 } as const;
/** Samples of each phase, in the order of time; the last one's end closes the motion. */
const phaseSamples = [4, 10, 16, 12, 6, 6, 8] as const;
const secondsBefore = 0.25;
const secondsAfter = 0.45;

export interface NormMotion {
  readonly motion: JointMotion;
  readonly events: Readonly<Record<string, number>>;
  readonly heightMetres: number;
}

export function makeNormMotion(): NormMotion {
  const rig = createRig(body);
  const pitch = styledPitch(rig, meanStyle(), groundHeight);
  const { firstMovement, peakKneeHeight, footContact, ballRelease, ...arm } = pitch.events;
  const events = {
    ...{ firstMovement, peakKneeHeight, footContact },
    maximumExternalRotation: arm.maximumExternalRotation,
    release: ballRelease,
    maximumInternalRotation: arm.maximumInternalRotation,
  };
  const moments = Object.values(events);
  const bounds = [
    Math.max(0, firstMovement - secondsBefore),
    ...moments,
    Math.min(pitch.durationSeconds, arm.maximumInternalRotation + secondsAfter),
  ];
  const times = phaseSamples.flatMap((samples, phase) => {
    const [from, to] = [bounds[phase] as number, bounds[phase + 1] as number];
    return Array.from({ length: samples }, (_, i) => from + (i / samples) * (to - from));
  });
  const timesSeconds = Float64Array.from([...times, bounds.at(-1) as number], (time) => rounded(time, 4));
  const joints: Partial<Record<JointName, Float64Array>> = {};
  timesSeconds.forEach((time, frame) => {
    const points = truthPoints(rig, stand(rig, pitch.posture(time)), ['left', 'right']);
    for (const [name, point] of Object.entries(points)) {
      if (!(jointNames as readonly string[]).includes(name)) continue;
      joints[name as JointName] ??= new Float64Array(timesSeconds.length * 3);
      joints[name as JointName]?.set(point, frame * 3);
    }
  });
  return {
    motion: { timesSeconds, joints, isGrounded: true, towardsTarget: [1, 0, 0] },
    events: Object.fromEntries(Object.entries(events).map(([id, time]) => [id, rounded(time, 4)])),
    heightMetres: body.heightMetres,
  };
}

/** The data module's text. */
export function normMotionSource({ motion, events, heightMetres }: NormMotion): string {
  const directions = Object.entries(boneDirections(motion)).map(
    ([bone, values]) => `    ${bone}:\n      '${Array.from(values, (value) => Math.round(value * 1000)).join(' ')}',`,
  );
  const lengths = Object.entries(boneLengths(motion)).map(
    ([bone, length]) => `    ${bone}: ${rounded(length / heightMetres, 4)},`,
  );
  return [
    '/** Made by `node scripts/run-tool.mjs test/accuracy/write-norm-motion.ts`; see test/accuracy/norm-motion.ts. */',
    'export const normMotionData = {',
    `  heightMetres: ${heightMetres},`,
    '  /** Seconds on the clock of `tenths`. */',
    '  events: {',
    ...Object.entries(events).map(([id, time]) => `    ${id}: ${time},`),
    '  },',
    '  /** Of the samples, tenths of a millisecond. */',
    `  tenths:\n    '${Array.from(motion.timesSeconds, (time) => Math.round(time * 10_000)).join(' ')}',`,
    '  /** Of standing height. */',
    '  lengths: {',
    ...lengths,
    '  },',
    '  /** x to home plate, y to the left, z up, thousandths; sample by sample. */',
    '  directions: {',
    ...directions,
    '  },',
    '} as const;',
    '',
  ].join('\n');
}

function meanStyle(): PitchStyle {
  const drawn = Array.from({ length: styles }, (_, i) => drawPitchStyle(i + 1, 'pitch'));
  const mean = (of: (style: PitchStyle) => number): number => drawn.reduce((sum, style) => sum + of(style), 0) / styles;
  const values = Object.fromEntries(Object.entries(pitchSpreads).map(([name, spread]) => [name, spread.mean]));
  const intervals = Object.keys(drawn[0]?.intervals ?? {}) as (keyof PitchStyle['intervals'])[];
  return {
    values: values as unknown as PitchStyle['values'],
    intervals: Object.fromEntries(
      intervals.map((name) => [name, mean((style) => style.intervals[name])]),
    ) as unknown as PitchStyle['intervals'],
    kneeLift: mean(({ kneeLift }) => kneeLift),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
