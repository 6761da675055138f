/**
 * Joint centres of real pitchers from a marker-based laboratory (Driveline OpenBiomechanics, CC BY-NC-SA 4.0): read where
 * they lie beside the project, never part of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TruthEvent } from '../../clip-truth.ts';
import type { Vector3 } from '../vector.ts';

const folder = new URL('../../../../../shared/clips/openbiomechanics/', import.meta.url);

const jointColumns = {
  rightAnkle: 'rear_ankle_jc',
  rightKnee: 'rear_knee_jc',
  rightHip: 'rear_hip',
  rightShoulder: 'shoulder_jc',
  rightElbow: 'elbow_jc',
  rightWrist: 'wrist_jc',
  leftAnkle: 'lead_ankle_jc',
  leftKnee: 'lead_knee_jc',
  leftHip: 'lead_hip',
  leftShoulder: 'glove_shoulder_jc',
  leftElbow: 'glove_elbow_jc',
  leftWrist: 'glove_wrist_jc',
  /** Beside the upper end of the thorax, on its right. */
  thoraxRight: 'thorax_ap',
  thoraxLow: 'thorax_dist',
  thoraxHigh: 'thorax_prox',
} as const;

export type LaboratoryJoint = keyof typeof jointColumns;
/** Metres; x to home plate, y to first base, z up. */
export type LaboratoryJoints = Readonly<Record<LaboratoryJoint, Vector3>>;

export interface LaboratoryPitch {
  readonly heightMetres: number;
  /** Seconds, ascending, from 0. */
  readonly times: readonly number[];
  /** One for each time; the thrower is right-handed. */
  readonly frames: readonly LaboratoryJoints[];
  readonly events: Readonly<Partial<Record<TruthEvent, number>>> & { readonly ballRelease: number };
}

export function hasLaboratory(): boolean {
  return existsSync(new URL('landmarks.csv', folder)) && existsSync(new URL('metadata.csv', folder));
}

/** Names of the pitches that can be filmed. */
export function laboratoryPitches(): readonly string[] {
  return [...new Set(table('landmarks.csv').map((row) => row['session_pitch'] ?? ''))];
}

/** Throws RangeError for a pitch that the laboratory does not have, Error where its data are not. */
export function readLaboratoryPitch(name: string): LaboratoryPitch {
  if (!hasLaboratory()) throw new Error(`The laboratory's data are not at ${fileURLToPath(folder)}`);
  const rows = table('landmarks.csv').filter((row) => row['session_pitch'] === name);
  const about = table('metadata.csv').find((row) => row['session_pitch'] === name);
  const [first] = rows;
  if (!first || !about) throw new RangeError(`The laboratory has no pitch ${name}`);
  return {
    heightMetres: numberIn(about, 'session_height_m'),
    times: rows.map((row) => numberIn(row, 'time')),
    frames: rows.map(
      (row) =>
        Object.fromEntries(
          Object.entries(jointColumns).map(([joint, column]) => [
            joint,
            ['x', 'y', 'z'].map((axis) => numberIn(row, `${column}_${axis}`)),
          ]),
        ) as unknown as LaboratoryJoints,
    ),
    events: {
      peakKneeHeight: numberIn(first, 'pkh_time'),
      footContact: numberIn(first, 'fp_10_time'),
      footPlant: numberIn(first, 'fp_100_time'),
      maximumExternalRotation: numberIn(first, 'MER_time'),
      ballRelease: numberIn(first, 'BR_time'),
      maximumInternalRotation: numberIn(first, 'MIR_time'),
    },
  };
}

type Row = Readonly<Record<string, string>>;

/** Plain numbers and words between commas: these files quote nothing. */
function table(name: string): readonly Row[] {
  const [head = '', ...lines] = readFileSync(new URL(name, folder), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])));
}

function numberIn(row: Row, column: string): number {
  const value = Number(row[column]);
  if (row[column] === undefined || row[column] === '' || !Number.isFinite(value)) {
    throw new RangeError(`The laboratory's ${column} is not a number: ${row[column]}`);
  }
  return value;
}
