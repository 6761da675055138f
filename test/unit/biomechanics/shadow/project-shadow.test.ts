import { describe, expect, it } from 'vitest';
import { type JointName, jointAt, toJointMotion } from '../../../../worker/biomechanics/joint-motion.ts';
import type { Motion } from '../../../../worker/biomechanics/motion.ts';
import { createNormal } from '../../../../worker/biomechanics/random.ts';
import { castShadow } from '../../../../worker/biomechanics/shadow/cast-shadow.ts';
import { fitPictureScale } from '../../../../worker/biomechanics/shadow/fit-picture-scale.ts';
import { projectShadow } from '../../../../worker/biomechanics/shadow/project-shadow.ts';
import { drawnRepetition, withMotion } from './drawn-repetition.ts';

const grounded = drawnRepetition(60);
const names = Object.keys(grounded.motion.joints) as JointName[];
const { timesSeconds } = grounded.motion;
const focalPixels = 1500;
const distanceMetres = 12;

/** The drawn pitch from the third-base side, as an analysis would give it: a real camera, and landmarks around the hips. */
function filmed(noisePixels: number): Motion {
  const normal = createNormal(4);
  const landmarks2d = new Float32Array(timesSeconds.length * names.length * 4);
  const landmarks3d = new Float32Array(timesSeconds.length * names.length * 3);
  timesSeconds.forEach((_, frame) => {
    const point = (name: JointName): number[] => Array.from(jointAt(grounded.motion, name, frame));
    const [left, right] = [point('left_hip'), point('right_hip')];
    const hips = left.map((value, axis) => (value + Number(right[axis])) / 2);
    names.forEach((name, keypoint) => {
      const [x = 0, y = 0, z = 0] = point(name);
      const scale = focalPixels / (distanceMetres + y);
      const at = frame * names.length + keypoint;
      landmarks2d.set(
        [640 + scale * x + noisePixels * normal(), 500 - scale * (z - 1) + noisePixels * normal(), 1, 1],
        at * 4,
      );
      landmarks3d.set([x - Number(hips[0]), Number(hips[2]) - z, y - Number(hips[1])], at * 3);
    });
  });
  return { timesSeconds, keypointCount: names.length, landmarks2d, landmarks3d };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

describe('the shadow in the athlete’s own picture', () => {
  const motion = filmed(2);
  const joints = toJointMotion({ motion, names, leastVisibility: 0.3 });

  it('has his scale, though a limb is seen elsewhere', () => {
    const astray = filmed(2);
    const wrist = names.indexOf('right_wrist');
    for (let frame = 0; frame < timesSeconds.length; frame++) {
      const at = (frame * names.length + wrist) * 4;
      astray.landmarks2d[at] = Number(astray.landmarks2d[at]) + 180;
    }
    for (const scale of fitPictureScale(astray)) {
      expect(Math.abs(scale / (focalPixels / distanceMetres) - 1)).toBeLessThan(0.04);
    }
  });

  it('of himself lies on him', () => {
    const athlete = withMotion(grounded, joints);
    const shadow = castShadow({ athlete, reference: athlete });
    const { joints: drawn, points } = projectShadow({ shadow: shadow.motion, motion, names, firstFrame: 0 });
    expect([...drawn].sort()).toEqual([...names].sort());
    const apart = timesSeconds.reduce<number[]>((all, _, frame) => {
      for (const [j, name] of drawn.entries()) {
        const [at, own] = [(frame * drawn.length + j) * 2, (frame * names.length + names.indexOf(name)) * 4];
        const du = Number(points[at]) - Number(motion.landmarks2d[own]);
        all.push(Math.hypot(du, Number(points[at + 1]) - Number(motion.landmarks2d[own + 1])));
      }
      return all;
    }, []);
    // He is 230 pixels high; leaving perspective out costs a few.
    expect(median(apart)).toBeLessThan(6);
    expect(Math.max(...apart)).toBeLessThan(25);
  });

  it('starts at the frame that the repetition starts at, and is missing where he is', () => {
    const from = 20;
    const cut = {
      ...joints,
      timesSeconds: timesSeconds.slice(from),
      joints: Object.fromEntries(Object.entries(joints.joints).map(([name, points]) => [name, points.slice(from * 3)])),
    };
    const whole = projectShadow({ shadow: joints, motion, names, firstFrame: 0 });
    const part = projectShadow({ shadow: cut, motion, names, firstFrame: from });
    expect([...part.points]).toEqual([...whole.points.slice(from * whole.joints.length * 2)]);
    const unseen: Motion = {
      ...motion,
      landmarks2d: motion.landmarks2d.map((value, i) => (i % 4 < 2 ? Number.NaN : value)),
    };
    expect(projectShadow({ shadow: cut, motion: unseen, names, firstFrame: from }).points.every(Number.isNaN)).toBe(
      true,
    );
  });
});
