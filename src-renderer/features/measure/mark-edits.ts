/** What a coach does to repetitions and their moments, as new lists of marks. Seconds on the clip's own clock. */
import type { RepetitionMark } from '../../../worker/protocol/marks.ts';

export type Marks = readonly RepetitionMark[];
export type StretchEnd = 'from' | 'to';

/** A shorter repetition cannot be measured. */
export const leastStretchSeconds = 0.1;

/** A moment put where the coach says, kept inside its repetition. */
export function withEvent(marks: Marks, at: { index: number; event: string; timeSeconds: number }): Marks {
  return changed(marks, at.index, (mark) => {
    const timeSeconds = Math.min(mark.toSeconds, Math.max(mark.fromSeconds, at.timeSeconds));
    return { ...mark, events: { ...mark.events, [at.event]: timeSeconds } };
  });
}

/** A moment back where it is found. */
export function withoutEvent(marks: Marks, at: { index: number; event: string }): Marks {
  return changed(marks, at.index, (mark) => withEvents(mark, ([id]) => id !== at.event));
}

/**
 * One end of a repetition moved: neither past its other end, nor into its neighbours, nor out of the clip. Moments that
 * were set outside of what remains are found again.
 */
export function trimmed(
  marks: Marks,
  at: { index: number; end: StretchEnd; timeSeconds: number; clipSeconds: number },
): Marks {
  const { index, end, clipSeconds } = at;
  return changed(marks, index, (mark) => {
    const { fromSeconds, toSeconds } = mark;
    const [least, most] =
      end === 'from'
        ? [marks[index - 1]?.toSeconds ?? 0, toSeconds - leastStretchSeconds]
        : [fromSeconds + leastStretchSeconds, marks[index + 1]?.fromSeconds ?? clipSeconds];
    const timeSeconds = Math.min(most, Math.max(least, at.timeSeconds));
    return within(
      mark,
      end === 'from' ? { fromSeconds: timeSeconds, toSeconds } : { fromSeconds, toSeconds: timeSeconds },
    );
  });
}

/** The repetition around a time becomes two; undefined where there is none, or a part would be too short. */
export function split(marks: Marks, timeSeconds: number): Marks | undefined {
  const index = marks.findIndex(
    ({ fromSeconds, toSeconds }) =>
      timeSeconds - fromSeconds >= leastStretchSeconds && toSeconds - timeSeconds >= leastStretchSeconds,
  );
  const mark = marks[index];
  if (mark === undefined) return undefined;
  const parts = [
    within(mark, { fromSeconds: mark.fromSeconds, toSeconds: timeSeconds }),
    within(mark, { fromSeconds: timeSeconds, toSeconds: mark.toSeconds }),
  ];
  return marks.toSpliced(index, 1, ...parts);
}

/** A repetition and the next one become one, with the moments of the first where both have set the same. */
export function mergedWithNext(marks: Marks, index: number): Marks {
  const [first, second] = [marks[index], marks[index + 1]];
  if (first === undefined || second === undefined) return marks;
  const merged = {
    ...{ fromSeconds: first.fromSeconds, toSeconds: second.toSeconds },
    events: { ...second.events, ...first.events },
  };
  return marks.toSpliced(
    index,
    2,
    withEvents(merged, () => true),
  );
}

export function removed(marks: Marks, index: number): Marks {
  return marks.toSpliced(index, 1);
}

function changed(marks: Marks, index: number, change: (mark: RepetitionMark) => RepetitionMark): Marks {
  return marks.map((mark, other) => (other === index ? change(mark) : mark));
}

function within(mark: RepetitionMark, stretch: { fromSeconds: number; toSeconds: number }): RepetitionMark {
  const { fromSeconds, toSeconds } = stretch;
  return withEvents({ ...mark, ...stretch }, ([, time]) => time >= fromSeconds && time <= toSeconds);
}

/** `events` is absent where none is set. */
function withEvents(mark: RepetitionMark, keep: (event: [id: string, timeSeconds: number]) => boolean): RepetitionMark {
  const { events = {}, ...stretch } = mark;
  const kept = Object.entries(events).filter(keep);
  return kept.length === 0 ? stretch : { ...stretch, events: Object.fromEntries(kept) };
}
