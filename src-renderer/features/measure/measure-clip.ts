/** From the motion of an analysis and what a coach says of the clip to its repetitions, measured. Pure; runs in the window. */

import { clipSecondsForOne, toFilmedTime } from '../../../worker/biomechanics/filmed-time.ts';
import type { JointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import { type KnownErrors, uncertaintyOf } from '../../../worker/biomechanics/known-errors.ts';
import type { MetricValue } from '../../../worker/biomechanics/metric.ts';
import type { MeasuredRepetition, TimedEvent as ProfileTime, Stretch } from '../../../worker/biomechanics/profile.ts';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import type { ClipMarks, ProfileId, RepetitionMark } from '../../../worker/protocol/marks.ts';

/** All that repetitions are measured from; plain data, so that a worker can have it. */
export interface ClipMotion {
  /** On the clip's own clock. */
  readonly motion: JointMotion;
  readonly errors: KnownErrors;
  /** Of the clip as it is stored. */
  readonly framesPerSecond: number;
}

export interface ClipEvent extends ProfileTime {
  /** By a person's hand. */
  readonly isSet: boolean;
}

/** A repetition on the clip's own clock. */
export interface ClipRepetition extends Stretch {
  /** By id; what was not found is absent. */
  readonly events: Readonly<Record<string, ClipEvent>>;
  /** On the clock of the real motion, which runs faster where the clip is slow motion; absent where nothing is seen. */
  readonly measured: MeasuredRepetition | undefined;
}

/** The kind of motion said out; of the protocol only types come in here, so that a worker need not load its schemas. */
export type ProfiledMarks = ClipMarks & { readonly profile: ProfileId };

/**
 * Every repetition: those of the marks, else those that are found. `draws`: how often it is measured again for the
 * intervals; 0: values alone. Throws FrameOrderError.
 */
export function measureClip(clip: ClipMotion, marks: ProfiledMarks, draws?: number): readonly ClipRepetition[] {
  const slowness = slownessOf(clip, marks);
  const wanted = marks.repetitions;
  if (wanted?.length === 0) return [];
  const measured = profiles[marks.profile].measure({
    motion: toFilmedTime(clip.motion, slowness),
    uncertainty: uncertaintyOf(clip.errors),
    ...{ hand: marks.hand, heightMetres: marks.heightMetres },
    repetitions: wanted?.map((mark) => scaled(mark, 1 / slowness)),
    ...(draws === undefined ? {} : { draws }),
  });
  if (wanted === undefined) return measured.map((repetition) => onClipClock(repetition, slowness, undefined));
  return wanted.map((mark, i) => {
    const repetition = measured.length === wanted.length ? measured[i] : measured.find(isOf(mark, slowness));
    if (repetition !== undefined) return { ...onClipClock(repetition, slowness, mark), ...stretchOnly(mark) };
    return { ...stretchOnly(mark), events: setEvents(mark), measured: undefined };
  });
}

/** The marks that say just what is shown: where a coach's changes begin. */
export function marksOf(repetitions: readonly ClipRepetition[]): readonly RepetitionMark[] {
  return repetitions.map((repetition) => {
    const set = Object.entries(repetition.events).filter(([, { isSet }]) => isSet);
    return {
      ...stretchOnly(repetition),
      ...(set.length > 0 && { events: Object.fromEntries(set.map(([id, { timeSeconds }]) => [id, timeSeconds])) }),
    };
  });
}

/** What drawing anew adds to a repetition: the rest stays as it is. Plain data. */
export interface Intervals {
  readonly events: Readonly<Record<string, ClipEvent>>;
  /** In the order of the profile's metrics. */
  readonly values: readonly MetricValue[];
}

export function intervalsOf({ events, measured }: ClipRepetition): Intervals {
  return { events, values: measured?.metrics.map(({ value }) => value) ?? [] };
}

export function withIntervals(repetition: ClipRepetition, { events, values }: Intervals): ClipRepetition {
  const { measured } = repetition;
  if (measured === undefined) return { ...repetition, events };
  const metrics = measured.metrics.map((metric, i) => ({ ...metric, value: values[i] ?? metric.value }));
  return { ...repetition, events, measured: { ...measured, metrics } };
}

/** New values with the intervals that were known before the change, moved along: until they are drawn anew. */
export function withEarlierIntervals(fresh: ClipRepetition, before: ClipRepetition | undefined): ClipRepetition {
  const events = Object.entries(fresh.events).map(([id, event]): [string, ClipEvent] => [
    id,
    { ...event, uncertaintySeconds: event.isSet ? 0 : (before?.events[id]?.uncertaintySeconds ?? 0) },
  ]);
  const values = fresh.measured?.metrics.map(({ value }, i): MetricValue => {
    const earlier = before?.measured?.metrics[i]?.value;
    if (!('value' in value)) return value;
    if (earlier === undefined || !('value' in earlier) || earlier.interval === undefined) return { value: value.value };
    const moved = value.value - earlier.value;
    return { value: value.value, interval: [earlier.interval[0] + moved, earlier.interval[1] + moved] };
  });
  return withIntervals(fresh, { events: Object.fromEntries(events), values: values ?? [] });
}

function slownessOf({ framesPerSecond }: ClipMotion, { filmedFramesPerSecond }: ClipMarks): number {
  return clipSecondsForOne({ storedFramesPerSecond: framesPerSecond, filmedFramesPerSecond });
}

function scaled({ fromSeconds, toSeconds, events }: RepetitionMark, factor: number) {
  return {
    ...{ fromSeconds: fromSeconds * factor, toSeconds: toSeconds * factor },
    ...(events && { events: Object.fromEntries(Object.entries(events).map(([id, time]) => [id, time * factor])) }),
  };
}

function onClipClock(measured: MeasuredRepetition, slowness: number, mark: RepetitionMark | undefined): ClipRepetition {
  const events = Object.entries(measured.events).map(([id, event]): [string, ClipEvent] => {
    const isSet = mark?.events?.[id] !== undefined;
    const { timeSeconds, uncertaintySeconds } = event;
    return [id, { timeSeconds: timeSeconds * slowness, uncertaintySeconds: uncertaintySeconds * slowness, isSet }];
  });
  return {
    ...{ fromSeconds: measured.fromSeconds * slowness, toSeconds: measured.toSeconds * slowness },
    ...{ events: Object.fromEntries(events), measured },
  };
}

function setEvents({ events = {} }: RepetitionMark): Readonly<Record<string, ClipEvent>> {
  return Object.fromEntries(
    Object.entries(events).map(([id, timeSeconds]) => [id, { timeSeconds, uncertaintySeconds: 0, isSet: true }]),
  );
}

const stretchOnly = ({ fromSeconds, toSeconds }: Stretch): Stretch => ({ fromSeconds, toSeconds });

const isOf =
  (mark: Stretch, slowness: number) =>
  ({ fromSeconds, toSeconds }: Stretch): boolean =>
    Math.abs(fromSeconds * slowness - mark.fromSeconds) < 1e-6 &&
    Math.abs(toSeconds * slowness - mark.toSeconds) < 1e-6;
