import { describe, expect, it } from 'vitest';
import { createRig, sides } from '../../accuracy/athlete/body/rig.ts';
import { type StandingBody, stand } from '../../accuracy/athlete/body/stand.ts';
import { groundHeight } from '../../accuracy/athlete/motion/mound.ts';
import { createPitchMotion } from '../../accuracy/athlete/motion/pitch-motion.ts';
import { add, distance, dot, place, scale, subtract, type Vector3 } from '../../accuracy/athlete/vector.ts';

const rig = createRig({ heightMetres: 1.86, build: 1 });
const motion = createPitchMotion(rig);
const { events } = motion;
const at = (timeSeconds: number): StandingBody => stand(rig, motion.posture(timeSeconds));
const times = Array.from({ length: 361 }, (_, index) => index / 120);

describe('the pitch', () => {
  it('keeps every segment at its length', () => {
    for (const time of times) {
      const body = at(time);
      for (const side of sides) {
        const { shoulder, elbow, wrist, hip, knee, ankle } = body[side];
        expect(distance(shoulder, elbow)).toBeCloseTo(rig.lengths.upperArm, 9);
        expect(distance(elbow, wrist)).toBeCloseTo(rig.lengths.forearm, 9);
        expect(distance(hip, knee)).toBeCloseTo(rig.lengths.thigh, 9);
        expect(distance(knee, ankle)).toBeCloseTo(rig.lengths.shank, 9);
      }
    }
  });

  it('moves without a jump', () => {
    const step = 1 / 1000;
    for (const time of times) {
      const [before, now, after] = [at(time - step), at(time), at(time + step)];
      for (const side of sides) {
        for (const joint of ['shoulder', 'elbow', 'wrist', 'knee', 'ankle'] as const) {
          const speed = distance(after[side][joint], before[side][joint]) / (2 * step);
          const middle = scale(add(after[side][joint], before[side][joint]), 0.5);
          const acceleration = (2 * distance(middle, now[side][joint])) / step ** 2;
          expect(speed).toBeLessThan(26);
          expect(acceleration).toBeLessThan(3500);
        }
      }
    }
  });

  it('keeps a planted foot where it stands and no foot below the ground', () => {
    const lead = at(events.footPlant + 0.03).left.ball;
    for (const time of times) {
      const body = at(time);
      if (time < 1.05) expect(distance(body.right.ball, at(0).right.ball)).toBeLessThan(0.002);
      if (time > events.footPlant + 0.03) expect(distance(body.left.ball, lead)).toBeLessThan(0.01);
      for (const side of sides) {
        const { ball } = body[side];
        expect(ball[2] - groundHeight(ball[0])).toBeGreaterThan(0);
      }
    }
  });

  it('has events and angles inside published spreads', () => {
    const stride = distance(at(events.footPlant).left.ankle, at(0).right.ankle) / rig.lengths.height;
    expect(stride).toBeGreaterThan(0.77);
    expect(stride).toBeLessThan(0.9);
    const arm = (time: number) => motion.posture(time).rightArm;
    const steps = times.map((time) => 1.4 + time * 0.15);
    const rotation = steps.map((time) => arm(time).externalRotation);
    const most = Math.max(...rotation);
    expect(most).toBeGreaterThan(155);
    expect(most).toBeLessThan(181);
    expect(Math.abs((steps[rotation.indexOf(most)] ?? 0) - events.maximumExternalRotation)).toBeLessThan(0.006);
    expect(Math.max(...steps.map((time) => arm(time).elbowFlexion))).toBeGreaterThan(95);
    const separation = times.map((time) => motion.posture(time).pelvis.yaw - motion.posture(time).thorax.yaw);
    expect(Math.max(...separation)).toBeGreaterThan(24);
    expect(Math.max(...separation)).toBeLessThan(60);
    const { thorax } = motion.posture(events.ballRelease);
    expect(thorax.forward).toBeGreaterThan(21);
    expect(thorax.forward).toBeLessThan(48);
    const knee = times.map((time) => at(time).left.knee[2]);
    expect(Math.abs((times[knee.indexOf(Math.max(...knee))] ?? 0) - events.peakKneeHeight)).toBeLessThan(0.05);
  });

  it('passes no limb through the trunk or through another limb', () => {
    for (const time of times) {
      const body = at(time);
      const trunk: Segment = [place(body.bones.pelvis, rig.pelvis), place(body.bones.neck, rig.neck)];
      for (const side of sides) {
        const { elbow, wrist, hip, knee, ankle } = body[side];
        const hand = place(body.bones[`${side}-hand`], add(rig[side].wrist, [0, side === 'left' ? 0.09 : -0.09, 0]));
        expect(gap([elbow, wrist], trunk), `${side} forearm, ${time} s`).toBeGreaterThan(0.14);
        expect(gap([wrist, hand], trunk), `${side} hand, ${time} s`).toBeGreaterThan(0.13);
        for (const other of sides) {
          const leg = body[other];
          expect(gap([wrist, hand], [leg.hip, leg.knee]), `${side} hand, ${other} thigh, ${time} s`).toBeGreaterThan(
            0.09,
          );
        }
        expect(gap([hip, knee], [knee, ankle])).toBeLessThan(1e-9);
      }
      expect(
        gap([body.left.knee, body.left.ankle], [body.right.knee, body.right.ankle]),
        `shanks, ${time} s`,
      ).toBeGreaterThan(0.1);
    }
  });
});

type Segment = readonly [Vector3, Vector3];

/** Shortest distance between two segments, by stepping along the first. */
function gap(a: Segment, b: Segment): number {
  const steps = Array.from({ length: 21 }, (_, index) => index / 20);
  return Math.min(...steps.map((share) => toSegment(add(scale(a[0], 1 - share), scale(a[1], share)), b)));
}

function toSegment(point: Vector3, [start, end]: Segment): number {
  const along = subtract(end, start);
  const share = Math.max(0, Math.min(1, dot(subtract(point, start), along) / dot(along, along)));
  return distance(point, add(start, scale(along, share)));
}
