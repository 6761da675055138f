import { describe, expect, it } from 'vitest';
import { findSwaps } from '../../../worker/biomechanics/find-swaps.ts';
import { limbGroups, pairsOfGroups } from '../../../worker/biomechanics/limb-groups.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import { drawWalker, skeleton, withoutSamples, withSwaps } from './drawn-walker.ts';

const arms = /elbow|wrist|pinky|thumb|hand|^left_index/;
const legs = /knee|ankle|heel|foot/;
const everything = /./;

function swapsIn(motion: Motion, stepSeconds = 0): Record<number, number> {
  const bits = findSwaps({ motion, skeleton, firstFrame: 0, endFrame: motion.timesSeconds.length, stepSeconds });
  return Object.fromEntries([...bits].flatMap((state, frame) => (state ? [[frame, state]] : [])));
}

/** Puts frame `frame` of `into` between what it is in `from` and what it is now. */
function blend(from: Motion, into: Motion, frame: number, share: number): void {
  for (const [key, width] of [
    ['landmarks2d', 4],
    ['landmarks3d', 3],
  ] as const) {
    const length = into.keypointCount * width;
    for (let i = frame * length; i < (frame + 1) * length; i++) {
      into[key][i] = Number(from[key][i]) + share * (Number(into[key][i]) - Number(from[key][i]));
    }
  }
}

const all = (frames: readonly number[], state: number): Record<number, number> =>
  Object.fromEntries(frames.map((frame) => [frame, state]));

describe('findSwaps', () => {
  it.each([24, 30, 60, 120])(
    'leaves a walker alone whose legs and arms cross, at %i frames a second',
    (framesPerSecond) => {
      expect(swapsIn(drawWalker({ framesPerSecond }))).toEqual({});
      expect(swapsIn(drawWalker({ framesPerSecond, halfDepthMetres: 0 }))).toEqual({});
      expect(swapsIn(drawWalker({ framesPerSecond }), 0.05)).toEqual({});
    },
  );

  it('finds, over longer steps, a swap that the model slides into over a few frames', () => {
    const frames = Array.from({ length: 40 }, (_, i) => 160 + i);
    const walker = drawWalker({ framesPerSecond: 240, seconds: 2 });
    const slid = withSwaps(walker, frames, legs);
    [1 / 3, 2 / 3].forEach((share, i) => {
      blend(walker, slid, 160 + i, share);
      blend(walker, slid, 199 - i, share);
    });
    const sure = frames.slice(2, -2);
    expect(swapsIn(slid)).toEqual({});
    const found = swapsIn(slid, 0.033);
    for (const frame of sure) expect(found[frame]).toBe(2);
    expect(Object.keys(found).every((frame) => frames.includes(Number(frame)))).toBe(true);
  });

  // The stride crosses at 0, 0.5, 1 ... seconds and is widest in between.
  const wide = [36, 37, 38, 39];
  it.each([
    ['legs', legs, 2],
    ['arms', arms, 1],
    ['shoulders and arms', /shoulder|elbow|wrist|pinky|thumb|^left_index/, 1],
    ['the whole body', everything, 7],
  ] as const)('finds a swap of %s', (_, names, state) => {
    expect(swapsIn(withSwaps(drawWalker(), wide, names))).toEqual(all(wide, state));
    expect(swapsIn(withSwaps(drawWalker(), [37], names))).toEqual(all([37], state));
  });

  it('finds several swaps of different limbs', () => {
    const motion = withSwaps(withSwaps(drawWalker(), wide, legs), [67, 68], arms);
    expect(swapsIn(motion)).toEqual({ ...all(wide, 2), ...all([67, 68], 1) });
  });

  it('finds a swap that begins where the legs cross, but for the frames in which they are together', () => {
    const frames = [45, 46, 47, 48, 49, 50, 51, 52];
    const found = swapsIn(withSwaps(drawWalker(), frames, legs));
    for (const frame of frames.slice(1)) expect(found[frame]).toBe(2);
    expect(Object.keys(found).every((frame) => Number(frame) >= 44 && Number(frame) <= 52)).toBe(true);
  });

  it('finds a swap at the start and at the end of a shot', () => {
    expect(swapsIn(withSwaps(drawWalker({ seconds: 3.3 }), [0, 1, 2, 3, 4, 5, 6, 7], legs))).toMatchObject(
      all([1, 2, 3, 4, 5, 6, 7], 2),
    );
    const frames = [95, 96, 97, 98];
    expect(swapsIn(withSwaps(drawWalker({ seconds: 3.3 }), frames, legs))).toEqual(all(frames, 2));
  });

  it('passes over missing frames and copes with next to nothing', () => {
    const holed = withoutSamples(withSwaps(drawWalker(), wide, legs), [35, 40], everything);
    expect(swapsIn(holed)).toEqual(all(wide, 2));
    expect(swapsIn(drawWalker({ seconds: 0.06 }))).toEqual({});
    const nobody = drawWalker({ seconds: 1 });
    expect(swapsIn(withoutSamples(nobody, [...nobody.timesSeconds.keys()], everything))).toEqual({});
  });
});

describe('pairsOfGroups', () => {
  it('puts every pair into one group', () => {
    const groups = pairsOfGroups(skeleton);
    const names = limbGroups.map((group) => groups[group].map(([left]) => skeleton.names[left]));
    expect(names).toEqual([
      ['left_shoulder', 'left_elbow', 'left_wrist', 'left_pinky', 'left_index', 'left_thumb'],
      ['left_knee', 'left_ankle', 'left_heel', 'left_foot_index'],
      ['left_eye_inner', 'left_eye', 'left_eye_outer', 'left_ear', 'mouth_left', 'left_hip'],
    ]);
  });
});
