import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { unzipSync } from 'fflate';
import npyjs from 'npyjs';
import { describe, expect, it } from 'vitest';
import { jointAt, jointNames } from '../../../worker/biomechanics/joint-motion.ts';
import { distance } from '../../../worker/biomechanics/vectors.ts';
import { motionExports } from '../../../worker/exports/motion-exports.ts';
import { readC3d } from '../../../worker/motion-files/read-c3d.ts';
import { motionOfAnalysis, readMotionFile } from '../../../worker/motion-files/read-motion-file.ts';
import { analysisFiles } from '../../../worker/protocol/analysis.ts';
import { analysedWalker } from '../clean/analysed-walker.ts';
import { readC3dByTheBook } from './c3d-by-the-book.ts';

const contents = analysedWalker();
const { document, cleaned } = contents;
const { motion } = motionOfAnalysis(contents);
const made = (kind: keyof typeof motionExports, marks = {}) =>
  motionExports[kind](contents, { marks, baseName: 'walk' });
const names = jointNames.filter((name) => motion.joints[name] !== undefined);
const laboratory = resolve(
  import.meta.dirname,
  '../../../../shared/clips/openbiomechanics/000874_001562_73_211_003_FF_918.c3d',
);

async function loadNpy(bytes: Uint8Array): Promise<{ shape: number[]; data: number[] }> {
  const { shape, data } = await new npyjs().load(bytes.slice().buffer);
  return { shape, data: [...(data as Float32Array | Float64Array)] };
}

/** Float32 metres, or millimetres in float32, of what was exported. */
function expectMotion(fileName: string, bytes: Uint8Array, metres: number): void {
  const read = readMotionFile({ fileName, bytes, framesPerSecond: 30 }).motion;
  expect(read.timesSeconds).toHaveLength(motion.timesSeconds.length);
  for (const name of names) {
    motion.timesSeconds.forEach((_, frame) => {
      const [found, wanted] = [jointAt(read, name, frame), jointAt(motion, name, frame)];
      if (Number.isNaN(wanted[0])) expect(found[0], `${name} ${frame}`).toBeNaN();
      else expect(distance(found, wanted), `${name} ${frame}`).toBeLessThan(metres);
    });
  }
}

describe('C3D', () => {
  it('says by the book what the analysis says', () => {
    const file = readC3dByTheBook(Buffer.from(made('c3d')));
    expect(file).toMatchObject({ labels: names, units: 'mm' });
    expect(file.rate).toBeCloseTo(30, 4);
    expect(file.frames).toHaveLength(document.frames);
    file.frames.forEach((points, frame) => {
      points.forEach(([x, y, z, residual], place) => {
        const point = jointAt(motion, names[place] ?? 'nose', frame);
        if (Number.isNaN(point[0])) expect([x, y, z, residual]).toEqual([0, 0, 0, -1]);
        else {
          expect(residual).toBe(0);
          expect([x, y, z]).toEqual(point.map((metres) => Math.fround(metres * 1000)));
        }
      });
    });
  });

  it.skipIf(!existsSync(laboratory))('is read by that book as a laboratory wrote it (needs the shared clips)', () => {
    const bytes = readFileSync(laboratory);
    const ours = readC3d(bytes);
    const book = readC3dByTheBook(bytes);
    expect(book.labels.slice(0, 5)).toEqual(ours.names.slice(0, 5));
    expect(book.frames).toHaveLength(ours.timesSeconds.length);
    const [frame, point] = [100, 3];
    const at = (frame * ours.names.length + point) * 3;
    expect(book.frames[frame]?.[point]?.slice(0, 3)).toEqual([...ours.points.subarray(at, at + 3)]);
  });

  it('is read by us as it was', () => expectMotion('walk.c3d', made('c3d'), 1e-6));
});

