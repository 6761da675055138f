import { describe, expect, it } from 'vitest';
import { type JointMotion, type JointName, jointAt } from '../../../../worker/biomechanics/joint-motion.ts';
import { boneLengths, pathOf } from '../../../../worker/biomechanics/shadow/body-tree.ts';
import { castShadow } from '../../../../worker/biomechanics/shadow/cast-shadow.ts';
import { mirrorMotion } from '../../../../worker/biomechanics/shadow/mirror-motion.ts';
import { distance } from '../../../../worker/biomechanics/vectors.ts';
import { mapPoints, mirrored } from '../pitching/drawn-pitch.ts';
import { drawnRepetition, onClock, styledRepetition, turned, withMotion } from './drawn-repetition.ts';

const athlete = drawnRepetition();
const { events } = athlete;

function frameAt(event: string): number {
  return athlete.motion.timesSeconds.findIndex((time) => time >= Number(events[event]?.timeSeconds));
}

/** Greatest distance of a joint to the athlete's own, where both are; metres. Frames first..end-1. */
function farthest(shadow: JointMotion, own: JointMotion, first = 0, end = own.timesSeconds.length): number {
  let most = 0;
  for (const joint of Object.keys(own.joints) as JointName[]) {
    for (let frame = first; frame < end; frame++) {
      most = Math.max(most, distance(jointAt(shadow, joint, frame), jointAt(own, joint, frame)));
    }
  }
  return most;
}

/** A body whose bones are as long in every frame as in the first: the drawn shoulder blades move. */
const shoulderSlide = 0.05;

describe('a shadow', () => {
  it('of the athlete himself lies on him', () => {
    const shadow = castShadow({ athlete, reference: athlete });
    expect(farthest(shadow.motion, athlete.motion)).toBeLessThan(shoulderSlide);
    const apart = shadow.referenceSeconds.map((time, frame) =>
      Math.abs(time - Number(athlete.motion.timesSeconds[frame])),
    );
    expect(Math.max(...apart)).toBeLessThan(1e-9);
    expect(shadow.isMirrored).toBe(false);
  });

  it.each([
    [
      'of a larger body',
      withMotion(
        athlete,
        mapPoints(athlete.motion, (p) => p.map((value) => value * 1.25)),
      ),
    ],
    ['of one that faces elsewhere', withMotion(athlete, mapPoints(athlete.motion, turned(137)))],
    ['of one that faces away', withMotion(athlete, mapPoints(athlete.motion, turned(-178)))],
    ['of a left-hander', { ...withMotion(athlete, mirrored(athlete.motion)), hand: 'left' as const }],
    ['of a slower one', onClock(athlete, (seconds) => 5 + seconds * 1.4)],
  ])('%s is the same', (_, reference) => {
    const shadow = castShadow({ athlete, reference });
    const plain = castShadow({ athlete, reference: withMotion(athlete, athlete.motion) });
    // Outside the events the reference goes on at its own speed.
    const [first, end] = [frameAt('firstMovement') + 1, frameAt('maximumInternalRotation') - 1];
    expect(farthest(shadow.motion, plain.motion, first, end)).toBeLessThan(1e-6);
    expect(shadow.isMirrored).toBe(reference.hand === 'left');
  });

  it('has the athlete’s bones and hips, and the reference’s pose', () => {
    const other = styledRepetition(3, 60);
    const reference = withMotion(
      other,
      mapPoints(other.motion, (point) => point.map((value) => value * 0.8)),
    );
    const { motion } = castShadow({ athlete, reference });
    const [own, wanted] = [boneLengths(motion), boneLengths(athlete.motion)];
    for (const bone of ['left_elbow', 'right_wrist', 'left_knee', 'right_ankle', 'mid_shoulder'] as const) {
      expect(own[bone], bone).toBeCloseTo(wanted[bone] as number, 6);
    }
    expect(pathOf(motion, 'mid_hip')?.[30]).toBeCloseTo(Number(pathOf(athlete.motion, 'mid_hip')?.[30]), 9);
    expect(farthest(motion, athlete.motion)).toBeGreaterThan(0.2);
  });

  it('turns level with a camera that was not, when asked to', () => {
    const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
    const tilted = withMotion(
      athlete,
      mapPoints(athlete.motion, ([x, y, z]) => [c * x - s * z, y, s * x + c * z]),
    );
    const plain = castShadow({ athlete, reference: withMotion(athlete, athlete.motion) });
    const levelled = castShadow({ athlete, reference: tilted, isTilted: true });
    expect(farthest(levelled.motion, plain.motion)).toBeLessThan(1e-4);
    expect(farthest(castShadow({ athlete, reference: tilted }).motion, plain.motion)).toBeGreaterThan(0.1);
  });

  it('is missing where the reference shows nothing, and only there', () => {
    const half = athlete.motion.timesSeconds.length >> 1;
    const cut: JointMotion = {
      ...athlete.motion,
      timesSeconds: athlete.motion.timesSeconds.slice(half),
      joints: Object.fromEntries(
        Object.entries(athlete.motion.joints).map(([name, points]) => [
          name,
          name === 'left_elbow' ? points.slice(half * 3).fill(Number.NaN) : points.slice(half * 3),
        ]),
      ),
    };
    const { motion, referenceSeconds } = castShadow({ athlete, reference: { ...athlete, motion: cut } });
    const isThere = (joint: JointName, frame: number): boolean => Number.isFinite(jointAt(motion, joint, frame)[0]);
    expect([isThere('right_wrist', half - 1), isThere('right_wrist', half)]).toEqual([false, true]);
    expect([referenceSeconds[half - 1], referenceSeconds[half]]).toEqual([
      Number.NaN,
      athlete.motion.timesSeconds[half],
    ]);
    expect([isThere('left_shoulder', half), isThere('left_elbow', half), isThere('left_wrist', half)]).toEqual([
      ...[true, false, false],
    ]);
  });

  it('mirrors twice to the same', () => {
    expect(mirrorMotion(mirrorMotion(athlete.motion))).toEqual(athlete.motion);
    expect(mirrorMotion(athlete.motion).joints.left_wrist?.[1]).toBe(-Number(athlete.motion.joints.right_wrist?.[1]));
  });
});
