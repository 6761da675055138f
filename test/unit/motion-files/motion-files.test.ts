import { describe, expect, it } from 'vitest';
import { type JointMotion, type JointName, jointAt, jointNames } from '../../../worker/biomechanics/joint-motion.ts';
import { pitchingProfile } from '../../../worker/biomechanics/pitching/pitching-profile.ts';
import { distance, type Vector } from '../../../worker/biomechanics/vectors.ts';
import { readH36mNpy, writeH36mNpy } from '../../../worker/motion-files/h36m.ts';
import { jointPlaces } from '../../../worker/motion-files/joint-names.ts';
import { MotionFileError } from '../../../worker/motion-files/motion-file-error.ts';
import type { NamedPoints } from '../../../worker/motion-files/named-points.ts';
import { pointsToMotion } from '../../../worker/motion-files/points-to-motion.ts';
import { readC3d } from '../../../worker/motion-files/read-c3d.ts';
import { readMotionFile } from '../../../worker/motion-files/read-motion-file.ts';
import { readTrc } from '../../../worker/motion-files/trc.ts';
import { motionToC3d, motionToMot, motionToTrc } from '../../../worker/motion-files/write-motion.ts';
import { drawnPitch } from '../biomechanics/pitching/drawn-pitch.ts';
import { rewriteC3d } from './rewrite-c3d.ts';

const pitch = drawnPitch({ framesPerSecond: 60 });
const missingFrame = 20;
/** The throwing wrist is missing in one frame. */
const gapped: JointMotion = {
  ...pitch,
  joints: {
    ...pitch.joints,
    right_wrist: pitch.joints.right_wrist?.map((value, at) =>
      Math.floor(at / 3) === missingFrame ? Number.NaN : value,
    ) as Float64Array,
  },
};

function expectSameMotion(found: JointMotion, wanted: JointMotion, metres: number): void {
  const start = Number(wanted.timesSeconds[0]) - Number(found.timesSeconds[0]);
  expect(found.timesSeconds.length).toBe(wanted.timesSeconds.length);
  found.timesSeconds.forEach((time, i) => {
    expect(time + start).toBeCloseTo(Number(wanted.timesSeconds[i]), 4);
  });
  expect(Object.keys(found.joints).sort()).toEqual(Object.keys(wanted.joints).sort());
  for (const joint of jointNames) {
    const [points, truth] = [found.joints[joint], wanted.joints[joint]];
    points?.forEach((value, at) => {
      const apart = Math.abs(value - Number(truth?.[at]));
      if (Number.isNaN(truth?.[at])) expect(value, joint).toBeNaN();
      else expect(apart, joint).toBeLessThan(metres);
    });
  }
}

/** The points of a motion under other names, in other axes and units. */
function renamed(
  motion: JointMotion,
  names: Readonly<Record<string, JointName>>,
  change: (point: readonly number[]) => readonly number[] = (point) => point,
): NamedPoints {
  const count = Object.keys(names).length;
  const points = new Float64Array(motion.timesSeconds.length * count * 3);
  Object.values(names).forEach((joint, place) => {
    for (let frame = 0; frame < motion.timesSeconds.length; frame++) {
      const from = motion.joints[joint]?.subarray(frame * 3, frame * 3 + 3) ?? [];
      points.set(change([...from]), (frame * count + place) * 3);
    }
  });
  return { names: Object.keys(names), timesSeconds: motion.timesSeconds, points };
}

const laboratory: Readonly<Record<string, JointName>> = {
  ...{ shoulder_jc: 'right_shoulder', elbow_jc: 'right_elbow', wrist_jc: 'right_wrist', rear_hip: 'right_hip' },
  ...{ rear_knee_jc: 'right_knee', rear_ankle_jc: 'right_ankle', glove_shoulder_jc: 'left_shoulder' },
  ...{ glove_elbow_jc: 'left_elbow', glove_wrist_jc: 'left_wrist', lead_hip: 'left_hip' },
  ...{ lead_knee_jc: 'left_knee', lead_ankle_jc: 'left_ankle' },
};

