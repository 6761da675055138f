import { describe, expect, it } from 'vitest';
import { pictureDeviations } from '../../../worker/pipeline/uncertainty.ts';
import { drawWalker, skeleton, withoutSamples } from '../clean/drawn-walker.ts';

const count = skeleton.names.length;
const motion = drawWalker();
const frames = motion.timesSeconds.length;
const nose = skeleton.names.indexOf('nose');
const deviationsOf = (spread: number, of = motion, cuts: number[] = []): Float32Array =>
  pictureDeviations({ motion: of, spreads: new Float32Array(frames * count).fill(spread), skeleton, cuts });
const at = (deviations: Float32Array, frame: number): number => deviations[frame * count + nose] ?? Number.NaN;

describe('pictureDeviations', () => {
  it('grows with the spread of the looks, up to where a larger one says nothing more', () => {
    const [close, apart, far, farther] = [0, 5, 50, 500].map((spread) => at(deviationsOf(spread), 30)) as number[];
    expect(close).toBeGreaterThan(0);
    expect(apart).toBeGreaterThan(close ?? 0);
    expect(far).toBeGreaterThan(apart ?? 0);
    expect(farther).toBe(far);
  });

  it('takes the usual spread where there was one look', () => {
    const usual = at(deviationsOf(Number.NaN), 30);
    expect(usual).toBeGreaterThan(at(deviationsOf(0), 30));
    expect(usual).toBeLessThan(at(deviationsOf(50), 30));
  });

  it('grows where the model does not see the keypoint', () => {
    const hidden = { ...motion, landmarks2d: motion.landmarks2d.map((value, i) => (i % 4 === 2 ? 0.1 : value)) };
    expect(at(deviationsOf(2, hidden), 30)).toBeGreaterThan(2 * at(deviationsOf(2), 30));
  });

  it('says nothing where there is no keypoint', () => {
    const deviations = deviationsOf(2, withoutSamples(motion, [4], /nose/));
    expect(at(deviations, 4)).toBeNaN();
    expect(at(deviations, 5)).toBeGreaterThan(0);
  });

  it('carries nothing across a hard cut', () => {
    const spreads = Float32Array.from({ length: frames * count }, (_, i) => (i < 40 * count ? 8 : 0));
    const at40 = (cuts: number[]): number => at(pictureDeviations({ motion, spreads, skeleton, cuts }), 40);
    expect(at40([40])).toBeLessThan(at40([]));
  });
});
