import { describe, expect, it } from 'vitest';
import { alignInTime, type TimedRepetition } from '../../../../worker/biomechanics/shadow/align-in-time.ts';

function timed(events: Readonly<Record<string, number>>, fromSeconds: number, toSeconds: number): TimedRepetition {
  return {
    ...{ fromSeconds, toSeconds },
    events: Object.fromEntries(
      Object.entries(events).map(([id, timeSeconds]) => [id, { timeSeconds, uncertaintySeconds: 0 }]),
    ),
  };
}

describe('time on the athlete’s clock', () => {
  it('meets the events that both have, runs evenly between, and at its own speed outside', () => {
    const { anchors, toReference } = alignInTime({
      athlete: timed({ lift: 1, contact: 3, release: 3.2, own: 2 }, 0, 5),
      reference: timed({ lift: 10, contact: 11, release: 11.4, other: 10.5 }, 9, 13),
    });
    expect(anchors.map(({ event }) => event)).toEqual(['lift', 'contact', 'release']);
    const moments = [1, 2, 3, 3.1, 3.2, 0.4, 4].map(toReference);
    for (const [i, wanted] of [10, 10.5, 11, 11.2, 11.4, 9.4, 12.2].entries()) {
      expect(moments[i]).toBeCloseTo(wanted, 9);
    }
  });

  it('never runs back, whatever order the events are in', () => {
    const { anchors, toReference } = alignInTime({
      athlete: timed({ a: 1, b: 2, c: 3, d: 4 }, 0, 5),
      reference: timed({ a: 1, b: 9, c: 3, d: 5 }, 0, 9),
    });
    expect(anchors.map(({ event }) => event)).toEqual(['a', 'c', 'd']);
    const times = Array.from({ length: 100 }, (_, i) => toReference(i / 20));
    expect(times).toEqual(times.toSorted((x, y) => x - y));
  });

  it('goes from start to end where no event is shared, and by one event where there is one', () => {
    const none = alignInTime({ athlete: timed({ a: 1 }, 0, 4), reference: timed({ b: 1 }, 10, 12) });
    expect([0, 2, 4].map(none.toReference)).toEqual([10, 11, 12]);
    const one = alignInTime({ athlete: timed({ a: 1 }, 0, 4), reference: timed({ a: 8 }, 7, 9) });
    expect([0, 1, 3].map(one.toReference)).toEqual([7, 8, 10]);
  });
});
