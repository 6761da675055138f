import { describe, expect, it } from 'vitest';
import { derivative, highest, unwrapDegrees, valueAt } from '../../../worker/biomechanics/rates.ts';

/** Times that are never evenly apart. */
const timesSeconds = Float64Array.from({ length: 60 }, (_, i) => i * 0.01 + (i % 3) * 0.002);
const of = (f: (t: number) => number) => timesSeconds.map(f);

describe('derivative', () => {
  it('is exact for a parabola on uneven times, but for its ends', () => {
    const rates = derivative({ timesSeconds, values: of((t) => 3 * t * t - 2 * t + 1) });
    for (let i = 1; i < timesSeconds.length - 1; i++) {
      expect(rates[i]).toBeCloseTo(6 * (timesSeconds[i] as number) - 2, 9);
    }
  });

  it('leaves missing samples missing and looks to one side beside them', () => {
    const values = of((t) => 5 * t);
    values[10] = Number.NaN;
    values[12] = Number.NaN;
    const rates = derivative({ timesSeconds, values });
    expect(rates[10]).toBeNaN();
    expect(rates[9]).toBeCloseTo(5, 9);
    expect(rates[11]).toBeNaN();
    expect(rates[13]).toBeCloseTo(5, 9);
  });
});

describe('highest', () => {
  it('finds the top between samples', () => {
    const peak = highest({ timesSeconds, values: of((t) => 7 - 40 * (t - 0.2537) ** 2) });
    expect(peak?.timeSeconds).toBeCloseTo(0.2537, 9);
    expect(peak?.value).toBeCloseTo(7, 9);
  });

  it('keeps to the samples that it is given, and knows none', () => {
    expect(highest({ timesSeconds, values: of((t) => t), first: 5, end: 20 })?.frame).toBe(19);
    expect(highest({ timesSeconds, values: of(() => Number.NaN) })).toBeUndefined();
  });
});

describe('valueAt', () => {
  const signal = { timesSeconds, values: of((t) => 4 * t) };
  it('is on the line between two samples, and exact at them', () => {
    expect(valueAt(signal, 0.1234)).toBeCloseTo(0.4936, 9);
    for (const time of timesSeconds) expect(valueAt(signal, time)).toBeCloseTo(4 * time, 12);
  });
  it('knows nothing outside', () => {
    expect(valueAt(signal, -0.001)).toBeNaN();
    expect(valueAt(signal, 10)).toBeNaN();
  });
});

it('unwrapDegrees takes jumps of whole turns out, over gaps too', () => {
  const turned = Float64Array.of(170, 179, -172, Number.NaN, -160, 150);
  expect([...unwrapDegrees(turned)]).toEqual([170, 179, 188, Number.NaN, 200, 150]);
});
