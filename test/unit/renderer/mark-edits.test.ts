import { describe, expect, it } from 'vitest';
import {
  type Marks,
  mergedWithNext,
  removed,
  split,
  trimmed,
  withEvent,
  withoutEvent,
} from '../../../src-renderer/features/measure/mark-edits.ts';

const marks: Marks = [
  { fromSeconds: 0, toSeconds: 3, events: { release: 2.5 } },
  { fromSeconds: 4, toSeconds: 7 },
];

describe('moments set by hand', () => {
  it('are put inside their repetition and leave the others alone', () => {
    const set = withEvent(marks, { index: 1, event: 'release', timeSeconds: 9 });
    expect(set).toEqual([marks[0], { fromSeconds: 4, toSeconds: 7, events: { release: 7 } }]);
    expect(marks[1]).toEqual({ fromSeconds: 4, toSeconds: 7 });
  });
  it('go back to where they are found', () => {
    const both = withEvent(marks, { index: 0, event: 'footContact', timeSeconds: 2 });
    expect(withoutEvent(both, { index: 0, event: 'release' })[0]).toEqual({
      ...{ fromSeconds: 0, toSeconds: 3, events: { footContact: 2 } },
    });
    expect(withoutEvent(marks, { index: 0, event: 'release' })[0]).toEqual({ fromSeconds: 0, toSeconds: 3 });
  });
});

describe('a trimmed repetition', () => {
  const trim = (index: number, end: 'from' | 'to', timeSeconds: number) =>
    trimmed(marks, { index, end, timeSeconds, clipSeconds: 8 })[index];
  it('ends neither past its own start, nor in its neighbour, nor outside of the clip', () => {
    expect(trim(0, 'to', 5)).toMatchObject({ fromSeconds: 0, toSeconds: 4 });
    expect(trim(0, 'to', -1)?.toSeconds).toBeCloseTo(0.1, 9);
    expect(trim(1, 'from', 1)).toMatchObject({ fromSeconds: 3, toSeconds: 7 });
    expect(trim(1, 'to', 20)).toMatchObject({ fromSeconds: 4, toSeconds: 8 });
  });
  it('forgets moments outside of what remains', () => {
    expect(trim(0, 'to', 2)).toEqual({ fromSeconds: 0, toSeconds: 2 });
    expect(trim(0, 'to', 2.6)).toEqual({ fromSeconds: 0, toSeconds: 2.6, events: { release: 2.5 } });
  });
});

describe('splitting and joining', () => {
  it('makes two of the one around a time; each keeps its own moments', () => {
    expect(split(marks, 2)).toEqual([
      { fromSeconds: 0, toSeconds: 2 },
      { fromSeconds: 2, toSeconds: 3, events: { release: 2.5 } },
      marks[1],
    ]);
  });
  it('does nothing between repetitions and right at their ends', () => {
    expect(split(marks, 3.5)).toBeUndefined();
    expect(split(marks, 2.95)).toBeUndefined();
  });
  it('joins what was split', () => {
    expect(mergedWithNext(split(marks, 2) ?? [], 0)).toEqual(marks);
    expect(mergedWithNext(marks, 1)).toBe(marks);
  });
  it('removes one', () => {
    expect(removed(marks, 0)).toEqual([marks[1]]);
  });
});
