import { describe, expect, it } from 'vitest';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { filmClip } from '../../accuracy/athlete/film/film-clip.ts';
import { drawnPitchOf, productEvents, type ScoredEvent, truthMotion } from '../../accuracy/score/truth-motion.ts';
import { clipsOfSet } from '../../accuracy/sets.ts';

const exact = { uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.05 }, draws: 1 };
const checked = ['peakKneeHeight', 'footContact', 'maximumExternalRotation', 'release'] as const;

describe('moments of a population’s pitches, from joints without error', () => {
  it.each([30, 60, 120, 240])('are found to a frame at %i frames a second, to 1/120 s at more than 120', (rate) => {
    for (let seed = 1; seed <= 7; seed++) {
      const hand = seed % 3 === 0 ? 'left' : 'right';
      const { motion, events } = drawnPitchOf({ seed, hand, framesPerSecond: rate, shift: (seed % 5) / 5 });
      const [repetition, ...others] = profiles.pitching.measure({ motion, ...exact });
      expect(others, `seed ${seed}`).toEqual([]);
      expect(repetition?.hand, `seed ${seed}`).toBe(hand);
      for (const event of checked) {
        const apart = Number(repetition?.events[event]?.timeSeconds) - Number(events[event]);
        expect(Math.abs(apart), `seed ${seed} ${event}`).toBeLessThanOrEqual(1 / Math.min(rate, 120));
      }
    }
  });
});

describe('the truth of a clip', () => {
  it('is the drawn pitch again, wherever its camera stands and however it turns', () => {
    const recipe = clipsOfSet('full').find(({ name }) => name === 'panned-rear');
    if (recipe === undefined) throw new Error('the set has no panned clip');
    const { truth } = filmClip(recipe);
    const { seed, hand } = recipe.athlete;
    const { framesPerSecond } = truth;
    const from = recipe.fromSeconds ?? 0;
    const drawn = drawnPitchOf({ seed, hand, framesPerSecond, shift: (from * framesPerSecond) % 1 });
    const before = Math.floor(from * framesPerSecond);
    const clip = truthMotion(truth);
    // Frames show the middle of their exposure, a few milliseconds after they begin.
    const wrists = [clip, drawn.motion].map(({ joints }) => joints[`${hand}_ankle`] ?? new Float64Array());
    for (let frame = 0; frame < 10; frame++) {
      for (let axis = 0; axis < 3; axis++) {
        const apart = Number(wrists[0]?.[frame * 3 + axis]) - Number(wrists[1]?.[(frame + before) * 3 + axis]);
        expect(Math.abs(apart)).toBeLessThan(0.02);
      }
    }
    const events: Partial<Record<ScoredEvent, number>> = productEvents(truth.events);
    expect(Number(events.release) + from).toBeCloseTo(Number(drawn.events.release), 2);
  });
});
