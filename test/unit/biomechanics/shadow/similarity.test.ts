import { describe, expect, it } from 'vitest';
import { disturbJoints } from '../../../../worker/biomechanics/disturb-joints.ts';
import type { MeasuredRepetition } from '../../../../worker/biomechanics/profile.ts';
import { scoreOfDegrees } from '../../../../worker/biomechanics/shadow/score-of-degrees.ts';
import {
  measureSimilarity,
  type Similarity,
  type SimilarityOptions,
} from '../../../../worker/biomechanics/shadow/similarity.ts';
import { mapPoints, mirrored } from '../pitching/drawn-pitch.ts';
import { drawnRepetition, onClock, styledRepetition, turned, withMotion } from './drawn-repetition.ts';

const athlete = blind(drawnRepetition(60));
const other = blind(styledRepetition(3, 60));

function blind(repetition: MeasuredRepetition): MeasuredRepetition {
  return withMotion(repetition, repetition.motion);
}

function similarity(options: SimilarityOptions): Similarity {
  const found = measureSimilarity(options);
  if (found === undefined) throw new Error('nothing to compare');
  return found;
}

function noisy(repetition: MeasuredRepetition, metres: number, seed: number): MeasuredRepetition {
  const uncertainty = { sigmaMetres: () => metres, correlationSeconds: 0.05 };
  return withMotion(repetition, disturbJoints(repetition.motion, uncertainty, seed));
}

describe('similarity', () => {
  const plain = similarity({ athlete, reference: other });

  it('of an athlete with himself is 10, everywhere', () => {
    const same = similarity({ athlete, reference: athlete });
    expect(same.score).toBe(10);
    expect(same.phases.map(({ score }) => score)).toEqual(Array(5).fill(10));
    expect(Object.values(same.joints).map(({ score }) => score)).toEqual(Array(12).fill(10));
    expect(same.notSeen).toEqual([]);
  });

  it.each([
    [
      'size',
      withMotion(
        other,
        mapPoints(other.motion, (p) => p.map((value) => value * 1.3)),
      ),
    ],
    ['facing', withMotion(other, mapPoints(other.motion, turned(100)))],
    ['hand', { ...withMotion(other, mirrored(other.motion)), hand: 'left' as const }],
    ['tempo', onClock(other, (seconds) => 2 + 1.5 * seconds)],
  ])('does not depend on %s', (_, reference) => {
    const found = similarity({ athlete, reference });
    expect(found.score).toBeCloseTo(plain.score, 6);
    for (const [i, phase] of found.phases.entries()) expect(phase.score).toBeCloseTo(Number(plain.phases[i]?.score), 6);
  });

  it('of different pitchers is far from 10 and from 0', () => {
    expect(plain.score).toBeGreaterThan(4);
    expect(plain.score).toBeLessThan(9.5);
    expect(plain.degrees).toBeGreaterThan(5);
  });

  it('falls as errors grow, and slowly where they are small', () => {
    const scores = [0, 0.005, 0.01, 0.02, 0.04, 0.08].map(
      (metres) => similarity({ athlete, reference: noisy(athlete, metres, 3) }).score,
    );
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[1]).toBeGreaterThan(9.9);
    expect(scores[5]).toBeLessThan(8.5);
    const curve = Array.from({ length: 181 }, (_, degrees) => scoreOfDegrees(degrees));
    expect(curve).toEqual(curve.toSorted((a, b) => b - a));
    expect([curve[0], curve[5], curve[22]]).toEqual([10, expect.closeTo(9.5, 1), 5]);
  });

  it('costs one limb no more than its share, however wrong it is', () => {
    const wild = Object.entries(athlete.motion.joints).map(([name, points]) => [
      name,
      name === 'right_wrist'
        ? points.map((value, i) => 2 * Number(athlete.motion.joints.right_elbow?.[i]) - value)
        : points,
    ]);
    const found = similarity({
      athlete,
      reference: { ...athlete, motion: { ...athlete.motion, joints: Object.fromEntries(wild) } },
    });
    expect(found.joints.right_wrist?.score).toBeLessThan(0.5);
    expect(found.score).toBeGreaterThan(8.9);
    expect(found.joints.right_elbow?.score).toBe(10);
  });

  it('leaves out and names what is not seen', () => {
    const { left_wrist: _, ...joints } = other.motion.joints;
    const found = similarity({ athlete, reference: { ...other, motion: { ...other.motion, joints } } });
    expect(found.notSeen).toEqual(['left_wrist']);
    expect(found.joints).not.toHaveProperty('left_wrist');
    const { left_wrist: left, ...rest } = plain.joints;
    expect(found.joints).toEqual(rest);
    expect(left).toBeDefined();
    expect(
      measureSimilarity({ athlete, reference: { ...other, motion: { ...other.motion, joints: {} } } }),
    ).toBeUndefined();
  });

  it('is told for the phases that are asked for', () => {
    const phases = [
      { id: 'stride', label: 'Stride', from: 'peakKneeHeight', to: 'footContact' },
      { id: 'unknown', label: 'Unknown', from: 'release', to: 'elsewhere' },
    ];
    const found = similarity({ athlete, reference: other, phases });
    expect(found.phases.map(({ id, label, fromSeconds }) => [id, label, fromSeconds])).toEqual([
      ['stride', 'Stride', athlete.events['peakKneeHeight']?.timeSeconds],
    ]);
    expect(found.score).toBe(found.phases[0]?.score);
  });

  it('has an interval that holds what it would be without errors', () => {
    const uncertainty = { joints: { sigmaMetres: () => 0.03, correlationSeconds: 0.05 } };
    const held = Array.from({ length: 10 }, (_, seed) => {
      const { interval = [Number.NaN, Number.NaN], score } = similarity({
        ...{
          athlete: noisy(athlete, 0.03, 100 + seed),
          reference: other,
          athleteUncertainty: uncertainty,
          draws: 16,
          seed,
        },
      });
      expect(score).toBeGreaterThanOrEqual(interval[0]);
      expect(score).toBeLessThanOrEqual(interval[1]);
      expect(interval[1] - interval[0]).toBeLessThan(1.5);
      return interval[0] <= plain.score && plain.score <= interval[1];
    });
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(7);
  });
});
