/**
 * TRC, the text format of marker paths that OpenSim, Pose2Sim and Vicon exchange: a header of two lines of names and
 * values, a line of point names, a line of axes, then one line for each frame.
 * Source: OpenSim documentation, "Marker (.trc) Files".
 */
import { MotionFileError } from './motion-file-error.ts';
import { metresPerUnit, type NamedPoints } from './named-points.ts';

/** Throws MotionFileError where the text is not a TRC file. */
export function readTrc(text: string): NamedPoints {
  const lines = text.split(/\r\n|\r|\n/);
  if (!/^\s*PathFileType/i.test(lines[0] ?? '')) throw new MotionFileError('This is not a TRC file.');
  const values = Object.fromEntries(
    splitFields(lines[1] ?? '').map((name, i) => [name.toLowerCase(), splitFields(lines[2] ?? '')[i] ?? '']),
  );
  // Names stand over the first of their three columns; some writers leave no empty columns between them.
  const names = (lines[3] ?? '')
    .split('\t')
    .slice(2)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const rate = Number(values['datarate']);
  const rows = lines.slice(4).filter((line) => /^\s*\d/.test(line));
  if (names.length === 0 || rows.length === 0) throw new MotionFileError('The TRC file holds no points.');
  const timesSeconds = new Float64Array(rows.length);
  const points = new Float64Array(rows.length * names.length * 3).fill(Number.NaN);
  rows.forEach((row, frame) => {
    // An empty field between two tabs is a point that is missing.
    const fields = row.includes('\t') ? row.split('\t') : row.trim().split(/\s+/);
    timesSeconds[frame] = numberOf(fields[1]);
    for (let at = 0; at < names.length * 3; at++) points[frame * names.length * 3 + at] = numberOf(fields[2 + at]);
  });
  if (timesSeconds.some(Number.isNaN)) {
    if (!(rate > 0)) throw new MotionFileError('The TRC file says neither the times of its frames nor their rate.');
    timesSeconds.forEach((_, frame) => {
      timesSeconds[frame] = frame / rate;
    });
  }
  return { names, timesSeconds, points, metresPerUnit: metresPerUnit(values['units'] ?? '') };
}

export interface TrcContents {
  readonly fileName: string;
  readonly names: readonly string[];
  readonly timesSeconds: Float64Array;
  readonly framesPerSecond: number;
  /** [F × P × 3] metres; missing = NaN, written as an empty field. */
  readonly points: Float64Array;
}

export function writeTrc({ fileName, names, timesSeconds, framesPerSecond, points }: TrcContents): string {
  const rate = String(Number(framesPerSecond.toFixed(6)));
  const frames = timesSeconds.length;
  const head = [
    ['PathFileType', '4', '(X/Y/Z)', fileName],
    [
      'DataRate',
      'CameraRate',
      'NumFrames',
      'NumMarkers',
      'Units',
      'OrigDataRate',
      'OrigDataStartFrame',
      'OrigNumFrames',
    ],
    [rate, rate, frames, names.length, 'm', rate, 1, frames],
    ['Frame#', 'Time', ...names.flatMap((name) => [name, '', ''])],
    ['', '', ...names.flatMap((_, i) => [`X${i + 1}`, `Y${i + 1}`, `Z${i + 1}`])],
    [''],
  ];
  const rows = Array.from(timesSeconds, (time, frame) => {
    const from = frame * names.length * 3;
    const fields = Array.from(points.subarray(from, from + names.length * 3), (value) =>
      Number.isFinite(value) ? value.toFixed(6) : '',
    );
    return [frame + 1, time.toFixed(6), ...fields];
  });
  return `${[...head, ...rows].map((fields) => fields.join('\t')).join('\n')}\n`;
}

function splitFields(line: string): string[] {
  return line.trim().split(/\s+/);
}

function numberOf(field: string | undefined): number {
  return field === undefined || field.trim() === '' ? Number.NaN : Number(field);
}
