import { describe, expect, it } from 'vitest';
import { FrameOrderError } from '../../../../worker/biomechanics/frame-order.ts';
import type { JointMotion } from '../../../../worker/biomechanics/joint-motion.ts';
import { pitchingProfile } from '../../../../worker/biomechanics/pitching/pitching-profile.ts';
import { createRandom } from '../../../../worker/biomechanics/random.ts';
import { drawnPitch, mapPoints, mirrored } from './drawn-pitch.ts';

interface Measured {
  readonly hand: string;
  readonly values: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, string>>;
  readonly times: Readonly<Record<string, number>>;
}

function measure(motion: JointMotion): Measured {
  const [repetition, ...others] = pitchingProfile.measure({
    motion,
    // What is compared here are the values; intervals have tests of their own.
    ...{ uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.05 }, draws: 2 },
  });
  expect(others).toEqual([]);
  if (repetition === undefined) throw new Error('no pitch was found');
  const { hand, metrics, events } = repetition;
  const measured = metrics.flatMap(({ metric: { id, unit }, value }) =>
    'value' in value ? [{ id, unit, value: value.value }] : [],
  );
  expect(measured.length).toBe(metrics.length);
  return {
    hand: hand ?? '',
    values: Object.fromEntries(measured.map(({ id, value }) => [id, value])),
    units: Object.fromEntries(measured.map(({ id, unit }) => [id, unit])),
    times: Object.fromEntries(Object.entries(events).map(([id, { timeSeconds }]) => [id, timeSeconds])),
  };
}

function expectSame(found: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [id, value] of Object.entries(wanted)) expect(found[id], id).toBeCloseTo(value, 5);
}

describe('what is measured of a pitch', () => {
  const pitch = drawnPitch({ framesPerSecond: 120, withHead: true });
  const plain = measure(pitch);

  it('is the same in a mirror, with the other hand', () => {
    const other = measure(mirrored(pitch));
    expect([plain.hand, other.hand]).toEqual(['right', 'left']);
    expectSame(other.values, plain.values);
    expectSame(other.times, plain.times);
  });

  it('does not depend on where the thrower stands and faces', () => {
    const [cosine, sine] = [Math.cos(2.1), Math.sin(2.1)];
    const turned = mapPoints(pitch, ([x, y, z]) => [cosine * x - sine * y + 4, sine * x + cosine * y - 7, z]);
    const found = measure({ ...turned, towardsTarget: [cosine, sine, 0] });
    expectSame(found.values, plain.values);
    expectSame(found.times, plain.times);
  });

  it('of a larger body has the same angles, stride and times, and faster hands', () => {
    const found = measure(mapPoints(pitch, (point) => point.map((value) => value * 1.3)));
    expectSame(found.values, { ...plain.values, peakHandSpeed: Number(plain.values['peakHandSpeed']) * 1.3 });
    expectSame(found.times, plain.times);
  });

  it('on a clock that runs slower has slower speeds and the same angles', () => {
    const factor = 1.04;
    const found = measure({ ...pitch, timesSeconds: pitch.timesSeconds.map((time) => time * factor) });
    for (const [id, value] of Object.entries(plain.values)) {
      const unit = plain.units[id] ?? '';
      const scale = unit.endsWith('/second') ? 1 / factor : /second/.test(unit) ? factor : 1;
      // The filter's cut-off and the landed foot's speed stay as they are.
      const slack = unit === 'milliseconds' ? 4 : 0.012 * Math.abs(value) + 0.5;
      expect(Math.abs(Number(found.values[id]) - value * scale), id).toBeLessThan(slack);
    }
  });

  it('is refused where frames are shuffled or times do not increase', () => {
    const random = createRandom(5);
    const order = [...pitch.timesSeconds.keys()].map((frame) => [random(), frame] as const).sort((a, b) => a[0] - b[0]);
    const joints = Object.fromEntries(
      Object.entries(pitch.joints).map(([name, points]) => [
        name,
        Float64Array.from(order.flatMap(([, frame]) => [...points.subarray(frame * 3, frame * 3 + 3)])),
      ]),
    );
    expect(() => measure({ ...pitch, joints })).toThrow(FrameOrderError);
    expect(() => measure({ ...pitch, timesSeconds: pitch.timesSeconds.toReversed() })).toThrow(FrameOrderError);
  });
});