describe('TRC and MOT, by OpenSim’s rules', () => {
  it('TRC: five lines of header whose counts are true, a blank one, then a row for each frame', () => {
    const lines = new TextDecoder().decode(made('trc')).split('\n');
    expect(lines[0]?.split('\t').slice(0, 3)).toEqual(['PathFileType', '4', '(X/Y/Z)']);
    const values = lines[2]?.split('\t');
    expect(Object.fromEntries((lines[1] ?? '').split('\t').map((name, i) => [name, values?.[i]]))).toMatchObject({
      ...{ NumFrames: `${document.frames}`, NumMarkers: `${names.length}`, Units: 'm', OrigDataStartFrame: '1' },
    });
    expect(lines[3]?.split('\t').filter((name) => name !== '')).toEqual(['Frame#', 'Time', ...names]);
    expect(lines[4]?.trim().split(/\s+/)).toEqual(
      names.flatMap((_, i) => ['X', 'Y', 'Z'].map((axis) => axis + (i + 1))),
    );
    expect(lines[5]?.trim()).toBe('');
    const rows = lines.slice(6).filter((line) => line !== '');
    expect(rows).toHaveLength(document.frames);
    expect(rows.every((row) => row.split('\t').length === 2 + names.length * 3)).toBe(true);
    // Y is up: the nose stands over the ankles.
    const column = (name: string) => Number(rows.at(-1)?.split('\t')[2 + names.indexOf(name as never) * 3 + 1]);
    expect(column('nose')).toBeGreaterThan(column('left_ankle') + 1);
  });

  it('TRC is read by us as it was', () => expectMotion('walk.trc', made('trc'), 2e-6));

  it('MOT: as many rows and columns as its header says, degrees', () => {
    const lines = new TextDecoder().decode(made('mot')).trimEnd().split('\n');
    const end = lines.indexOf('endheader');
    const header = Object.fromEntries(lines.slice(1, end).map((line) => line.split('=')));
    expect(header).toEqual({ version: '1', nRows: '30', nColumns: '5', inDegrees: 'yes' });
    const [labels = [], ...rows] = lines.slice(end + 1).map((line) => line.split('\t'));
    expect([labels.length, labels[0], rows.length]).toEqual([5, 'time', 30]);
    expect(rows.every((row) => row.length === 5)).toBe(true);
  });

  it('slow motion is told on the clock of the real motion', () => {
    const rows = new TextDecoder()
      .decode(made('trc', { filmedFramesPerSecond: 240 }))
      .trimEnd()
      .split('\n');
    expect(Number(rows.at(-1)?.split('\t')[1])).toBeCloseTo(Number(cleaned.timesSeconds[29]) / 8, 5);
    expect(readC3dByTheBook(Buffer.from(made('c3d', { filmedFramesPerSecond: 240 }))).rate).toBeCloseTo(240, 3);
  });
});

describe('NumPy', () => {
  it('NPY holds Human3.6M’s joints, and is read by us as it was', async () => {
    const { shape, data } = await loadNpy(made('npy'));
    expect(shape).toEqual([30, 17, 3]);
    const at = (25 * 17 + 16) * 3;
    expect(data.slice(at, at + 3)).toEqual(jointAt(motion, 'right_wrist', 25).map(Math.fround));
  });

  it('NPZ holds every array of the analysis with the names of its columns', async () => {
    const bytes = made('npz');
    const files = unzipSync(bytes);
    const arrays = await Promise.all(
      Object.entries(files).flatMap(([name, file]) =>
        name.endsWith('.npy') && !['keypoints.npy', 'angle_ids.npy'].includes(name)
          ? [loadNpy(file).then((array) => [name, array] as const)]
          : [],
      ),
    );
    const found = Object.fromEntries(arrays);
    expect(Object.keys(found).sort()).toEqual([
      ...['angles.npy', 'deviations_2d.npy', 'landmarks_2d.npy', 'landmarks_2d_raw.npy'],
      ...['landmarks_3d.npy', 'landmarks_3d_raw.npy', 'real_seconds.npy', 'time.npy'],
    ]);
    expect(found['landmarks_3d.npy']).toEqual({ shape: [30, 33, 3], data: [...cleaned.landmarks3d] });
    expect(found['time.npy']).toEqual({ shape: [30], data: [...cleaned.timesSeconds] });
    expect(JSON.parse(new TextDecoder().decode(files[analysisFiles.document]))).toEqual(document);
    expect(textsOf(files['angle_ids.npy'])).toEqual(document.angles.map(({ id }) => id));
    expect(textsOf(files['keypoints.npy'])[0]).toBe('nose');
    expect(made('npz')).toEqual(bytes);
  });
});

/** NumPy's `<U`: letters of four bytes, filled up with zeros. */
function textsOf(bytes: Uint8Array | undefined): string[] {
  const file = Buffer.from(bytes ?? []);
  const start = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, start);
  const [, width, count] = /'descr': '<U(\d+)'.*'shape': \((\d+),\)/.exec(header) ?? [];
  expect(file.length - start).toBe(Number(width) * Number(count) * 4);
  return Array.from({ length: Number(count) }, (_, text) =>
    Array.from({ length: Number(width) }, (_, i) => file.readUInt32LE(start + (text * Number(width) + i) * 4))
      .filter((code) => code !== 0)
      .map((code) => String.fromCodePoint(code))
      .join(''),
  );
}
