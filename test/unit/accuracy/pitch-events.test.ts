import { beforeAll, describe, expect, it } from 'vitest';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { filmClip } from '../../accuracy/athlete/film/film-clip.ts';
import type { ClipTruth } from '../../accuracy/clip-truth.ts';
import { fitOneCamera } from '../../accuracy/score/fit-one-camera.ts';
import { type FilmedPitch, scorePitch } from '../../accuracy/score/pitch-score.ts';
import { drawnPitchOf, productEvents, type ScoredEvent, truthMotion } from '../../accuracy/score/truth-motion.ts';
import { clipsOfSet } from '../../accuracy/sets.ts';

const exact = { uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.05 }, draws: 1 };
/** A slow machine has many a second for each. */
const patient = 30_000;
const checked = ['peakKneeHeight', 'footContact', 'maximumExternalRotation', 'release'] as const;

describe('moments of a population’s pitches, from joints without error', () => {
  it.each([30, 60, 120, 240])(
    'are found to a frame at %i frames a second, to 1/120 s at more than 120',
    (rate) => {
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
    },
    patient,
  );
});

describe('the truth of a clip', () => {
  const found = clipsOfSet('full').find(({ name }) => name === 'panned-rear');
  if (found === undefined) throw new Error('the set has no panned clip');
  const recipe = found;
  let truth: ClipTruth;
  beforeAll(() => {
    truth = filmClip(recipe).truth;
  }, patient);

  it('is the drawn pitch again, wherever its camera stands and however it turns', () => {
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

  it(
    'scores what is found by it: nothing is wrong with the truth itself, shrunk depth is wrong along the sight',
    () => {
      const itself = scorePitch(seenWithDepth(truth, 1), exact);
      expect(itself.isHandFound).toBe(true);
      expect(itself.events.map(({ event }) => event)).toContain('release');
      for (const { event, errorSeconds } of itself.events) {
        if (event !== 'firstMovement') expect(Math.abs(errorSeconds), event).toBeLessThan(0.025);
      }
      const tilt = itself.metrics.find(({ id }) => id === 'trunkLateralTiltAtRelease');
      // The camera looks down by a few degrees, which the product does not know.
      expect(Math.abs(Number(tilt?.value) - Number(tilt?.truth))).toBeLessThan(6);
      const { joints, biases, intervalScales } = fitOneCamera(Array(7).fill(seenWithDepth(truth, 0.4)), 8).views.end;
      for (const group of ['wrist', 'ankle'] as const) {
        expect(joints[group].along).toBeGreaterThan(0.05);
        expect(joints[group].across).toBe(0);
      }
      expect(Math.abs(Number(biases['elbowFlexionAtFootContact']))).toBeGreaterThan(3);
      expect(intervalScales['elbowFlexionAtFootContact']).toBe(0.4);
    },
    patient,
  );
});

/** The truth as a camera of the product's sees it, its depth shrunk. */
function seenWithDepth(truth: ClipTruth, kept: number): FilmedPitch {
  const { timesSeconds, joints } = truthMotion(truth);
  const found = Object.keys(joints).map((name) => {
    const at = (truth.keypoints as readonly string[]).indexOf(name);
    const root = ['left_hip', 'right_hip'].map((hip) => (truth.keypoints as readonly string[]).indexOf(hip));
    const points = truth.points3d.flatMap((frame) => {
      const [x = 0, y = 0, z = 0] = frame[at] ?? [];
      const middle = root.reduce((sum, hip) => sum + Number(frame[hip]?.[2]) / 2, 0);
      return [x, middle + kept * (z - middle), -y];
    });
    return [name, Float64Array.from(points)];
  });
  const motion = { timesSeconds, joints: Object.fromEntries(found), isGrounded: false, lineOfSight: [0, 1, 0] };
  return { truth, found: motion };
}
