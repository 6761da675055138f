import { describe, expect, it } from 'vitest';
import type { MetricNorm } from '../../../../worker/biomechanics/metric.ts';
import type { MeasuredMetric, MeasuredRepetition } from '../../../../worker/biomechanics/profile.ts';
import { comparePhases } from '../../../../worker/biomechanics/shadow/compare-phases.ts';
import { compareRepetitions } from '../../../../worker/biomechanics/shadow/compare-repetitions.ts';
import { normRepetition } from '../../../../worker/biomechanics/shadow/norm-motion.ts';
import { drawnRepetition, onClock } from './drawn-repetition.ts';

const norm: MetricNorm = { mean: 40, sd: 8, withinSession: 2, source: 'a study', level: 'college', method: 'markers' };
const plain = drawnRepetition(60);

function metricOf(value: MeasuredMetric['value'], own: MetricNorm | undefined = norm): MeasuredRepetition {
  const metric = {
    id: 'slot',
    label: 'Arm slot',
    unit: 'degrees',
    definition: '',
    events: [],
    leastFramesPerSecond: 0,
  } as const;
  return { ...plain, metrics: [{ metric, value, norm: own }] };
}

function around(value: number, half: number): MeasuredMetric['value'] {
  return { value, interval: [value - half, value + half] };
}

function first(athlete: MeasuredRepetition, reference: MeasuredRepetition, referenceCount = 1) {
  return compareRepetitions({ athlete, reference, referenceCount }).metrics[0];
}

describe('a difference of a metric', () => {
  // Two throws of one thrower: 1.645 x 2 x root of 2 = 4.65 degrees.
  it('is one only beyond both intervals and the spread of one thrower’s throws', () => {
    const beyond = first(metricOf(around(50, 3)), metricOf(around(43.6, 2)));
    expect(beyond).toMatchObject({
      difference: expect.closeTo(6.4, 9),
      isDifference: true,
      effect: expect.closeTo(0.8, 9),
    });
    const within = first(metricOf(around(50, 3)), metricOf(around(44.6, 2)));
    expect(within).toMatchObject({ isDifference: false });
    if (within === undefined || !('interval' in within)) throw new Error('not compared');
    const half = Math.hypot(3, 2, 1.645 * 2 * Math.SQRT2);
    expect(within.interval[0]).toBeCloseTo(5.4 - half, 9);
    expect(within.interval[1]).toBeCloseTo(5.4 + half, 9);
    expect(within.certainty).toBeCloseTo(5.4 / half, 9);
    // Against the mean of five the same difference stands out more.
    expect(first(metricOf(around(50, 2)), metricOf(around(45.2, 2)))).toMatchObject({ isDifference: false });
    expect(first(metricOf(around(50, 2)), metricOf(around(45.2, 2)), 5)).toMatchObject({ isDifference: true });
  });

  it('is between the same definitions, and none where one has no value', () => {
    const offset = { value: 24, reason: 'shoulder joints, not ribcage' };
    const found = first(metricOf(around(60, 1), { ...norm, offset }), metricOf(around(36, 1)));
    expect(found).toMatchObject({ difference: 0, isDifference: false, athlete: 60, reference: 36 });
    const unseen = { notMeasurable: 'Not measurable: unseen.' };
    expect(first(metricOf(unseen), metricOf(around(1, 1)))).toMatchObject(unseen);
    expect(first(metricOf(around(1, 1)), metricOf(unseen))).toHaveProperty('notMeasurable');
    expect(first(metricOf(around(1, 1)), plain)).toBeUndefined();
  });

  it('from the norm is one where most of its athletes are otherwise', () => {
    const athlete = metricOf(around(53, 1));
    expect(first(athlete, normRepetition(athlete))).toMatchObject({ reference: 40, isDifference: false });
    const far = metricOf(around(56, 1));
    expect(first(far, normRepetition(far))).toMatchObject({ difference: 16, isDifference: true, effect: 2 });
  });
});

describe('the comparison of two repetitions', () => {
  it('survives JSON', () => {
    const athlete = metricOf(around(50, 3));
    const comparison = compareRepetitions({
      ...{ athlete, reference: { ...athlete, hand: 'left' as const }, draws: 4 },
      athleteUncertainty: { joints: { sigmaMetres: () => 0.01, correlationSeconds: 0.05 } },
    });
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
    expect(comparison.similarity?.interval?.[0]).toBeLessThan(10);
  });

  it('of a motion that is slower throughout finds no phase that is', () => {
    const slower = onClock(plain, (seconds) => 2 + 1.3 * seconds);
    const phases = comparePhases({ athlete: slower, reference: plain });
    expect(phases.length).toBe(5);
    for (const phase of phases) {
      expect(phase.athleteSeconds / phase.referenceSeconds).toBeCloseTo(1.3, 6);
      expect(phase.shareDifference).toBeCloseTo(0, 9);
      expect(phase.isDifference).toBe(false);
    }
    expect(phases.reduce((sum, { athleteShare }) => sum + athleteShare, 0)).toBeCloseTo(1, 9);
  });

  it('of one that lingers in one phase finds that phase', () => {
    const contact = Number(plain.events['footContact']?.timeSeconds);
    const lift = Number(plain.events['peakKneeHeight']?.timeSeconds);
    const lingering = onClock(plain, (t) => t + 0.25 * Math.min(1, Math.max(0, (t - lift) / (contact - lift))));
    const found = comparePhases({ athlete: lingering, reference: plain });
    expect(found.find(({ id }) => id === 'peakKneeHeight-footContact')).toMatchObject({ isDifference: true });
    expect(found[1]?.shareDifference).toBeGreaterThan(0.05);
    expect(comparePhases({ athlete: { events: {} }, reference: plain })).toEqual([]);
  });
});
