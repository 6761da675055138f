import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { test } from '../fixtures/app-test.ts';
import { countFrames, samplePath } from '../fixtures/clips.ts';
import { openAnalysed } from '../fixtures/open-analysed.ts';

test('overlay video, CSV table and JSON are saved and hold every frame', async ({ app, dataDirectory }) => {
  const analysis = await openAnalysed(app);
  const frames = await countFrames(samplePath);

  const table = await app.saveFile(dataDirectory, () => analysis.export('CSV table'));
  const [header = '', ...rows] = (await readFile(table, 'utf8')).trim().split(/\r?\n/);
  expect(rows).toHaveLength(frames);
  const columns = header.split(',').length;
  expect(rows.every((row) => row.split(',').length === columns)).toBe(true);

  const json = await app.saveFile(dataDirectory, () => analysis.export('JSON'));
  expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(expect.any(Object));

  const video = await app.saveFile(dataDirectory, () => analysis.export('Overlay video'));
  expect(await countFrames(video)).toBe(frames);
});