describe('motions in files', () => {
  it('go through TRC, which is y up, and come back', () => {
    const text = motionToTrc(gapped, 'pitch.trc');
    expect(text.split('\n')[2]).toBe('60\t60\t114\t12\tm\t60\t1\t114');
    expectSameMotion(pointsToMotion(readTrc(text)).motion, gapped, 2e-6);
  });

  it('go through C3D and come back', () => {
    expectSameMotion(pointsToMotion(readC3d(motionToC3d(gapped))).motion, gapped, 1e-6);
  });

  it.each(['intel', 'dec', 'mips'] as const)('are read from C3D of scaled integers and of floats: %s', (processor) => {
    const written = motionToC3d(gapped);
    for (const numbers of ['integers', 'floats'] as const) {
      const read = readC3d(rewriteC3d(written, { processor, numbers }));
      expectSameMotion(pointsToMotion(read).motion, gapped, numbers === 'integers' ? 1e-4 : 1e-6);
    }
  });

  it('go through NumPy as Human3.6M’s joints and come back', () => {
    const read = readH36mNpy(writeH36mNpy(pitch), 60);
    const { motion } = pointsToMotion(read);
    const { nose: _, ...joints } = motion.joints;
    expectSameMotion({ ...motion, joints }, pitch, 1e-6);
  });

  it('are written as OpenSim’s angles', () => {
    const [name, version, rows, columns, unit, end, labels, first] = motionToMot(gapped, 'a pitch').split('\n');
    expect([name, version, rows, columns, unit, end]).toEqual([
      ...['a_pitch', 'version=1', 'nRows=114', 'nColumns=5', 'inDegrees=yes', 'endheader'],
    ]);
    expect(labels).toBe('time\telbow_flex_r\telbow_flex_l\tknee_angle_r\tknee_angle_l');
    const [shoulder, elbow, wrist] = (['right_shoulder', 'right_elbow', 'right_wrist'] as const).map((joint) =>
      jointAt(gapped, joint, 0),
    ) as [Vector, Vector, Vector];
    // By the law of cosines.
    const [a, b, c] = [distance(shoulder, elbow), distance(elbow, wrist), distance(shoulder, wrist)];
    const bend = 180 - (Math.acos((a * a + b * b - c * c) / (2 * a * b)) * 180) / Math.PI;
    expect(Number(first?.split('\t')[1])).toBeCloseTo(bend, 4);
  });

  it.each([
    ['y up', (p: readonly number[]) => [p[0], p[2], -Number(p[1])]],
    ['y down, as cameras have it', (p: readonly number[]) => [p[0], -Number(p[2]), p[1]]],
    ['x up', (p: readonly number[]) => [p[2], p[0], p[1]]],
    ['z down', (p: readonly number[]) => [p[0], -Number(p[1]), -Number(p[2])]],
  ] as const)('stand upright whatever axis is up: %s', (_, change) => {
    const points = renamed(pitch, laboratory, (point) => change(point).map((value) => 1000 * Number(value)));
    expectSameMotion(pointsToMotion(points).motion, pitch, 1e-9);
  });

  it('under the laboratory’s names show by their knees which hand throws, unless they are told', () => {
    const right = pointsToMotion(renamed(pitch, laboratory));
    expect(right.hand).toBe('right');
    expect(right.motion.towardsTarget).toEqual([1, 0, 0]);
    const left = pointsToMotion(renamed(pitch, laboratory, ([x = 0, y = 0, z = 0]) => [x, -y, z]));
    expect(left.hand).toBe('left');
    expect(left.motion.joints.left_wrist?.[2]).toBe(pitch.joints.right_wrist?.[2]);
    expect(pointsToMotion(renamed(pitch, laboratory), { hand: 'left' }).hand).toBe('left');
  });

  it('around the middle of the hips are not grounded', () => {
    const names = Object.fromEntries(Object.keys(pitch.joints).map((name) => [name, name as JointName]));
    const points = renamed(pitch, names);
    const [left, right] = [points.names.indexOf('left_hip'), points.names.indexOf('right_hip')];
    const count = points.names.length;
    const centred = points.points.map((value, at) => {
      const row = Math.floor(at / (count * 3)) * count;
      const axis = at % 3;
      const middle = [left, right].map((place) => Number(points.points[(row + place) * 3 + axis]));
      return value - (Number(middle[0]) + Number(middle[1])) / 2;
    });
    expect(pointsToMotion(points).motion.isGrounded).toBe(true);
    expect(pointsToMotion({ ...points, points: centred }).motion.isGrounded).toBe(false);
  });

  it('with joints that are lost for a moment, or were never there, are measured as far as they go', () => {
    const { left_knee: _, ...others } = pitch.joints;
    const dropped = pitch.joints.right_wrist?.map((value, at) => (Math.floor(at / 3) % 17 === 3 ? 0 : value));
    const names = Object.fromEntries(Object.keys(others).map((name) => [name, name as JointName]));
    const kneeless = renamed({ ...pitch, joints: { ...others, ...(dropped && { right_wrist: dropped }) } }, names);
    const { motion } = pointsToMotion(kneeless);
    expect(motion.joints.left_knee).toBeUndefined();
    // Zeros are how some systems write what they did not see.
    expect(motion.joints.right_wrist?.[9]).toBeNaN();
    const [found] = pitchingProfile.measure({
      motion,
      uncertainty: { sigmaMetres: () => 0.005, correlationSeconds: 0.03 },
      draws: 20,
    });
    const metrics = Object.fromEntries((found?.metrics ?? []).map(({ metric, value }) => [metric.id, value]));
    expect(metrics['leadKneeExtensionToRelease']).toEqual({ notMeasurable: expect.stringContaining('joints') });
    expect(metrics['strideLengthPercentHeight']).toEqual({ notMeasurable: expect.stringContaining('leg lift') });
    const whole = pitchingProfile.measure({
      motion: pitch,
      uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.03 },
      draws: 2,
    });
    const elbow = whole[0]?.metrics.find(({ metric }) => metric.id === 'elbowFlexionAtFootContact')?.value;
    const other = metrics['elbowFlexionAtFootContact'];
    if (!elbow || !other || !('value' in elbow) || !('value' in other)) throw new Error('the elbow is not measured');
    expect(Math.abs(elbow.value - other.value)).toBeLessThan(3);
  });

  it('that cannot be used are refused in a sentence', () => {
    const bytes = new TextEncoder().encode('no motion at all');
    for (const fileName of ['a.trc', 'a.c3d', 'a.npy', 'a.bvh']) {
      expect(() => readMotionFile({ fileName, bytes, framesPerSecond: 60 }), fileName).toThrow(MotionFileError);
    }
    const written = motionToC3d(pitch);
    expect(() => readC3d(written.subarray(0, written.length - 4096))).toThrow(/ends before its last frame/);
    const markers = renamed(pitch, { RSHO: 'right_shoulder', LSHO: 'left_shoulder', RASI: 'right_hip' });
    expect(() => pointsToMotion(markers)).toThrow(/it has: RSHO, LSHO, RASI/);
    const times = pitch.timesSeconds.toReversed();
    expect(() => pointsToMotion({ ...renamed(pitch, laboratory), timesSeconds: times })).toThrow(/do not increase/);
  });
});

describe('jointPlaces', () => {
  it.each([
    ['OpenPose', ['Nose', 'Neck', 'RShoulder', 'LWrist', 'MidHip', 'REar', 'LBigToe', 'RHeel', 'LHip']],
    ['OpenSim', ['nose', 'neck', 'acromial_r', 'radius_hand_l', 'pelvis', 'r_ear', 'mtp_l', 'calc_r', 'hip_l']],
    [
      'with a subject',
      ['A:Nose', 'A:C7', 'A:RSJC', 'A:LWJC', 'A:x', 'A:right ear', 'A:left_foot_index', 'A:Right Heel', 'A:LHJC'],
    ],
  ])('knows the names of %s', (_, names) => {
    expect([...jointPlaces(names, 'right').entries()].sort((a, b) => a[1] - b[1])).toEqual([
      ...([
        ['nose', 0],
        ['right_shoulder', 2],
        ['left_wrist', 3],
        ['right_ear', 5],
      ] as const),
      ...([
        ['left_foot_index', 6],
        ['right_heel', 7],
        ['left_hip', 8],
      ] as const),
    ]);
  });
});
