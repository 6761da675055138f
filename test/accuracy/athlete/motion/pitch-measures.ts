/** What a throw measures, by the definitions that the drawn values have: right-handed motions. */

import { hipShoulderSeparationDegrees } from '../../hip-shoulder-separation.ts';
import type { Rig } from '../body/rig.ts';
import { type StandingBody, stand } from '../body/stand.ts';
import {
  distance,
  dot,
  inverse,
  multiply,
  type Rotation,
  radiansPerDegree,
  rotate,
  subtract,
  type Vector3,
} from '../vector.ts';
import type { PitchMotion } from './pitch-motion.ts';

/** Degrees, degrees per second, and for the stride percent of standing height. */
export interface PitchMeasures {
  /** Rear ankle at the start to lead ankle at foot plant. */
  readonly strideLength: number;
  readonly abductionAtPlant: number;
  readonly horizontalAbductionAtPlant: number;
  readonly externalRotationAtPlant: number;
  readonly elbowFlexionAtPlant: number;
  readonly maximumElbowFlexion: number;
  readonly maximumExternalRotation: number;
  readonly maximumSeparation: number;
  /** Of the line from hips to shoulders at release, in the plane of home plate and the vertical. */
  readonly forwardTilt: number;
  /** Of the same line, to the glove side. */
  readonly lateralTilt: number;
  readonly kneeFlexionAtPlant: number;
  readonly kneeExtension: number;
  /** Peaks of the turn about the segment's own long axis. */
  readonly pelvisSpeed: number;
  readonly trunkSpeed: number;
  /** Forearm above the horizontal at release. */
  readonly armSlot: number;
}

export interface MeasuredPitch {
  readonly values: PitchMeasures;
  /** Seconds by which the trunk's peak follows the pelvis's. */
  readonly lag: number;
}

const step = 0.005;

/** When the joints themselves say it, seconds. */
export function measureEvents(
  rig: Rig,
  motion: PitchMotion,
): Pick<PitchMotion['events'], 'peakKneeHeight' | 'maximumExternalRotation' | 'maximumInternalRotation'> {
  const { firstMovement, footContact, footPlant, ballRelease, maximumInternalRotation } = motion.events;
  const rotation = (time: number): number => motion.posture(time).rightArm.externalRotation;
  const kneeHeight = (time: number): number => stand(rig, motion.posture(time)).left.knee[2];
  const least = (time: number): number => -rotation(time);
  return {
    peakKneeHeight: best(timesBetween(firstMovement, footContact - 0.2, 0.01), kneeHeight).time,
    maximumExternalRotation: best(timesBetween(footPlant, ballRelease, 0.001), rotation).time,
    maximumInternalRotation: best(timesBetween(ballRelease, maximumInternalRotation + 0.03, 0.001), least).time,
  };
}

export function measurePitch(rig: Rig, motion: PitchMotion): MeasuredPitch {
  const { events } = motion;
  const plant = stand(rig, motion.posture(events.footPlant));
  const release = stand(rig, motion.posture(events.ballRelease));
  const armAtPlant = motion.posture(events.footPlant).rightArm;
  const start = events.footContact - 0.1;
  const times = timesBetween(start, events.maximumInternalRotation, step);
  const postures = times.map(motion.posture);
  const bodies = postures.map((posture) => stand(rig, posture));
  const cocking = times.filter((time) => time <= events.ballRelease);
  const rotation = (time: number): number => motion.posture(time).rightArm.externalRotation;
  const nearly = best(cocking, (_, index) => postures[index]?.rightArm.externalRotation ?? 0).time;
  const most = best(timesBetween(nearly - step, nearly + step, step / 5), rotation).value;
  const pelvis = best(times.slice(1), (_, index) => turnSpeed(bodies, 'pelvis', index + 1));
  const trunk = best(times.slice(1), (_, index) => turnSpeed(bodies, 'thorax', index + 1));
  const up = trunkLine(release);
  const fore = subtract(release.right.wrist, release.right.elbow);
  return {
    values: {
      strideLength: (distance(plant.left.ankle, stand(rig, motion.posture(0)).right.ankle) / rig.lengths.height) * 100,
      abductionAtPlant: armAtPlant.abduction,
      horizontalAbductionAtPlant: armAtPlant.horizontalAbduction,
      externalRotationAtPlant: armAtPlant.externalRotation,
      elbowFlexionAtPlant: armAtPlant.elbowFlexion,
      maximumElbowFlexion: best(cocking, (_, index) => postures[index]?.rightArm.elbowFlexion ?? 0).value,
      maximumExternalRotation: most,
      maximumSeparation: Math.max(
        ...bodies.slice(0, cocking.length).map(({ left, right }) =>
          hipShoulderSeparationDegrees({
            leftShoulder: left.shoulder,
            rightShoulder: right.shoulder,
            leftHip: left.hip,
            rightHip: right.hip,
            hand: 'right',
          }),
        ),
      ),
      forwardTilt: Math.atan2(up[0], up[2]) / radiansPerDegree,
      lateralTilt: Math.atan2(up[1], up[2]) / radiansPerDegree,
      kneeFlexionAtPlant: kneeFlexion(plant),
      kneeExtension: kneeFlexion(plant) - kneeFlexion(release),
      pelvisSpeed: pelvis.value,
      trunkSpeed: trunk.value,
      armSlot: Math.atan2(fore[2], Math.hypot(fore[0], fore[1])) / radiansPerDegree,
    },
    lag: trunk.time - pelvis.time,
  };
}

function timesBetween(from: number, to: number, every: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
}

function best(
  times: readonly number[],
  value: (time: number, index: number) => number,
): { time: number; value: number } {
  return times.reduce(
    (found, time, index) => {
      const now = value(time, index);
      return now > found.value ? { time, value: now } : found;
    },
    { time: times[0] ?? 0, value: Number.NEGATIVE_INFINITY },
  );
}

function trunkLine({ left, right }: StandingBody): Vector3 {
  return [0, 1, 2].map(
    (axis) =>
      ((left.shoulder[axis] ?? 0) + (right.shoulder[axis] ?? 0) - (left.hip[axis] ?? 0) - (right.hip[axis] ?? 0)) / 2,
  ) as unknown as Vector3;
}

function kneeFlexion({ left }: StandingBody): number {
  const thigh = subtract(left.knee, left.hip);
  const shank = subtract(left.ankle, left.knee);
  return Math.acos(dot(thigh, shank) / Math.sqrt(dot(thigh, thigh) * dot(shank, shank))) / radiansPerDegree;
}

function turnSpeed(bodies: readonly StandingBody[], bone: 'pelvis' | 'thorax', index: number): number {
  const before = bodies[index - 1]?.bones[bone].rotation;
  const now = bodies[index]?.bones[bone].rotation;
  if (!before || !now) return 0;
  const turn: Rotation = multiply(now, inverse(before));
  const sign = turn[3] < 0 ? -1 : 1;
  const sine = Math.hypot(turn[0], turn[1], turn[2]);
  if (sine < 1e-12) return 0;
  const angle = (2 * Math.atan2(sine, sign * turn[3])) / radiansPerDegree;
  const axis: Vector3 = [(sign * turn[0]) / sine, (sign * turn[1]) / sine, (sign * turn[2]) / sine];
  return (angle * dot(axis, rotate(now, [0, 0, 1]))) / step;
}
