import { describe, expect, it } from 'vitest';
import { decimalsFor, intervalWords, normRange, numberWords, verdictOf } from '../../../worker/exports/metric-words.ts';

const norm = { mean: 100, sd: 10, source: 'a', level: 'b', method: 'c' };

describe('numbers in a report', () => {
  it.each([
    [103.4, 4, '103'],
    [103.44, 0.6, '103.4'],
    [1.7034, 0.004, '1.703'],
    [47.2, 50, '47'],
    [2519, 650, '2520'],
    [2519, 6500, '2500'],
    [-0.2, 4, '0'],
    [-16.4, 4, '\u221216'],
  ])('%d, known to ± %d, is %s', (value, halfWidth, words) => {
    expect(numberWords(value, decimalsFor(halfWidth))).toBe(words);
  });

  it('an interval around its value is one number, a lopsided one its two ends', () => {
    expect(intervalWords(103, [99, 107])).toBe('± 4');
    expect(intervalWords(103, [70, 110])).toBe('70 to 110');
    expect(intervalWords(5, [-68, 30])).toBe('\u221268 to 30');
  });
});

describe('a value against its norm', () => {
  it('is outside only with its whole interval, and inside only with it', () => {
    const verdict = (value: number, low: number, high: number) => verdictOf({ value, interval: [low, high] }, norm);
    expect(verdict(80, 76, 84)).toBe('below');
    expect(verdict(80, 70, 90)).toBe('unsure');
    expect(verdict(100, 95, 105)).toBe('inside');
    expect(verdict(100, 80, 120)).toBe('unsure');
    expect(verdict(120, 114, 126)).toBe('above');
    expect(verdictOf({ notMeasurable: 'No.' }, norm)).toBeUndefined();
  });

  it('the norm is moved to our definition, and told by its percentiles where they are known', () => {
    const moved = normRange({ ...norm, p10: 90, p90: 105, offset: { value: -20, reason: 'd' } });
    expect(moved).toEqual({ low: 70, high: 85 });
    expect(normRange(norm).low).toBeCloseTo(87.18, 2);
  });
});
