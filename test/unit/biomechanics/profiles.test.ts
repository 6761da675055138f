import { describe, expect, expectTypeOf, it } from 'vitest';
import { clipSecondsForOne, toFilmedTime } from '../../../worker/biomechanics/filmed-time.ts';
import { FrameOrderError } from '../../../worker/biomechanics/frame-order.ts';
import type { JointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import type { MeasuredRepetition } from '../../../worker/biomechanics/profile.ts';
import { type ProfileId, profiles } from '../../../worker/biomechanics/profiles.ts';
import { worthAsking } from '../../../worker/biomechanics/slow-motion.ts';
import { type ProfileId as MarkedProfileId, profileIds } from '../../../worker/protocol/marks.ts';
import { drawnKneeDegrees, drawnSquats, drawnTrunkTilt } from './drawn-squat.ts';
import { drawnPitch, drawnTimes, mapPoints, mirrored } from './pitching/drawn-pitch.ts';

const exactly = { uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.05 }, draws: 2 };
const roughly = { uncertainty: { sigmaMetres: () => 0.01, correlationSeconds: 0.05 }, draws: 6 };

function valuesOf({ metrics }: MeasuredRepetition): Record<string, number> {
  return Object.fromEntries(
    metrics.flatMap(({ metric, value }) => ('value' in value ? [[metric.id, value.value] as const] : [])),
  );
}

const only = (repetitions: readonly MeasuredRepetition[]): MeasuredRepetition => {
  const [repetition, ...others] = repetitions;
  if (repetition === undefined || others.length > 0) throw new Error(`${repetitions.length} repetitions`);
  return repetition;
};

const motions: Readonly<Record<ProfileId, JointMotion>> = {
  pitching: drawnPitch({ framesPerSecond: 100 }),
  squat: drawnSquats(),
  any: drawnSquats(60),
};

describe('profiles', () => {
  it('are those that a clip can be marked with', () => {
    expectTypeOf<ProfileId>().toEqualTypeOf<MarkedProfileId>();
    expect(Object.keys(profiles)).toEqual([...profileIds]);
  });

  it.each(profileIds)('are consistent data, %s', (id) => {
    const { events, phases, metrics, label } = profiles[id];
    expect([profiles[id].id, label === '']).toEqual([id, false]);
    const ids = events.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const phase of phases) expect(ids.indexOf(phase.from)).toBeLessThan(ids.indexOf(phase.to));
    for (const metric of metrics) expect(ids, metric.id).toEqual(expect.arrayContaining([...metric.events]));
    expect(new Set(metrics.map((metric) => metric.id)).size).toBe(metrics.length);
  });

  it.each(profileIds)('measure what a person has cut, from the moments that were set, %s', (id) => {
    const { measure, events } = profiles[id];
    const motion = motions[id];
    const [found] = measure({ motion, ...roughly });
    if (found === undefined) throw new Error('nothing was found');
    const dragged = events.at(-1)?.id ?? '';
    const set = Number(found.events[dragged]?.timeSeconds) - 0.1;
    const cut = {
      fromSeconds: found.fromSeconds + 0.05,
      toSeconds: found.toSeconds - 0.05,
      events: { [dragged]: set },
    };
    const [again, empty, ...others] = measure({
      ...{ motion, ...roughly },
      repetitions: [cut, { fromSeconds: 900, toSeconds: 901 }],
    });
    expect(others).toEqual([]);
    expect(again?.events[dragged]).toEqual({ timeSeconds: set, uncertaintySeconds: 0 });
    expect([again?.fromSeconds, again?.toSeconds]).toEqual([cut.fromSeconds, cut.toSeconds]);
    expect(Number(again?.motion.timesSeconds[0])).toBeGreaterThanOrEqual(cut.fromSeconds);
    // What ends at the moment changes with it.
    expect(valuesOf(again as MeasuredRepetition)).not.toEqual(valuesOf(found));
    expect(empty?.metrics.every(({ value }) => 'notMeasurable' in value)).toBe(true);
  });

  it.each(profileIds)('give values without intervals where nothing is drawn, %s', (id) => {
    const [found] = profiles[id].measure({ motion: motions[id], ...exactly, draws: 0 });
    for (const { value, metric } of found?.metrics ?? []) {
      if ('value' in value) expect(value, metric.id).toEqual({ value: value.value });
    }
    const uncertainties = Object.values(found?.events ?? {}).map(({ uncertaintySeconds }) => uncertaintySeconds);
    expect(uncertainties.every(Number.isFinite)).toBe(true);
  });

  it.each(profileIds)('refuse times that do not increase, %s', (id) => {
    const motion = motions[id];
    const reversed = { ...motion, timesSeconds: motion.timesSeconds.toReversed() };
    expect(() => profiles[id].measure({ motion: reversed, ...exactly })).toThrow(FrameOrderError);
  });

  it.each(['squat', 'any'] as const)('measure the same in a mirror and wherever the body faces, %s', (id) => {
    const motion = mapPoints(motions[id], ([x, y, z]) => [x, y + 0.02 * z, z]);
    const plain = profiles[id].measure({ motion, ...exactly });
    const [cosine, sine] = [Math.cos(0.7), Math.sin(0.7)];
    const turned = mapPoints(motion, ([x, y, z]) => [cosine * x - sine * y, sine * x + cosine * y, z]);
    profiles[id].measure({ motion: turned, ...exactly }).forEach((repetition, i) => {
      for (const [metric, value] of Object.entries(valuesOf(plain[i] as MeasuredRepetition))) {
        expect(valuesOf(repetition)[metric], metric).toBeCloseTo(value, 6);
      }
    });
    profiles[id].measure({ motion: mirrored(motion), ...exactly }).forEach((repetition, i) => {
      const swapped = (metric: string) =>
        metric.replace(/^left|^right/, (side) => (side === 'left' ? 'right' : 'left'));
      for (const [metric, value] of Object.entries(valuesOf(plain[i] as MeasuredRepetition))) {
        const sign = metric.includes('Difference') ? -1 : 1;
        expect(valuesOf(repetition)[swapped(metric)], metric).toBeCloseTo(sign * value, 6);
      }
    });
  });
});

