import { describe, expect, it } from 'vitest';
import { keypointIndex } from '../../../models/skeletons.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import { measureMotion } from '../../../worker/pipeline/measure-motion.ts';
import { copyOf, drawWalker, skeleton } from './drawn-walker.ts';

/** One frame of a person who stands, in metres; single keypoints may be put elsewhere. */
function posture(changes: Readonly<Record<string, readonly [number, number, number]>>): Motion {
  const motion = copyOf(drawWalker({ seconds: 1 / 30, noiseMetres: 0 }));
  const standing: Record<string, readonly [number, number, number]> = {
    shoulder: [0.2, -0.5, 0],
    elbow: [0.2, -0.2, 0],
    wrist: [0.2, 0.05, 0],
    hip: [0.1, 0, 0],
    knee: [0.1, 0.4, 0],
    ankle: [0.1, 0.8, 0],
  };
  for (const [joint, [x, y, z]] of Object.entries(standing)) {
    for (const [side, sign] of [
      ['left', 1],
      ['right', -1],
    ] as const) {
      const name = `${side}_${joint}`;
      const place = changes[name] ?? [sign * x, y, z];
      const keypoint = keypointIndex(skeleton, name);
      motion.landmarks3d.set(place, keypoint * 3);
      motion.landmarks2d.set([500 + 200 * place[0], 500 + 200 * place[1]], keypoint * 4);
    }
  }
  return motion;
}

function anglesOf(motion: Motion): Record<string, number> {
  const { descriptors, angles } = measureMotion(motion, skeleton);
  return Object.fromEntries(descriptors.map(({ id }, i) => [id, angles[i] ?? Number.NaN]));
}

describe('measureMotion', () => {
  it('is zero throughout for a person who stands straight', () => {
    const angles = anglesOf(posture({}));
    expect(Object.keys(angles)).toEqual([
      'left_elbow_flexion',
      'left_shoulder_elevation',
      'left_hip_flexion',
      'left_knee_flexion',
      'right_elbow_flexion',
      'right_shoulder_elevation',
      'right_hip_flexion',
      'right_knee_flexion',
      'trunk_tilt',
      'hip_shoulder_separation',
    ]);
    for (const value of Object.values(angles)) expect(value).toBeCloseTo(0, 4);
  });

  it('measures each joint on its own side, in depth as well', () => {
    const angles = anglesOf(
      posture({
        left_wrist: [0.2, -0.2, -0.25],
        right_elbow: [-0.5, -0.5, 0],
        right_wrist: [-0.75, -0.5, 0],
        left_ankle: [0.1, 0.4, 0.4],
        right_knee: [-0.1, 0, -0.4],
        right_ankle: [-0.1, 0.4, -0.4],
      }),
    );
    expect(angles['left_elbow_flexion']).toBeCloseTo(90, 4);
    expect(angles['right_elbow_flexion']).toBeCloseTo(0, 4);
    expect(angles['right_shoulder_elevation']).toBeCloseTo(90, 4);
    expect(angles['left_shoulder_elevation']).toBeCloseTo(0, 4);
    expect(angles['left_knee_flexion']).toBeCloseTo(90, 4);
    expect(angles['right_knee_flexion']).toBeCloseTo(90, 4);
    expect(angles['right_hip_flexion']).toBeCloseTo(90, 4);
    expect(angles['left_hip_flexion']).toBeCloseTo(0, 4);
  });

  it('measures the lean of the trunk in the picture, positive to the right', () => {
    const lean = (dx: number) =>
      anglesOf(posture({ left_shoulder: [0.2 + dx, -0.5, 0], right_shoulder: [-0.2 + dx, -0.5, 0] }))['trunk_tilt'];
    expect(lean(0.5)).toBeCloseTo(45, 3);
    expect(lean(-0.5)).toBeCloseTo(-45, 3);
  });

  it('measures the turn of the shoulders against the hips, positive to the athlete’s right', () => {
    // Seen from above, the athlete faces the camera: his right shoulder goes back, his left one comes forward.
    const turned = (degrees: number, lean = 0) => {
      const [x, z] = [0.2 * Math.cos((degrees * Math.PI) / 180), 0.2 * Math.sin((degrees * Math.PI) / 180)];
      const shoulders = { left_shoulder: [x, -0.5, lean - z], right_shoulder: [-x, -0.5, lean + z] } as const;
      return anglesOf(posture(shoulders))['hip_shoulder_separation'];
    };
    expect(turned(40)).toBeCloseTo(40, 3);
    expect(turned(-25)).toBeCloseTo(-25, 3);
    expect(turned(120)).toBeCloseTo(120, 3);
    expect(turned(0, -0.3)).toBeCloseTo(0, 3);
  });

  it('says nothing of a joint that is hardly seen or missing', () => {
    const motion = posture({});
    motion.landmarks2d[keypointIndex(skeleton, 'left_wrist') * 4 + 2] = 0.1;
    const shoulder = keypointIndex(skeleton, 'right_shoulder');
    motion.landmarks2d.fill(Number.NaN, shoulder * 4, shoulder * 4 + 4);
    const angles = anglesOf(motion);
    expect(angles['left_elbow_flexion']).toBeNaN();
    expect(angles['right_elbow_flexion']).toBeNaN();
    expect(angles['trunk_tilt']).toBeNaN();
    expect(angles['left_knee_flexion']).toBeCloseTo(0, 4);
  });

  it('measures every frame, and only what the skeleton has', () => {
    const motion = drawWalker();
    expect(measureMotion(motion, skeleton).angles).toHaveLength(motion.timesSeconds.length * 10);
    const legs = { ...skeleton, names: skeleton.names.map((name) => name.replace('wrist', 'hand')) };
    expect(measureMotion(motion, legs).descriptors.map(({ id }) => id)).not.toContain('left_elbow_flexion');
  });
});
