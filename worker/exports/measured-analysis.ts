/** An analysis as its tables and reports show it: repetitions with their moments and metrics, by the coach's marks. */
import { clipSecondsForOne, toFilmedTime } from '../biomechanics/filmed-time.ts';
import { FrameOrderError } from '../biomechanics/frame-order.ts';
import type { JointMotion } from '../biomechanics/joint-motion.ts';
import { type KnownErrors, uncertaintyOf } from '../biomechanics/known-errors.ts';
import type { MeasuredRepetition, MotionProfile, Stretch, TimedEvent } from '../biomechanics/profile.ts';
import { profiles } from '../biomechanics/profiles.ts';
import { motionOfAnalysis } from '../motion-files/read-motion-file.ts';
import type { AnalysisContents } from '../pipeline/analysis-files.ts';
import { type ClipMarks, defaultProfile, type RepetitionMark } from '../protocol/marks.ts';

/** Times on the clip's own clock; those of `measured` on the clock of the real motion. */
export interface ExportedRepetition extends Stretch {
  readonly events: Readonly<Record<string, ExportedEvent>>;
  readonly measured: MeasuredRepetition;
}

export interface ExportedEvent extends TimedEvent {
  readonly isSetByHand: boolean;
}

export interface MeasuredAnalysis {
  readonly profile: MotionProfile;
  readonly marks: ClipMarks;
  readonly errors: KnownErrors;
  /** Of the clip for one of the real motion: more than 1 where it was filmed faster than it is stored. */
  readonly clipSecondsForOne: number;
  readonly repetitions: readonly ExportedRepetition[];
  /** Why nothing can be measured, one sentence. */
  readonly problem?: string;
}

type Contents = Pick<AnalysisContents, 'document' | 'cleaned'>;

export function slownessOf({ document }: Pick<Contents, 'document'>, { filmedFramesPerSecond }: ClipMarks): number {
  return clipSecondsForOne({ storedFramesPerSecond: document.clip.framesPerSecond, filmedFramesPerSecond });
}

/** Metres, z up, on the clock of the real motion. */
export function realMotion(contents: Contents, marks: ClipMarks): JointMotion {
  return toFilmedTime(motionOfAnalysis(contents).motion, slownessOf(contents, marks));
}

export function measureAnalysis(contents: Contents, marks: ClipMarks): MeasuredAnalysis {
  const profile = profiles[marks.profile ?? defaultProfile];
  const { errors } = motionOfAnalysis(contents);
  const slowness = slownessOf(contents, marks);
  const known = { profile, marks, errors, clipSecondsForOne: slowness };
  try {
    const measured = profile.measure({
      ...{ motion: realMotion(contents, marks), uncertainty: uncertaintyOf(errors) },
      ...{ hand: marks.hand, heightMetres: marks.heightMetres },
      repetitions: marks.repetitions?.map((mark) => onRealClock(mark, slowness)),
    });
    const repetitions = measured.map((repetition, i) => onClipClock(repetition, slowness, marks.repetitions?.[i]));
    if (repetitions.length > 0) return { ...known, repetitions };
    return { ...known, repetitions, problem: 'No repetition is seen in this clip.' };
  } catch (error) {
    if (!(error instanceof FrameOrderError)) throw error;
    return { ...known, repetitions: [], problem: error.message };
  }
}

function onRealClock({ fromSeconds, toSeconds, events = {} }: RepetitionMark, slowness: number) {
  return {
    ...{ fromSeconds: fromSeconds / slowness, toSeconds: toSeconds / slowness },
    events: Object.fromEntries(Object.entries(events).map(([id, time]) => [id, time / slowness])),
  };
}

function onClipClock(
  measured: MeasuredRepetition,
  slowness: number,
  mark: RepetitionMark | undefined,
): ExportedRepetition {
  const events = Object.entries(measured.events).map(([id, event]): [string, ExportedEvent] => [
    id,
    {
      timeSeconds: event.timeSeconds * slowness,
      uncertaintySeconds: event.uncertaintySeconds * slowness,
      isSetByHand: mark?.events?.[id] !== undefined,
    },
  ]);
  return {
    ...{ fromSeconds: measured.fromSeconds * slowness, toSeconds: measured.toSeconds * slowness },
    ...{ events: Object.fromEntries(events), measured },
  };
}

/** The frame that shows a moment of the clip best. */
export function frameAt(timesSeconds: Float64Array, timeSeconds: number): number {
  let nearest = 0;
  timesSeconds.forEach((time, frame) => {
    if (Math.abs(time - timeSeconds) < Math.abs((timesSeconds[nearest] ?? 0) - timeSeconds)) nearest = frame;
  });
  return nearest;
}
