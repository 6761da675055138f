import { describe, expect, it } from 'vitest';
import { disturbJoints } from '../../../worker/biomechanics/disturb-joints.ts';
import type { JointMotion } from '../../../worker/biomechanics/joint-motion.ts';

const frames = 6000;
const motion: JointMotion = {
  timesSeconds: Float64Array.from({ length: frames }, (_, i) => i / 100),
  joints: { nose: new Float64Array(frames * 3).fill(1), left_hip: new Float64Array(frames * 3).fill(Number.NaN) },
  isGrounded: true,
};
const uncertainty = { sigmaMetres: () => 0.02, correlationSeconds: 0.05 };

function xOf(disturbed: JointMotion): number[] {
  return Array.from({ length: frames }, (_, frame) => (disturbed.joints.nose?.[frame * 3] ?? Number.NaN) - 1);
}

describe('disturbJoints', () => {
  const errors = xOf(disturbJoints(motion, uncertainty, 3));
  const covariance = (lag: number) =>
    errors.slice(lag).reduce((sum, error, i) => sum + error * (errors[i] ?? 0), 0) / (frames - lag);

  it('moves joints by what it is told, with errors that fade over time', () => {
    expect(Math.sqrt(covariance(0))).toBeGreaterThan(0.0185);
    expect(Math.sqrt(covariance(0))).toBeLessThan(0.0215);
    // Five frames are one correlation time.
    expect(covariance(5) / covariance(0)).toBeGreaterThan(0.29);
    expect(covariance(5) / covariance(0)).toBeLessThan(0.45);
  });

  it('is the same for the same seed, leaves the motion alone, and missing joints missing', () => {
    const again = disturbJoints(motion, uncertainty, 3);
    expect(xOf(again)).toEqual(errors);
    expect(xOf(disturbJoints(motion, uncertainty, 4))).not.toEqual(errors);
    expect(motion.joints.nose?.every((value) => value === 1)).toBe(true);
    expect(again.joints.left_hip?.every(Number.isNaN)).toBe(true);
  });
});
