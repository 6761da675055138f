import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../../worker/biomechanics/npy.ts';
import { exportCsv } from '../../../worker/exports/export-csv.ts';
import { exportJson } from '../../../worker/exports/export-json.ts';
import { decodeAnalysisFiles, encodeAnalysisFiles } from '../../../worker/pipeline/analysis-files.ts';
import { analysisFiles } from '../../../worker/protocol/analysis.ts';
import { analysedWalker } from './analysed-walker.ts';
import { skeleton } from './drawn-walker.ts';

const contents = analysedWalker();

describe('files of an analysis', () => {
  it('come back as they were', () => {
    const files = encodeAnalysisFiles(contents);
    expect([...files.keys()].sort()).toEqual(Object.values(analysisFiles).sort());
    expect(decodeAnalysisFiles(files)).toEqual(contents);
  });

  it('have the shapes and types that the protocol promises', () => {
    const files = encodeAnalysisFiles(contents);
    const shapeOf = (file: (typeof analysisFiles)[keyof typeof analysisFiles]) =>
      decodeNpy(files.get(file) ?? new Uint8Array());
    expect(shapeOf('time.npy')).toMatchObject({ shape: [30], data: expect.any(Float64Array) });
    expect(shapeOf('landmarks-2d.npy')).toMatchObject({ shape: [30, 33, 4], data: expect.any(Float32Array) });
    expect(shapeOf('landmarks-3d-raw.npy').shape).toEqual([30, 33, 3]);
    expect(shapeOf('deviations-2d.npy')).toMatchObject({ shape: [30, 33], data: expect.any(Float32Array) });
    expect(shapeOf('angles.npy').shape).toEqual([30, 10]);
  });

  it('are read without deviations where the analysis is from before there were any', () => {
    const files = encodeAnalysisFiles(contents);
    files.delete('deviations-2d.npy');
    const { deviations2d, ...others } = decodeAnalysisFiles(files);
    expect(deviations2d.every(Number.isNaN)).toBe(true);
    expect(others).toEqual({ ...contents, deviations2d: undefined });
  });

  it('are refused as ASSET_CORRUPT when one is missing, damaged, or of another size', () => {
    const corrupt = expect.objectContaining({ code: 'ASSET_CORRUPT' });
    const files = encodeAnalysisFiles(contents);
    const without = new Map(files);
    without.delete('angles.npy');
    expect(() => decodeAnalysisFiles(without)).toThrow(corrupt);
    const cut = new Map(files).set(
      'landmarks-2d.npy',
      (files.get('landmarks-2d.npy') ?? new Uint8Array()).slice(0, 999),
    );
    expect(() => decodeAnalysisFiles(cut)).toThrow(corrupt);
    const other = new Map(files).set('time.npy', files.get('angles.npy') ?? new Uint8Array());
    expect(() => decodeAnalysisFiles(other)).toThrow(corrupt);
    const broken = new Map(files).set('analysis.json', new TextEncoder().encode('{'));
    expect(() => decodeAnalysisFiles(broken)).toThrow(corrupt);
  });
});

describe('exportCsv', () => {
  const lines = exportCsv(contents).split('\r\n');
  const header = lines[0]?.split(',') ?? [];
  const cellOf = (frame: number, column: string): string => lines[frame + 1]?.split(',')[header.indexOf(column)] ?? '?';

  it('has one row per frame and one column per number, with units and unique names', () => {
    expect(lines).toHaveLength(32);
    expect(lines.at(-1)).toBe('');
    expect(header).toHaveLength(2 + 33 * 7 + 10);
    expect(new Set(header.map((name) => name.toLowerCase())).size).toBe(header.length);
    expect(header.slice(0, 9)).toEqual([
      'frame',
      'time_s',
      'nose_x_px',
      'nose_y_px',
      'nose_visibility',
      'nose_sd_px',
      'nose_x_m',
      'nose_y_m',
      'nose_z_m',
    ]);
    expect(lines.slice(0, 31).every((line) => line.split(',').length === header.length)).toBe(true);
  });

  it('holds the numbers, and nothing where one is missing', () => {
    expect(cellOf(7, 'frame')).toBe('7');
    expect(Number(cellOf(7, 'time_s'))).toBeCloseTo(7 / 30, 6);
    const knee = 7 * 33 + skeleton.names.indexOf('left_knee');
    expect(Number(cellOf(7, 'left_knee_y_px'))).toBeCloseTo(contents.cleaned.landmarks2d[knee * 4 + 1] ?? 0, 2);
    expect(Number(cellOf(7, 'left_knee_z_m'))).toBeCloseTo(contents.cleaned.landmarks3d[knee * 3 + 2] ?? 0, 4);
    expect(Number(cellOf(7, 'trunk_tilt_deg'))).toBeCloseTo(contents.angles[7 * 10 + 8] ?? 0, 2);
    expect(Number(cellOf(7, 'left_knee_sd_px'))).toBeCloseTo(contents.deviations2d[knee] ?? 0, 2);
    expect(cellOf(0, 'nose_x_px')).toBe('');
    expect(cellOf(0, 'nose_sd_px')).toBe('');
    expect(cellOf(0, 'trunk_tilt_deg')).toBe('');
    expect(exportCsv(contents)).not.toContain('NaN');
  });
});

describe('exportJson', () => {
  const parsed = JSON.parse(exportJson(contents));

  it('is complete in itself', () => {
    expect(parsed).toMatchObject({ format: 'shadow-trainer/export', formatVersion: 1 });
    expect(parsed.analysis).toEqual(JSON.parse(JSON.stringify(contents.document)));
    expect(parsed.skeleton.names).toEqual(skeleton.names);
    expect(parsed.timesSeconds).toHaveLength(30);
    expect(parsed.landmarks2d).toHaveLength(30);
    expect(parsed.landmarks2d[5]).toHaveLength(33);
    expect(parsed.landmarks2d[5][0]).toHaveLength(4);
    expect(parsed.deviations2d[5]).toHaveLength(33);
    expect(parsed.landmarks3d[5][0]).toHaveLength(3);
    expect(Object.keys(parsed.angles)).toEqual(contents.document.angles.map(({ id }) => id));
    expect(parsed.angles.trunk_tilt).toHaveLength(30);
  });

  it('holds the numbers, and null where one is missing', () => {
    expect(parsed.landmarks2d[0][0]).toBeNull();
    expect(parsed.deviations2d[0][0]).toBeNull();
    expect(parsed.deviations2d[9][0]).toBeCloseTo(contents.deviations2d[9 * 33] ?? 0, 2);
    expect(parsed.landmarks3d[0][0]).toBeNull();
    expect(parsed.angles.trunk_tilt[0]).toBeNull();
    expect(parsed.landmarks2d[9][0][0]).toBeCloseTo(contents.cleaned.landmarks2d[9 * 33 * 4] ?? 0, 2);
    expect(parsed.angles.trunk_tilt[9]).toBeCloseTo(contents.angles[9 * 10 + 8] ?? 0, 2);
  });
});
