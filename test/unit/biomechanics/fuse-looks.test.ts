import { describe, expect, it } from 'vitest';
import { fuseLooks, type Look } from '../../../worker/biomechanics/fuse-looks.ts';
import { drawWalker, skeleton, withSwaps } from '../clean/drawn-walker.ts';
import { seededNoise } from './seeded-noise.ts';

const legs = /knee|ankle|heel|foot/;
const count = skeleton.names.length;
/** Widest stride. */
const frame = 7;
const walker = drawWalker({ noiseMetres: 0 });

function lookAt(motion = walker): Look {
  return {
    landmarks2d: motion.landmarks2d.slice(frame * count * 4, (frame + 1) * count * 4),
    landmarks3d: motion.landmarks3d.slice(frame * count * 3, (frame + 1) * count * 3),
  };
}

/** x and y of every keypoint moved by noise of that many pixels. */
function noisy(noise: () => number, pixels: number): Look {
  const { landmarks2d, landmarks3d } = lookAt();
  return { landmarks2d: landmarks2d.map((value, i) => (i % 4 < 2 ? value + pixels * noise() : value)), landmarks3d };
}

const truth = lookAt();
const swapped = lookAt(withSwaps(walker, [frame], legs));
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe('fuseLooks', () => {
  it('gives one look back as it is, and says nothing of its spread', () => {
    const { spreads, ...pose } = fuseLooks([truth], skeleton);
    expect(pose).toEqual(truth);
    expect(spreads.every(Number.isNaN)).toBe(true);
  });

  it('says by the spread how far looks lie apart', () => {
    const noise = seededNoise(3);
    const looks = Array.from({ length: 5 }, () => noisy(noise, 4));
    const { spreads } = fuseLooks(looks, skeleton);
    const mean = spreads.reduce((sum, value) => sum + value, 0) / count;
    expect(mean).toBeGreaterThan(3);
    expect(mean).toBeLessThan(5);
  });

  it('lies nearer to the truth than its looks', () => {
    const noise = seededNoise(4);
    const looks = Array.from({ length: 5 }, () => noisy(noise, 4));
    const errorOf = (look: Look): number =>
      look.landmarks2d.reduce((sum, value, i) => sum + Math.abs(value - (truth.landmarks2d[i] ?? 0)), 0);
    const fused = errorOf(fuseLooks(looks, skeleton));
    for (const look of looks) expect(fused).toBeLessThan(0.7 * errorOf(look));
  });

  it.each([
    ['first', [swapped, truth, truth]],
    ['second', [truth, swapped, truth]],
    ['fourth', [truth, truth, truth, swapped, truth]],
  ])('takes sides with the majority when the %s look took left for right', (_, looks) => {
    const { landmarks2d, landmarks3d, spreads } = fuseLooks(looks, skeleton);
    expect(farthest(landmarks2d, truth.landmarks2d)).toBeLessThan(1e-3);
    expect(farthest(landmarks3d, truth.landmarks3d)).toBeLessThan(1e-6);
    expect(Math.max(...spreads)).toBeLessThan(1e-3);
  });

  it('takes sides with the first of two, and never a leg in the middle between left and right', () => {
    expect(farthest(fuseLooks([truth, swapped], skeleton).landmarks2d, truth.landmarks2d)).toBeLessThan(1e-3);
    expect(farthest(fuseLooks([swapped, truth], skeleton).landmarks2d, swapped.landmarks2d)).toBeLessThan(1e-3);
  });

  it('hardly moves for one keypoint that one look sees elsewhere', () => {
    const astray = lookAt();
    const wrist = skeleton.names.indexOf('right_wrist');
    astray.landmarks2d[wrist * 4] = (astray.landmarks2d[wrist * 4] ?? 0) + 200;
    const { landmarks2d, spreads } = fuseLooks([truth, astray, truth], skeleton);
    expect(farthest(landmarks2d, truth.landmarks2d)).toBeLessThan(1);
    expect(spreads[wrist]).toBeGreaterThan(50);
  });

  it('believes a look that sees a keypoint more than one that guesses it', () => {
    const knee = skeleton.names.indexOf('left_knee') * 4;
    const guess = lookAt();
    guess.landmarks2d.set([(truth.landmarks2d[knee] ?? 0) + 20, truth.landmarks2d[knee + 1] ?? 0, 0.1], knee);
    const { landmarks2d } = fuseLooks([truth, guess], skeleton);
    expect(Math.abs((landmarks2d[knee] ?? 0) - (truth.landmarks2d[knee] ?? 0))).toBeLessThan(1);
  });
});
