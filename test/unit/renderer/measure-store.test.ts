import { describe, expect, it } from 'vitest';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { DrawIntervals } from '../../../src-renderer/features/measure/draw-intervals.ts';
import { intervalsOf, measureClip } from '../../../src-renderer/features/measure/measure-clip.ts';
import { createMeasureStore, type MeasuredSource } from '../../../src-renderer/features/measure/measure-store.ts';
import { markerErrors } from '../../../worker/biomechanics/known-errors.ts';
import type { ClipMarks } from '../../../worker/protocol/marks.ts';
import { drawnPitch, drawnTimes } from '../biomechanics/pitching/drawn-pitch.ts';

const framesPerSecond = 120;
const motion = drawnPitch({ framesPerSecond });

function opened(marks: ClipMarks = {}) {
  const saved: ClipMarks[] = [];
  const listeners: ((event: unknown) => void)[] = [];
  const bridge = {
    call: async (_: string, { marks: said }: { marks: ClipMarks }) => void saved.push(said),
    on: (_: string, listener: (event: unknown) => void) => listeners.push(listener),
  } as unknown as AppBridge;
  const waiting: (() => void)[] = [];
  const requests: ClipMarks[] = [];
  const drawIntervals: DrawIntervals = ({ clip, marks: said }) =>
    new Promise((resolve) => {
      requests.push(said);
      waiting.push(() => resolve({ intervals: measureClip(clip, said, 8).map(intervalsOf) }));
    });
  const store = createMeasureStore(bridge, () => undefined, drawIntervals);
  const source: MeasuredSource = { clipSha256: 'clip', marks, motion, errors: markerErrors, framesPerSecond };
  store.getState().open(source);
  return {
    ...{ store, saved, requests },
    hear: (said: ClipMarks) => {
      for (const listener of listeners) listener({ clip: { clip: { sha256: 'clip' }, marks: said } });
    },
    settle: async () => {
      for (const draw of waiting.splice(0)) draw();
      await new Promise((resolve) => setTimeout(resolve));
    },
    event: (id: string) => store.getState().repetitions[store.getState().chosen]?.events[id],
    value: (id: string) => {
      const { repetitions, chosen } = store.getState();
      const metric = repetitions[chosen]?.measured?.metrics.find((measured) => measured.metric.id === id)?.value;
      return metric && 'value' in metric ? metric : undefined;
    },
  };
}

describe('what is measured in the window', () => {
  it('shows values at once and intervals when they are drawn', async () => {
    const { store, settle, event, value } = opened();
    expect(event('release')?.timeSeconds).toBeCloseTo(drawnTimes.ballRelease, 1);
    expect(value('elbowFlexionAtFootContact')?.interval).toBeUndefined();
    expect(store.getState().isSettled).toBe(false);
    await settle();
    expect(store.getState().isSettled).toBe(true);
    expect(value('elbowFlexionAtFootContact')?.interval?.every(Number.isFinite)).toBe(true);
    expect(event('release')?.uncertaintySeconds).toBeGreaterThan(0);
  });

  it('follows a dragged moment, keeps it on release, and goes back', async () => {
    const { store, saved, settle, event, value } = opened();
    await settle();
    const [found, before] = [event('footContact'), value('elbowFlexionAtFootContact')];
    const set = drawnTimes.footContact - 0.1;
    store.getState().moveEvent('footContact', set);
    const moved = value('elbowFlexionAtFootContact');
    expect(event('footContact')).toEqual({ timeSeconds: set, uncertaintySeconds: 0, isSet: true });
    expect(moved?.value).not.toBeCloseTo(before?.value ?? 0, 0);
    const half = (interval: readonly [number, number] | undefined) => interval && (interval[1] - interval[0]) / 2;
    expect(half(moved?.interval)).toBeCloseTo(half(before?.interval) ?? 0, 9);
    expect(saved).toEqual([]);

    store.getState().keep();
    // On a part of the clip while it was dragged, on the whole now.
    expect(value('elbowFlexionAtFootContact')?.value).toBeCloseTo(moved?.value ?? 0, 1);
    await settle();
    expect(saved).toHaveLength(1);
    expect(saved[0]?.repetitions?.[0]?.events).toEqual({ footContact: set });

    store.getState().undo();
    await settle();
    expect(saved[1]).toEqual({});
    expect(event('footContact')).toEqual(found);
    store.getState().undo();
    expect(event('footContact')?.timeSeconds).toBe(set);
  });

  it('draws intervals of the changed repetition alone, and of all where another one still waits for its own', async () => {
    const { store, settle, requests } = opened({
      repetitions: [
        { fromSeconds: 0.1, toSeconds: 1 },
        { fromSeconds: 1, toSeconds: 2 },
      ],
    });
    store.getState().setEvent('release', 0.9);
    await settle();
    store.getState().setEvent('release', 0.8);
    store.getState().setEvent('release', 0.7);
    store.getState().choose(1);
    store.getState().setEvent('release', 1.7);
    await settle();
    store.getState().setEvent('release', 1.71);
    await settle();
    expect(requests.map(({ repetitions }) => repetitions?.length)).toEqual([2, 2, 1, 1, 2, 1]);
    expect(store.getState().isSettled).toBe(true);
    expect(store.getState().repetitions.map(({ events }) => events['release']?.timeSeconds)).toEqual([0.7, 1.71]);
  });

  it('cuts, joins and finds again', async () => {
    const { store, saved, settle } = opened();
    const stretches = () => store.getState().repetitions.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]);
    const whole = stretches();
    store.getState().splitAt(0.8);
    expect(stretches()).toEqual([
      [whole[0]?.[0], 0.8],
      [0.8, whole[0]?.[1]],
    ]);
    expect(store.getState().chosen).toBe(1);
    store.getState().choose(0);
    store.getState().mergeWithNext();
    expect(stretches()).toEqual(whole);
    store.getState().remove();
    expect(stretches()).toEqual([]);
    store.getState().findAgain();
    expect(stretches()).toEqual(whole);
    await settle();
    expect(saved).toHaveLength(4);
    expect(saved.at(-1)).toEqual({});
  });

  it('puts a slow-motion clip onto the clock of the real motion, moments onto the clip’s', () => {
    const { store, event, value } = opened();
    const [found, time] = [event('release'), value('strideTime')];
    store.getState().say({ filmedFramesPerSecond: 4 * framesPerSecond });
    // A quarter of the time: what was found in 1.9 s is now looked for in 0.5 s, but angles stay what they were.
    store.getState().setEvent('peakKneeHeight', drawnTimes.peakKneeHeight);
    store.getState().setEvent('footContact', drawnTimes.footContact);
    const real = (drawnTimes.footContact - drawnTimes.peakKneeHeight) / 4;
    expect(event('footContact')?.timeSeconds).toBeCloseTo(drawnTimes.footContact, 9);
    expect(value('strideTime')?.value).toBeCloseTo(real, 9);
    expect(time?.value).toBeGreaterThan(2 * real);
    expect(found).toBeDefined();
  });

  it('takes what was said elsewhere, but not while a moment is dragged', async () => {
    const { store, hear, settle, event } = opened();
    await settle();
    store.getState().moveEvent('release', drawnTimes.ballRelease + 0.05);
    hear({ hand: 'left' });
    expect(store.getState().marks.hand).toBeUndefined();
    store.getState().keep();
    await settle();
    hear({ hand: 'left' });
    expect(store.getState().marks).toEqual({ hand: 'left' });
    expect(event('release')?.isSet).not.toBe(true);
  });
});
