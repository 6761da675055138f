import { describe, expect, it } from 'vitest';
import { frameAt, measureAnalysis } from '../../../worker/exports/measured-analysis.ts';
import { analysedWalker } from '../clean/analysed-walker.ts';

const contents = analysedWalker();

describe('an analysis, measured by the coach’s marks', () => {
  it('has the coach’s repetitions, on the clip’s clock and on that of the real motion', () => {
    const marks = { profile: 'any', filmedFramesPerSecond: 240 } as const;
    const repetitions = [
      { fromSeconds: 0.1, toSeconds: 0.45 },
      { fromSeconds: 0.5, toSeconds: 0.9 },
    ];
    const analysis = measureAnalysis(contents, { ...marks, repetitions });
    expect(analysis.clipSecondsForOne).toBe(8);
    expect(analysis.problem).toBeUndefined();
    analysis.repetitions.forEach((repetition, i) => {
      expect(repetition.fromSeconds).toBeCloseTo(repetitions[i]?.fromSeconds ?? 0, 9);
      expect(repetition.measured.toSeconds).toBeCloseTo((repetitions[i]?.toSeconds ?? 0) / 8, 9);
    });
    expect(analysis.repetitions).toHaveLength(2);
  });

  it('says what is wrong with frames that are out of order, and that there is nothing where a coach left nothing', () => {
    const shuffled = { ...contents.cleaned, timesSeconds: contents.cleaned.timesSeconds.slice().reverse() };
    const { repetitions, problem } = measureAnalysis({ ...contents, cleaned: shuffled }, {});
    expect([repetitions.length, problem]).toEqual([0, expect.stringMatching(/.+\./)]);
    expect(measureAnalysis(contents, { repetitions: [] }).problem).toBe('No repetition is seen in this clip.');
  });
});

it('frameAt gives the nearest frame', () => {
  const times = Float64Array.of(0, 0.1, 0.2, 0.4);
  expect([-1, 0.04, 0.06, 0.29, 0.31, 9].map((time) => frameAt(times, time))).toEqual([0, 0, 1, 2, 3, 3]);
});
