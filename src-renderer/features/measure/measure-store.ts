import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import { FrameOrderError } from '../../../worker/biomechanics/frame-order.ts';
import type { SlowMotionGuess } from '../../../worker/biomechanics/slow-motion.ts';
import { type ClipMarks, defaultProfile } from '../../../worker/protocol/marks.ts';
import type { Report } from '../notices/notices-store.ts';
import { createIntervalThread, type DrawIntervals } from './draw-intervals.ts';
import {
  type Marks,
  mergedWithNext,
  removed,
  type StretchEnd,
  split,
  trimmed,
  withEvent,
  withoutEvent,
} from './mark-edits.ts';
import {
  type ClipMotion,
  type ClipRepetition,
  marksOf,
  measureClip,
  type ProfiledMarks,
  withEarlierIntervals,
  withIntervals,
} from './measure-clip.ts';
import { measurePart } from './measure-part.ts';

export interface MeasuredSource extends ClipMotion {
  readonly clipSha256: string;
  readonly marks: ClipMarks;
}

/** Seconds are the clip's own. */
export interface MeasureState {
  readonly source: MeasuredSource | undefined;
  /** What the coach has said, with what is being dragged. */
  readonly marks: ClipMarks;
  readonly repetitions: readonly ClipRepetition[];
  /** Index of the repetition that flags and metrics are of. */
  readonly chosen: number;
  /** Id of the metric whose definition is open. */
  readonly chosenMetric: string | undefined;
  /** False while intervals are those from before the last change. */
  readonly isSettled: boolean;
  /** Why nothing can be measured. */
  readonly problem: string | undefined;
  /** What to ask about the clip's rate. */
  readonly slowMotion: SlowMotionGuess | undefined;
  readonly canUndo: boolean;
  open(source: MeasuredSource | undefined): void;
  choose(index: number): void;
  chooseMetric(id: string | undefined): void;
  /** While it is dragged: shown and measured, kept by `keep`. */
  moveEvent(event: string, timeSeconds: number): void;
  moveEnd(end: StretchEnd, timeSeconds: number): void;
  keep(): void;
  setEvent(event: string, timeSeconds: number): void;
  resetEvent(event: string): void;
  splitAt(timeSeconds: number): void;
  mergeWithNext(): void;
  remove(): void;
  findAgain(): void;
  /** The whole clip as one repetition, where none is found. */
  takeWhole(): void;
  /** Hand, height, kind of motion, filmed rate; undefined: as found. */
  say(change: { readonly [Key in keyof ClipMarks]?: ClipMarks[Key] | undefined }): void;
  /** One step back; once more: forward again. */
  undo(): void;
}

interface Change {
  /** Index of the repetition that is chosen from now on; the one that is, when absent. */
  readonly chosen?: number | undefined;
  /** Whether the chosen repetition alone is another one now. */
  readonly isOfChosen?: boolean;
}

const nothing = {
  ...{ source: undefined, marks: {}, repetitions: [], chosen: 0, chosenMetric: undefined },
  ...{ isSettled: true, problem: undefined, slowMotion: undefined, canUndo: false },
};

