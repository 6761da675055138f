import { readFile } from 'node:fs/promises';
import { read as readWorkbook } from '@e965/xlsx';
import { expect } from '@playwright/test';
import { test } from '../fixtures/app-test.ts';
import { countFrames, samplePath } from '../fixtures/clips.ts';
import { openAnalysed } from '../fixtures/open-analysed.ts';

test('overlay video, tables and report are saved, and hold every frame', async ({ app, dataDirectory }) => {
  const analysis = await openAnalysed(app);
  const frames = await countFrames(samplePath);

  const table = await app.saveFile(dataDirectory, () => analysis.export('CSV table'));
  const [header = '', ...rows] = (await readFile(table, 'utf8')).trim().split(/\r?\n/);
  expect(rows).toHaveLength(frames);
  const columns = header.split(',').length;
  expect(rows.every((row) => row.split(',').length === columns)).toBe(true);

  const json = await app.saveFile(dataDirectory, () => analysis.export('JSON'));
  expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(expect.any(Object));

  const workbook = readWorkbook(
    await readFile(await app.saveFile(dataDirectory, () => analysis.export('Excel workbook'))),
  );
  expect(workbook.SheetNames).toEqual(['Summary', 'Repetition 1', 'Frames']);

  const report = await app.saveFile(dataDirectory, () => analysis.export('PDF report'));
  expect((await readFile(report)).subarray(0, 5).toString('latin1')).toBe('%PDF-');

  const video = await app.saveFile(dataDirectory, () => analysis.export('Overlay video'));
  expect(await countFrames(video)).toBe(frames);
});
