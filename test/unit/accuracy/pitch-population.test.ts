import { describe, expect, it } from 'vitest';
import { type Rig, sides } from '../../accuracy/athlete/body/rig.ts';
import { type StandingBody, stand } from '../../accuracy/athlete/body/stand.ts';
import { drawCharacter } from '../../accuracy/athlete/film/character.ts';
import { type Ground, groundHeight, levelGround } from '../../accuracy/athlete/motion/mound.ts';
import { measurePitch, type PitchMeasures } from '../../accuracy/athlete/motion/pitch-measures.ts';
import type { PitchMotion } from '../../accuracy/athlete/motion/pitch-motion.ts';
import { drawPitchStyle, pitchSpreads } from '../../accuracy/athlete/motion/pitch-style.ts';
import { createSquatMotion } from '../../accuracy/athlete/motion/squat-motion.ts';
import { styledPitch } from '../../accuracy/athlete/motion/styled-pitch.ts';
import { add, distance, dot, place, scale, subtract, type Vector3 } from '../../accuracy/athlete/vector.ts';

interface Athlete {
  readonly seed: number;
  readonly rig: Rig;
  readonly motion: PitchMotion;
  readonly ground: Ground;
}

function pitcher(seed: number, kind: 'pitch' | 'throw' = 'pitch'): Athlete {
  const { rig } = drawCharacter({ seed, throwingHand: 'right' });
  const ground = kind === 'pitch' ? groundHeight : levelGround;
  return { seed, rig, ground, motion: styledPitch(rig, drawPitchStyle(seed, kind), ground) };
}

const population = Array.from({ length: 200 }, (_, index) => pitcher(index + 1));
const some = [
  ...population.filter((_, index) => index % 10 === 0),
  ...[1, 2, 3, 4, 5, 6].map((seed) => pitcher(seed, 'throw')),
];

describe('two hundred pitchers', () => {
  const measured = population.map(({ rig, motion }) => measurePitch(rig, motion));

  it.each(Object.entries(pitchSpreads) as [keyof PitchMeasures, { mean: number; deviation: number }][])(
    'spread as the literature says: %s',
    (name, published) => {
      const values = measured.map((pitch) => pitch.values[name]);
      const mean = average(values);
      const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
      expect(Math.abs(mean - published.mean)).toBeLessThan(published.deviation / 3);
      expect(deviation / published.deviation).toBeGreaterThan(0.6);
      expect(deviation / published.deviation).toBeLessThan(1.4);
    },
  );

  it('turn the trunk after the pelvis, and reach their events in order', () => {
    const lags = measured.map((pitch) => pitch.lag * 1000);
    expect(average(lags)).toBeGreaterThan(13 - 19 / 3);
    expect(average(lags)).toBeLessThan(13 + 19 / 3);
    for (const { motion, seed } of population) {
      const { firstMovement, peakKneeHeight, footContact, footPlant, ballRelease, ...shoulder } = motion.events;
      const { maximumExternalRotation, maximumInternalRotation } = shoulder;
      const inOrder = [firstMovement, peakKneeHeight, footContact, footPlant, maximumExternalRotation];
      inOrder.push(ballRelease, maximumInternalRotation, motion.durationSeconds);
      expect(inOrder, `seed ${seed}`).toEqual(inOrder.toSorted((a, b) => a - b));
    }
  });

  it('are of many bodies, and the same for the same seed', () => {
    const heights = population.map(({ rig }) => rig.lengths.height);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(1.65);
    expect(Math.max(...heights)).toBeLessThanOrEqual(2);
    expect(new Set(heights.map((height) => Math.round(height * 100))).size).toBeGreaterThan(15);
    expect(pitcher(7).motion.posture(1.6)).toEqual(population[6]?.motion.posture(1.6));
  });
});

