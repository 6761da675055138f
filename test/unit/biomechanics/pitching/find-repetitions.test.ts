import { describe, expect, it } from 'vitest';
import type { JointMotion } from '../../../../worker/biomechanics/joint-motion.ts';
import { pitchingProfile } from '../../../../worker/biomechanics/pitching/pitching-profile.ts';
import { drawnPitch } from './drawn-pitch.ts';

const exactly = { uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.05 }, draws: 2 };

/** One motion after the other; in between the body goes evenly from where one ends to where the next begins. */
function joined(first: JointMotion, second: JointMotion, pauseSeconds: number): JointMotion {
  const interval = Number(first.timesSeconds[1]) - Number(first.timesSeconds[0]);
  const waiting = Math.round(pauseSeconds / interval);
  const frames = first.timesSeconds.length + waiting + second.timesSeconds.length;
  const joints = Object.fromEntries(
    Object.entries(first.joints).map(([name, points]) => {
      const after = second.joints[name as keyof typeof second.joints] ?? new Float64Array();
      const [from, to] = [points.subarray(-3), after.subarray(0, 3)];
      const wait = Array.from({ length: waiting }, (_, i) =>
        Array.from(from, (value, axis) => value + ((Number(to[axis]) - value) * (i + 1)) / (waiting + 1)),
      );
      return [name, Float64Array.from([...points, ...wait.flat(), ...after])];
    }),
  );
  return { ...first, timesSeconds: Float64Array.from({ length: frames }, (_, i) => i * interval), joints };
}

describe('several pitches in one motion', () => {
  const pitch = drawnPitch({ framesPerSecond: 100, withHead: true });
  const [alone] = pitchingProfile.measure({ motion: pitch, ...exactly });

  it('become several repetitions that measure what each does alone', () => {
    const found = pitchingProfile.measure({ motion: joined(pitch, pitch, 1.5), ...exactly });
    expect(found).toHaveLength(2);
    const [first, second] = found;
    expect(Number(second?.fromSeconds)).toBeGreaterThanOrEqual(Number(first?.toSeconds) - 0.1);
    const apart = Number(second?.events['release']?.timeSeconds) - Number(first?.events['release']?.timeSeconds);
    expect(apart).toBeCloseTo(3.4, 1);
    for (const { metrics } of found) {
      metrics.forEach(({ metric, value }, i) => {
        const wanted = alone?.metrics[i]?.value;
        if (!('value' in value) || wanted === undefined || !('value' in wanted)) throw new Error(metric.id);
        expect(Math.abs(value.value - wanted.value), metric.id).toBeLessThan(0.3);
      });
    }
  });

  it('do not count a fast arm that no leg lift goes before', () => {
    // The second throw begins after its leg lift.
    const throwOnly = drawnPitch({ framesPerSecond: 100, fromSeconds: 1.35, withHead: true });
    expect(pitchingProfile.measure({ motion: joined(pitch, throwOnly, 2.6), ...exactly })).toHaveLength(1);
  });
});