describe('the squat profile', () => {
  it('finds every squat with its moments, and measures what was drawn', () => {
    const found = profiles.squat.measure({ motion: drawnSquats(), ...exactly });
    expect(found.map(({ events }) => Number(events['lowest']?.timeSeconds).toFixed(1))).toEqual(['3.0', '8.0']);
    const values = valuesOf(found[0] as MeasuredRepetition);
    const near = (id: string, wanted: number, by: number) =>
      expect(Math.abs(Number(values[id]) - wanted), `${id} ${values[id]}`).toBeLessThan(by);
    near('kneeFlexionAtLowest', drawnKneeDegrees, 2);
    near('thighSlopeAtLowest', 90 - (drawnKneeDegrees - 35), 2);
    near('trunkTiltAtLowest', drawnTrunkTilt, 1);
    near('shinTiltAtLowest', 35, 1);
    near('kneeSeparationAtLowest', 100, 0.5);
    near('kneeFlexionDifferenceAtLowest', 0, 1e-6);
    // Slow at first: of two seconds, the hips' first twentieth takes 0.6.
    near('timeDown', 1.4, 0.1);
    near('timeUp', 0.7, 0.1);
    expect(values['timeDown']).toBeGreaterThan(1.5 * Number(values['timeUp']));
    expect(found[0]?.hand).toBeUndefined();
  });

  it('finds none where a person stands', () => {
    const standing = drawnSquats();
    const still = { ...standing, timesSeconds: standing.timesSeconds.slice(0, 25) };
    expect(profiles.squat.measure({ motion: still, ...exactly })).toEqual([]);
  });
});

describe('slow motion', () => {
  const recognise = profiles.pitching.recogniseSlowMotion;
  const pitch = drawnPitch({ framesPerSecond: 120 });
  const stored = (rate: number): JointMotion => ({
    ...pitch,
    timesSeconds: pitch.timesSeconds.map((_, frame) => frame / rate),
  });

  it('is recognised in how long a pitch takes, with the rate it was filmed with', () => {
    expect(recognise?.(pitch)?.likelihood).toBeLessThan(0.05);
    const slow = recognise?.(stored(30));
    expect(slow?.likelihood).toBeGreaterThan(0.95);
    expect(slow?.filmedFramesPerSecond).toBe(120);
    expect(slow?.question).toMatch(/slow motion, at about 120 frames a second, and stored at 30\?$/);
    expect(recognise?.(stored(60))?.likelihood).toBeGreaterThan(worthAsking);
  });

  it('is not asked about where no pitch is seen', () => {
    expect(recognise?.(drawnSquats())).toBeUndefined();
    expect(profiles.squat.recogniseSlowMotion).toBeUndefined();
  });

  it('is measured as it was: put onto its own clock, a pitch is what it is', () => {
    const secondsForOne = clipSecondsForOne({ storedFramesPerSecond: 30, filmedFramesPerSecond: 120 });
    const start = Number(pitch.timesSeconds[0]);
    const [slow, plain] = [toFilmedTime(stored(30), secondsForOne), pitch].map((motion) =>
      only(profiles.pitching.measure({ motion, ...exactly })),
    );
    expect(Number(slow?.events['release']?.timeSeconds) + start).toBeCloseTo(drawnTimes.ballRelease, 1);
    for (const [id, value] of Object.entries(valuesOf(plain as MeasuredRepetition))) {
      expect(valuesOf(slow as MeasuredRepetition)[id], id).toBeCloseTo(value, 3);
    }
  });
});