describe('every throw', () => {
  it('keeps its feet on the ground, planted where they land', () => {
    for (const { seed, rig, motion, ground } of some) {
      const { footPlant, firstMovement, ballRelease } = motion.events;
      const at = (time: number): StandingBody => stand(rig, motion.posture(time));
      const lead = at(footPlant + 0.03).left.ball;
      const pivot = at(0).right.ball;
      for (const time of timesTo(motion.durationSeconds, 0.05)) {
        const body = at(time);
        if (time < firstMovement + 0.4) expect(distance(body.right.ball, pivot), `pivot, ${seed}`).toBeLessThan(0.004);
        if (time > footPlant + 0.03 && time < ballRelease + 0.5) {
          expect(distance(body.left.ball, lead), `lead foot, seed ${seed}, ${time} s`).toBeLessThan(0.02);
        }
        for (const side of sides) {
          const { ball } = body[side];
          expect(ball[2] - ground(ball[0]), `seed ${seed}, ${time} s`).toBeGreaterThan(0);
        }
      }
    }
  });

  it('moves without a jump', () => {
    const step = 1 / 1000;
    for (const { seed, rig, motion } of some) {
      const at = (time: number): StandingBody => stand(rig, motion.posture(time));
      for (const time of timesTo(motion.durationSeconds, 0.023)) {
        const [before, now, after] = [at(time - step), at(time), at(time + step)];
        for (const side of sides) {
          for (const joint of ['shoulder', 'elbow', 'wrist', 'knee', 'ankle'] as const) {
            const middle = scale(add(after[side][joint], before[side][joint]), 0.5);
            const acceleration = (2 * distance(middle, now[side][joint])) / step ** 2;
            expect(acceleration, `${side} ${joint}, seed ${seed}, ${time} s`).toBeLessThan(4500);
          }
        }
      }
    }
  });

  it('passes no forearm or hand through trunk or head', () => {
    for (const { seed, rig, motion } of some) {
      for (const time of timesTo(motion.durationSeconds, 0.04)) {
        const body = stand(rig, motion.posture(time));
        const trunk: Segment = [place(body.bones.pelvis, rig.pelvis), place(body.bones.neck, rig.neck)];
        const head = place(body.bones.head, [0, 0, 0.945 * rig.lengths.height]);
        for (const side of sides) {
          const { elbow, wrist } = body[side];
          const where = `${side}, seed ${seed}, ${time.toFixed(2)} s`;
          expect(gap([elbow, wrist], trunk), `forearm and trunk, ${where}`).toBeGreaterThan(0.11);
          expect(gap([elbow, wrist], [head, head]), `forearm and head, ${where}`).toBeGreaterThan(0.1);
        }
      }
    }
  });
});

describe('a squat', () => {
  it('sinks and rises three times over feet that stay', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { rig } = drawCharacter({ seed });
      const motion = createSquatMotion(rig, seed);
      const bodies = timesTo(motion.durationSeconds, 0.02).map((time) => stand(rig, motion.posture(time)));
      const [first] = bodies;
      if (!first) throw new Error('A motion without frames');
      const flexion = bodies.map(({ left }) => kneeFlexion(left.hip, left.knee, left.ankle));
      const deepest = Math.max(...flexion);
      expect(deepest, `seed ${seed}`).toBeGreaterThan(75);
      expect(deepest, `seed ${seed}`).toBeLessThan(135);
      const deep = flexion.map((value) => value > deepest * 0.75);
      expect(deep.filter((value, index) => value && !deep[index - 1])).toHaveLength(3);
      for (const body of bodies) {
        for (const side of sides) {
          expect(distance(body[side].ball, first[side].ball)).toBeLessThan(0.003);
          expect(body[side].ball[2]).toBeGreaterThan(0);
        }
        // The middle of the trunk stays over the feet: he does not fall.
        const middle = place(body.bones.thorax, rig.thorax)[0];
        expect(middle).toBeGreaterThan(-0.3);
        expect(middle).toBeLessThan(0.3);
      }
    }
  });
});

type Segment = readonly [Vector3, Vector3];

function gap(a: Segment, b: Segment): number {
  const steps = Array.from({ length: 9 }, (_, index) => index / 8);
  return Math.min(...steps.map((share) => toSegment(add(scale(a[0], 1 - share), scale(a[1], share)), b)));
}

function toSegment(point: Vector3, [start, end]: Segment): number {
  const along = subtract(end, start);
  const squared = dot(along, along);
  const share = squared === 0 ? 0 : Math.max(0, Math.min(1, dot(subtract(point, start), along) / squared));
  return distance(point, add(start, scale(along, share)));
}

function kneeFlexion(hip: Vector3, knee: Vector3, ankle: Vector3): number {
  const thigh = subtract(knee, hip);
  const shank = subtract(ankle, knee);
  return (Math.acos(dot(thigh, shank) / (distance(knee, hip) * distance(ankle, knee))) * 180) / Math.PI;
}

function timesTo(end: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor(end / step) }, (_, index) => index * step);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
