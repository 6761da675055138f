import { describe, expect, it } from 'vitest';
import { castShadow } from '../../../../worker/biomechanics/shadow/cast-shadow.ts';
import { normRepetition } from '../../../../worker/biomechanics/shadow/norm-motion.ts';
import { normMotionData } from '../../../../worker/biomechanics/shadow/norm-motion-data.ts';
import { measureSimilarity } from '../../../../worker/biomechanics/shadow/similarity.ts';
import { makeNormMotion, normMotionSource } from '../../../accuracy/norm-motion.ts';
import { drawnRepetition } from './drawn-repetition.ts';

/** Machines differ in the last digit of a sine. */
function numbersOf(text: string): number[] {
  return [...text.matchAll(/-?\d+(\.\d+)?/g)].map(([number]) => Number(number));
}

describe('the norm’s mean motion', () => {
  const norm = normRepetition({ metrics: [] });

  it('is what its script makes', () => {
    const made = numbersOf(normMotionSource(makeNormMotion()));
    const kept = numbersOf(
      [
        ...['write-norm-motion', normMotionData.heightMetres, ...Object.values(normMotionData.events)],
        ...[normMotionData.tenths, ...Object.values(normMotionData.lengths)],
        ...Object.values(normMotionData.directions),
      ].join(' '),
    );
    expect(made.length).toBe(kept.length);
    const apart = made.map((number, i) => Math.abs(number - Number(kept[i])));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  });

  it('is a pitch that a pitcher’s shadow can be cast from', () => {
    const athlete = drawnRepetition(60);
    const found = measureSimilarity({ athlete, reference: norm });
    expect(found?.score).toBeGreaterThan(7);
    expect(found?.phases.length).toBe(5);
    expect(Object.keys(castShadow({ athlete, reference: norm }).motion.joints)).toContain('right_wrist');
    const left = measureSimilarity({ athlete: { ...athlete, hand: 'left' }, reference: norm });
    expect(left?.score).toBeLessThan(5);
  });
});
