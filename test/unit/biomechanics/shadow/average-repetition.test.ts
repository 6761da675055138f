import { describe, expect, it } from 'vitest';
import { disturbJoints } from '../../../../worker/biomechanics/disturb-joints.ts';
import type { MeasuredMetric, MeasuredRepetition } from '../../../../worker/biomechanics/profile.ts';
import { averageRepetition } from '../../../../worker/biomechanics/shadow/average-repetition.ts';
import { boneLengths } from '../../../../worker/biomechanics/shadow/body-tree.ts';
import { chooseTypical } from '../../../../worker/biomechanics/shadow/choose-typical.ts';
import { measureSimilarity } from '../../../../worker/biomechanics/shadow/similarity.ts';
import { mapPoints, mirrored } from '../pitching/drawn-pitch.ts';
import { drawnRepetition, onClock, styledRepetition, turned, withMotion } from './drawn-repetition.ts';

const plain = withMotion(drawnRepetition(60), drawnRepetition(60).motion);

function thrown(seed: number): MeasuredRepetition {
  const uncertainty = { sigmaMetres: () => 0.01, correlationSeconds: 0.05 };
  const motion = disturbJoints(mapPoints(plain.motion, turned(40 * seed)), uncertainty, seed);
  return onClock({ ...plain, motion }, (seconds) => 3 * seed + seconds * (1 + 0.05 * seed));
}

function degrees(athlete: MeasuredRepetition, reference: MeasuredRepetition): number {
  return measureSimilarity({ athlete, reference })?.degrees ?? Number.NaN;
}

function elbow(value: MeasuredMetric['value']): MeasuredMetric {
  const metric = {
    id: 'elbow',
    label: 'Elbow',
    unit: 'degrees',
    definition: '',
    events: [],
    leastFramesPerSecond: 0,
  } as const;
  return { metric, value };
}

describe('the mean of several repetitions', () => {
  it('of one is that one', () => {
    const mean = averageRepetition([plain]);
    expect(degrees(mean, plain)).toBeLessThan(0.1);
    expect(boneLengths(mean.motion).left_knee).toBeCloseTo(Number(boneLengths(plain.motion).left_knee), 6);
    expect(() => averageRepetition([])).toThrow(RangeError);
  });

  it('is nearer to what they have in common than each is, at their mean times', () => {
    const throws = [0, 1, 2, 3, 4].map(thrown);
    const mean = averageRepetition(throws);
    const apart = throws.map((one) => degrees(one, plain));
    expect(degrees(mean, plain)).toBeLessThan(0.7 * Math.min(...apart));
    const span = (one: MeasuredRepetition): number =>
      Number(one.events['release']?.timeSeconds) - Number(one.events['firstMovement']?.timeSeconds);
    expect(span(mean)).toBeCloseTo(span(plain) * 1.1, 6);
    expect(mean.fromSeconds).toBe(mean.motion.timesSeconds[0]);
  });

  it('has the first one’s hand, whatever the others’', () => {
    const left = { ...plain, motion: mirrored(plain.motion), hand: 'left' as const };
    const mean = averageRepetition([plain, left, left]);
    expect(mean.hand).toBe('right');
    expect(degrees(mean, plain)).toBeLessThan(0.1);
  });

  it('has the mean of every metric that half of them show', () => {
    const values = [90, 100, 110].map((value) => elbow({ value, interval: [value - 4, value + 6] }));
    const unseen = elbow({ notMeasurable: 'Not seen.' });
    const of = (metrics: readonly MeasuredMetric[]) =>
      averageRepetition(metrics.map((metric) => ({ ...plain, metrics: [metric] }))).metrics[0]?.value;
    expect(of(values)).toEqual({ value: 100, interval: [95, 105] });
    expect(of([values[0] as MeasuredMetric, unseen, values[2] as MeasuredMetric])).toMatchObject({ value: 100 });
    expect(of([values[0] as MeasuredMetric, unseen, unseen])).toHaveProperty('notMeasurable');
  });

  it('is of those that are most like the others', () => {
    const [odd, throws] = [styledRepetition(3, 60), [1, 2, 3].map(thrown)];
    const all = [throws[0], odd, throws[1], throws[2]] as MeasuredRepetition[];
    const places = (chosen: readonly MeasuredRepetition[]): number[] => chosen.map((one) => all.indexOf(one));
    expect(places(chooseTypical(all, 3))).toEqual([0, 2, 3]);
    expect(places(chooseTypical(all))).toEqual([0, 1, 2, 3]);
  });
});
