import type { JointMotion } from '../../../../worker/biomechanics/joint-motion.ts';
import type { MeasuredRepetition } from '../../../../worker/biomechanics/profile.ts';
import { createRig } from '../../../accuracy/athlete/body/rig.ts';
import { stand } from '../../../accuracy/athlete/body/stand.ts';
import { groundHeight } from '../../../accuracy/athlete/motion/mound.ts';
import { drawPitchStyle } from '../../../accuracy/athlete/motion/pitch-style.ts';
import { styledPitch } from '../../../accuracy/athlete/motion/styled-pitch.ts';
import { drawnHeightMetres, drawnPitch, drawnTimes } from '../pitching/drawn-pitch.ts';

const parts = ['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'] as const;

/** The sample's pitch as a repetition, with the moments that it was made with; no metrics. */
export function drawnRepetition(framesPerSecond = 100): MeasuredRepetition {
  return repetitionOf(drawnPitch({ framesPerSecond }), drawnTimes);
}

/** Another pitcher's. */
export function styledRepetition(seed: number, framesPerSecond = 100): MeasuredRepetition {
  const rig = createRig({ heightMetres: drawnHeightMetres, build: 1 });
  const pitch = styledPitch(rig, drawPitchStyle(seed, 'pitch'), groundHeight);
  const like = drawnPitch({ framesPerSecond, toSeconds: pitch.durationSeconds - 0.05 });
  const bodies = Array.from(like.timesSeconds, (time) => stand(rig, pitch.posture(time)));
  const joints = Object.fromEntries(
    (['left', 'right'] as const).flatMap((side) =>
      parts.map((part) => [`${side}_${part}`, Float64Array.from(bodies.flatMap((body) => [...body[side][part]]))]),
    ),
  );
  return repetitionOf({ ...like, joints }, pitch.events);
}

export interface DrawnEvents
  extends Readonly<
    Record<'firstMovement' | 'peakKneeHeight' | 'footContact' | 'maximumExternalRotation' | 'ballRelease', number>
  > {
  readonly maximumInternalRotation: number;
}

function repetitionOf(motion: JointMotion, times: DrawnEvents): MeasuredRepetition {
  const { firstMovement, peakKneeHeight, footContact, maximumExternalRotation, ballRelease } = times;
  const events = {
    ...{ firstMovement, peakKneeHeight, footContact, maximumExternalRotation, release: ballRelease },
    maximumInternalRotation: times.maximumInternalRotation,
  };
  return {
    ...{ hand: 'right', heightMetres: drawnHeightMetres, metrics: [], motion },
    ...{ fromSeconds: Number(motion.timesSeconds[0]), toSeconds: Number(motion.timesSeconds.at(-1)) },
    events: Object.fromEntries(
      Object.entries(events).map(([id, timeSeconds]) => [id, { timeSeconds, uncertaintySeconds: 0.002 }]),
    ),
  };
}

/** The same repetition with its joints moved, and without knowing where the throw goes. */
export function withMotion(repetition: MeasuredRepetition, motion: JointMotion): MeasuredRepetition {
  const { towardsTarget: _, ...blind } = motion;
  return { ...repetition, motion: blind };
}

/** On a clock that is a function of its own. */
export function onClock(repetition: MeasuredRepetition, clock: (seconds: number) => number): MeasuredRepetition {
  return {
    ...repetition,
    ...{ fromSeconds: clock(repetition.fromSeconds), toSeconds: clock(repetition.toSeconds) },
    motion: { ...repetition.motion, timesSeconds: repetition.motion.timesSeconds.map(clock) },
    events: Object.fromEntries(
      Object.entries(repetition.events).map(([id, event]) => [id, { ...event, timeSeconds: clock(event.timeSeconds) }]),
    ),
  };
}

/** A turn about the vertical, then a shift. */
export function turned(degrees: number): (point: readonly [number, number, number]) => readonly number[] {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return ([x, y, z]) => [c * x - s * y + 3, s * x + c * y - 2, z];
}