export function createMeasureStore(
  bridge: AppBridge,
  report: Report,
  drawIntervals: DrawIntervals = createIntervalThread(),
) {
  /** As the library has them, and as they were before the last change. */
  let kept: ClipMarks = {};
  let before: ClipMarks | undefined;
  /** Whose intervals are not drawn yet: of all repetitions, or of the one with this index. */
  let unsettled: number | 'all' | 'none' = 'all';
  let saving = Promise.resolve();
  let savesUnderWay = 0;

  const store = createStore<MeasureState>()((set, get) => {
    const measure = (marks: ClipMarks, { chosen = get().chosen, isOfChosen = false }: Change = {}) => {
      const { source, repetitions: earlier } = get();
      if (source === undefined) return;
      try {
        const fresh = measureClip(source, profiled(marks), 0);
        const repetitions = fresh.map((repetition, i) => withEarlierIntervals(repetition, earlier[i]));
        const last = Math.max(0, repetitions.length - 1);
        const slowMotion = marks.filmedFramesPerSecond === undefined ? get().slowMotion : undefined;
        set({ marks, repetitions, chosen: Math.min(chosen, last), isSettled: false, problem: undefined, slowMotion });
        const isChosenAlone = isOfChosen && (unsettled === 'none' || unsettled === chosen);
        void settle(source, marks, isChosenAlone ? chosen : 'all');
      } catch (error) {
        if (!(error instanceof FrameOrderError)) throw error;
        set({ marks, repetitions: [], chosen: 0, isSettled: true, problem: error.message });
      }
    };
    const settle = async (source: MeasuredSource, marks: ClipMarks, only: number | 'all') => {
      const { motion, errors, framesPerSecond } = source;
      try {
        unsettled = only;
        const said = only === 'all' ? marks : { ...marks, repetitions: marks.repetitions?.slice(only, only + 1) };
        const drawn = await drawIntervals({ clip: { motion, errors, framesPerSecond }, marks: profiled(said) });
        if (drawn === undefined || get().source !== source || get().marks !== marks) return;
        const repetitions = get().repetitions.map((repetition, i) => {
          const found = drawn.intervals[only === 'all' ? i : i - only];
          return found === undefined ? repetition : withIntervals(repetition, found);
        });
        unsettled = 'none';
        set({ repetitions, isSettled: true, slowMotion: drawn.slowMotion });
      } catch (error) {
        report(error);
      }
    };
    const save = (marks: ClipMarks) => {
      const { source } = get();
      if (source === undefined) return;
      const { clipSha256 } = source;
      savesUnderWay++;
      saving = saving
        .then(() => bridge.call('library.mark', { clipSha256, marks }))
        .then(() => undefined, report)
        .finally(() => {
          savesUnderWay--;
        });
    };
    const change = (marks: ClipMarks, what: Change = {}) => {
      if (sameMarks(marks, kept)) {
        if (get().marks !== kept) measure(kept, what);
        return;
      }
      before = kept;
      kept = marks;
      set({ canUndo: true });
      measure(marks, what);
      save(marks);
    };
    /** Before anything is said, the repetitions are those that were found. */
    const current = (): Marks => get().marks.repetitions ?? marksOf(get().repetitions);
    const withRepetitions = (repetitions: Marks): ClipMarks => ({ ...get().marks, repetitions: [...repetitions] });
    /** Of the chosen repetition alone: quick enough to follow a pointer. */
    const drag = (edited: Marks) => {
      const { source, repetitions, chosen } = get();
      if (source === undefined) return;
      const marks = withRepetitions(edited);
      try {
        const part = measurePart(source, profiled(marks), chosen, repetitions[chosen]);
        if (part !== undefined) set({ marks, repetitions: repetitions.with(chosen, part), isSettled: false });
      } catch (error) {
        if (!(error instanceof FrameOrderError)) throw error;
        set({ problem: error.message });
      }
    };
    const clipSeconds = () => get().source?.motion.timesSeconds.at(-1) ?? 0;
    return {
      ...nothing,
      open: (source) => {
        kept = source?.marks ?? {};
        before = undefined;
        set({ ...nothing, source });
        if (source !== undefined) measure(kept);
      },
      choose: (chosen) => {
        if (get().repetitions[chosen] !== undefined) set({ chosen });
      },
      chooseMetric: (chosenMetric) => set({ chosenMetric }),
      moveEvent: (event, timeSeconds) => drag(withEvent(current(), { index: get().chosen, event, timeSeconds })),
      moveEnd: (end, timeSeconds) =>
        drag(trimmed(current(), { index: get().chosen, end, timeSeconds, clipSeconds: clipSeconds() })),
      keep: () => change(get().marks, { isOfChosen: true }),
      setEvent: (event, timeSeconds) =>
        change(withRepetitions(withEvent(current(), { index: get().chosen, event, timeSeconds })), {
          isOfChosen: true,
        }),
      resetEvent: (event) =>
        change(withRepetitions(withoutEvent(current(), { index: get().chosen, event })), { isOfChosen: true }),
      splitAt: (timeSeconds) => {
        const parts = split(current(), timeSeconds);
        const index = parts?.findIndex(({ fromSeconds }) => fromSeconds === timeSeconds);
        if (parts !== undefined) change(withRepetitions(parts), { chosen: index });
      },
      mergeWithNext: () => change(withRepetitions(mergedWithNext(current(), get().chosen))),
      remove: () => change(withRepetitions(removed(current(), get().chosen))),
      findAgain: () => {
        const { repetitions: _, ...rest } = get().marks;
        change(rest, { chosen: 0 });
      },
      takeWhole: () => change(withRepetitions([{ fromSeconds: 0, toSeconds: clipSeconds() }]), { chosen: 0 }),
      say: (said) => change(defined({ ...get().marks, ...said })),
      undo: () => {
        if (before !== undefined) change(before);
      },
    };
  });
  bridge.on('clip.changed', ({ clip }) => {
    const { source, marks } = store.getState();
    const isDragging = marks !== kept;
    if (clip.clip.sha256 !== source?.clipSha256 || savesUnderWay > 0 || isDragging) return;
    // Said elsewhere: in another window, or by whoever keeps the athlete's sessions.
    if (!sameMarks(clip.marks ?? {}, kept)) store.getState().open({ ...source, marks: clip.marks ?? {} });
  });
  return store;
}

function profiled(marks: ClipMarks): ProfiledMarks {
  return { ...marks, profile: marks.profile ?? defaultProfile };
}

function sameMarks(a: ClipMarks, b: ClipMarks): boolean {
  const sorted = (marks: ClipMarks) => Object.entries(marks).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function defined(marks: { readonly [Key in keyof ClipMarks]?: ClipMarks[Key] | undefined }): ClipMarks {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}
