import { describe, expect, it } from 'vitest';
import { lowPassCoefficients, lowPassEvenly } from '../../../worker/biomechanics/butterworth.ts';

const samplesPerSecond = 100;

function sine(hertz: number, count = 1000, phase = 0.3): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / samplesPerSecond + phase));
}

/** Amplitude and phase of one frequency in the middle of a signal (whole periods). */
function response(values: Float64Array, hertz: number): { gain: number; phase: number } {
  let inPhase = 0;
  let quadrature = 0;
  for (let i = 300; i < 700; i++) {
    const angle = (2 * Math.PI * hertz * i) / samplesPerSecond + 0.3;
    inPhase += (values[i] as number) * Math.sin(angle);
    quadrature += (values[i] as number) * Math.cos(angle);
  }
  return { gain: Math.hypot(inPhase, quadrature) / 200, phase: Math.atan2(quadrature, inPhase) };
}

describe('lowPassEvenly', () => {
  it('is 3 dB down at the cut-off, of fourth order around it, and has no phase', () => {
    for (const hertz of [2, 5, 8, 10, 20]) {
      const { gain, phase } = response(lowPassEvenly({ values: sine(hertz), cutoffHertz: 8, samplesPerSecond }), hertz);
      // Two second-order passes of the corrected cut-off, on the warped frequency axis of the bilinear transform.
      const warped = (f: number): number => Math.tan((Math.PI * f) / samplesPerSecond);
      const relative = warped(hertz) / (warped(8) / (Math.SQRT2 - 1) ** 0.25);
      expect(gain).toBeCloseTo(1 / (1 + relative ** 4), 6);
      expect(phase).toBeCloseTo(0, 6);
      if (hertz === 8) expect(gain).toBeCloseTo(Math.SQRT1_2, 6);
    }
  });

  it('leaves constants and straight lines alone, to the very ends', () => {
    const line = Float64Array.from({ length: 50 }, (_, i) => 3 - 0.7 * i);
    const filtered = lowPassEvenly({ values: line, cutoffHertz: 5, samplesPerSecond });
    filtered.forEach((value, i) => void expect(value).toBeCloseTo(line[i] as number, 3));
    const constant = new Float64Array(12).fill(4);
    lowPassEvenly({ values: constant, cutoffHertz: 5, samplesPerSecond }).forEach((value) => {
      expect(value).toBeCloseTo(4, 10);
    });
  });

  it('rounds a step symmetrically: no delay', () => {
    const step = Float64Array.from({ length: 201 }, (_, i) => (i < 100 ? 0 : i > 100 ? 1 : 0.5));
    const filtered = lowPassEvenly({ values: step, cutoffHertz: 6, samplesPerSecond });
    for (let k = 0; k <= 60; k++) {
      expect((filtered[100 + k] as number) + (filtered[100 - k] as number)).toBeCloseTo(1, 3);
    }
  });

  it('agrees with scipy.signal.filtfilt (odd padding of 13)', () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => ((i * 37) % 11) + 0.1 * i);
    const filtered = lowPassEvenly({ values, cutoffHertz: 6, samplesPerSecond: 50 });
    const expected = {
      0: 0.0004956162,
      1: 2.7787191848,
      7: 6.8559644557,
      20: 7.5091331718,
      38: 7.8461545616,
      39: 5.9002291902,
    };
    for (const [i, value] of Object.entries(expected)) expect(filtered[Number(i)]).toBeCloseTo(value, 9);
  });

  it('does not change its input and copes with very short signals', () => {
    const values = Float64Array.from([1, 5, 2]);
    lowPassEvenly({ values, cutoffHertz: 5, samplesPerSecond });
    expect([...values]).toEqual([1, 5, 2]);
    expect([...lowPassEvenly({ values: Float64Array.from([7]), cutoffHertz: 5, samplesPerSecond })]).toEqual([7]);
    expect(lowPassEvenly({ values: new Float64Array(), cutoffHertz: 5, samplesPerSecond })).toHaveLength(0);
  });

  it('refuses a cut-off that the sample rate does not carry', () => {
    expect(() => lowPassCoefficients({ cutoffHertz: 50, samplesPerSecond })).toThrow(RangeError);
    expect(() => lowPassCoefficients({ cutoffHertz: 0, samplesPerSecond })).toThrow(RangeError);
  });
});
