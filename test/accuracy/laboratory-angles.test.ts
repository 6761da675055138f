import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bodyAngles, hipShoulderSeparationDegrees } from '../../worker/biomechanics/body-angles.ts';
import { subtract, type Vector } from '../../worker/biomechanics/vectors.ts';
import { clipsFolder } from '../integration/media-made-clips.ts';
import { mean } from './score/summary.ts';

const folder = join(clipsFolder, 'openbiomechanics');
const isThere = existsSync(join(folder, 'landmarks.csv')) && existsSync(join(folder, 'joint_angles.csv'));
const because = isThere ? '' : ` (skipped: no laboratory data in ${folder})`;

type Row = Readonly<Record<string, string>>;
interface Pitch {
  readonly name: string;
  /** Of the same moments. */
  readonly landmarks: readonly Row[];
  readonly angles: readonly Row[];
}

/** Three-point angle of the laboratory's joint centres, by our routine, against its own of the same limb. */
const limbs = [
  ['left_elbow_flexion', 'elbow_angle_x', ['shoulder_jc', 'elbow_jc', 'wrist_jc']],
  ['left_elbow_flexion', 'glove_elbow_angle_x', ['glove_shoulder_jc', 'glove_elbow_jc', 'glove_wrist_jc']],
  ['left_knee_flexion', 'rear_knee_angle_x', ['rear_hip', 'rear_knee_jc', 'rear_ankle_jc']],
  ['left_knee_flexion', 'lead_knee_angle_x', ['lead_hip', 'lead_knee_jc', 'lead_ankle_jc']],
] as const;

describe('our angles of a laboratory’s landmarks', () => {
  it.skipIf(!isThere)(`are its own angles of elbows and knees within 3.5°${because}`, () => {
    for (const { name, landmarks, angles } of pitches()) {
      for (const [id, column, joints] of limbs) {
        const definition = bodyAngles.find((angle) => angle.id === id);
        const apart = landmarks.map((row, frame) => {
          const ours = definition?.measure(joints.map((joint) => pointOf(row, joint))) ?? Number.NaN;
          return Math.abs(ours - numberIn(angles[frame], column));
        });
        expect(mean(apart), `${name} ${column}`).toBeLessThan(3.5);
      }
    }
  });

  /*
   * The laboratory turns its ribcage, not the line of the shoulder joints, against the hips, and landmarks.csv does not
   * hold the ribcage's own left and right (thorax_ap follows the glove shoulder). It comes from the laboratory's
   * torso_angle here; the hips' line and the trunk's axis are landmarks.
   */
  it.skipIf(!isThere)(`are its greatest hip-shoulder separation within 1°${because}`, () => {
    for (const { name, landmarks, angles } of pitches()) {
      const ours = landmarks.map((row, frame) =>
        hipShoulderSeparationDegrees({
          shoulders: ribcageToTheRight(angles[frame]),
          hips: subtract(pointOf(row, 'rear_hip'), pointOf(row, 'lead_hip')),
          trunk: subtract(pointOf(row, 'thorax_prox'), pointOf(row, 'thorax_dist')),
        }),
      );
      const theirs = angles.map((row) => numberIn(row, 'torso_pelvis_angle_z'));
      expect(Math.abs(Math.max(...ours) - Math.max(...theirs)), name).toBeLessThan(1);
      expect(mean(ours.map((value, frame) => Math.abs(value - (theirs[frame] ?? Number.NaN)))), name).toBeLessThan(1);
    }
  });

  it.skipIf(!isThere)(
    `turn farther with the shoulder joints than with the ribcage, as the arms go back${because}`,
    () => {
      for (const { name, landmarks, angles } of pitches()) {
        const ours = landmarks.map((row) => {
          const [shoulder, glove, rear, lead] = ['shoulder_jc', 'glove_shoulder_jc', 'rear_hip', 'lead_hip'] as const;
          const points = [glove, shoulder, lead, rear].map((joint) => pointOf(row, joint));
          return bodyAngles.find(({ id }) => id === 'hip_shoulder_separation')?.measure(points) ?? Number.NaN;
        });
        const theirs = angles.map((row) => numberIn(row, 'torso_pelvis_angle_z'));
        expect(Math.max(...ours) - Math.max(...theirs), name).toBeGreaterThan(10);
      }
    },
  );
});

/** First axis of the laboratory's torso, turned round: Cardan angles about z, then y, then x. */
function ribcageToTheRight(angles: Row | undefined): Vector {
  const [y = Number.NaN, z = Number.NaN] = ['torso_angle_y', 'torso_angle_z'].map(
    (column) => (numberIn(angles, column) * Math.PI) / 180,
  );
  return [-Math.cos(z) * Math.cos(y), -Math.sin(z) * Math.cos(y), Math.sin(y)];
}

function pitches(): Pitch[] {
  const [landmarks, angles] = [table('landmarks.csv'), table('joint_angles.csv')];
  const names = [...new Set(landmarks.map((row) => row['session_pitch'] ?? ''))];
  expect(names.length).toBeGreaterThan(0);
  return names.map((name) => {
    const of = (rows: readonly Row[]): Row[] => rows.filter((row) => row['session_pitch'] === name);
    const pitch = { name, landmarks: of(landmarks), angles: of(angles) };
    expect(pitch.angles.map((row) => row['time'])).toEqual(pitch.landmarks.map((row) => row['time']));
    return pitch;
  });
}

/** Plain numbers and words between commas: these files quote nothing. */
function table(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [names[at] ?? '', value])));
}

function pointOf(row: Row, joint: string): Vector {
  return ['x', 'y', 'z'].map((axis) => numberIn(row, `${joint}_${axis}`));
}

function numberIn(row: Row | undefined, column: string): number {
  return row?.[column] === undefined || row[column] === '' ? Number.NaN : Number(row[column]);
}
