import { read, utils } from '@e965/xlsx';
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { markerErrors } from '../../../worker/biomechanics/known-errors.ts';
import { exportWorkbook } from '../../../worker/exports/export-workbook.ts';
import { normRange } from '../../../worker/exports/metric-words.ts';
import { analysedWalker } from '../clean/analysed-walker.ts';
import { pitchAnalysis } from './pitch-analysis.ts';

const contents = analysedWalker();
const { profile, repetitions } = pitchAnalysis;
const repetition = repetitions[0]?.measured;

describe('the workbook', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await exportWorkbook(contents, pitchAnalysis);
  });
  const book = () => read(bytes, { cellNF: true, cellStyles: true });
  const rowsOf = (sheet: string) =>
    utils.sheet_to_json<Record<string, unknown>>(book().Sheets[sheet] ?? {}, { defval: undefined });

  it('has a sheet for the clip, for each repetition and for the frames, each under a heading that stays', () => {
    expect(book().SheetNames).toEqual(['Summary', 'Repetition 1', 'Frames']);
    const files = unzipSync(bytes);
    const panes = Object.keys(files).flatMap((name) => {
      if (!/worksheets\/sheet\d+\.xml$/.test(name)) return [];
      return [/<pane [^>]*>/.exec(strFromU8(files[name] ?? new Uint8Array()))?.[0]];
    });
    expect(panes).toHaveLength(3);
    for (const pane of panes) expect(pane).toMatch(/ySplit="1".*state="frozen"/);
  });

  it('says whose clip it is, as text even where it looks like a formula', () => {
    const facts = new Map(rowsOf('Summary').map(({ What, Value }) => [What, Value]));
    expect(facts.get('Athlete')).toBe('=1+1 Ärger');
    expect(facts.get('Repetitions')).toBe(1);
    expect(facts.get('Joint errors')).toBe(markerErrors.basis);
    expect(facts.get('Analysis')).toBe(contents.document.analysisId);
  });

  it('has every event and metric with its interval and norm, or why it cannot be measured', () => {
    const rows = new Map(rowsOf('Repetition 1').map((row) => [row['Id'], row]));
    expect(rows.size).toBe(profile.events.length + profile.metrics.length);
    const release = repetition?.events['release'];
    expect(rows.get('release')).toMatchObject({ Kind: 'event', Value: release?.timeSeconds, Remark: 'Set by hand.' });
    for (const { metric, value, norm } of repetition?.metrics ?? []) {
      const row = rows.get(metric.id);
      expect(row, metric.id).toMatchObject({ What: metric.label, Definition: metric.definition });
      if ('value' in value) {
        expect([row?.['Value'], row?.['Low (90 %)'], row?.['High (90 %)']]).toEqual([
          value.value,
          ...(value.interval ?? []),
        ]);
      } else expect([row?.['Value'], row?.['Remark']]).toEqual([undefined, value.notMeasurable]);
      const range = norm && normRange(norm);
      expect([row?.['Norm low (10 %)'], row?.['Norm high (90 %)']]).toEqual([range?.low, range?.high]);
    }
    const release2 = Object.values(book().Sheets['Repetition 1'] ?? {}).find((cell) => cell.v === release?.timeSeconds);
    expect(release2).toMatchObject({ t: 'n', z: '0.000' });
  });

  it('has every angle of every frame', () => {
    const rows = rowsOf('Frames');
    expect(rows).toHaveLength(contents.document.frames);
    const first = contents.document.angles[0]?.label;
    const values = rows.map((row) => row[`${first} (°)`] as number | undefined);
    const wanted = Array.from(rows, (_, frame) => contents.angles[frame * contents.document.angles.length]);
    expect(values).toEqual(wanted.map((value) => (Number.isNaN(value) ? undefined : value)));
    expect(values.filter((value) => value !== undefined).length).toBeGreaterThan(20);
  });
});
