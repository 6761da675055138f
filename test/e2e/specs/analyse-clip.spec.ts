import { expect } from '@playwright/test';
import { test } from '../fixtures/app-test.ts';
import { readCanvas } from '../fixtures/canvas-pixels.ts';
import { sampleName, samplePath } from '../fixtures/clips.ts';
import { dropFiles } from '../fixtures/drop-files.ts';
import { openAnalysed } from '../fixtures/open-analysed.ts';
import { LibraryPage } from '../page-objects/library-page.ts';

test('a dropped clip shows its progress and becomes ready', async ({ app }) => {
  const library = new LibraryPage(app.page);
  await dropFiles(app.page, [samplePath]);
  await expect(library.clip(sampleName)).toBeVisible();
  await expect(library.progress(sampleName)).toBeVisible();
  await expect
    .poll(async () => Number(await library.progress(sampleName).getAttribute('aria-valuenow')), { intervals: [50] })
    .toBeGreaterThan(0);
  await expect(library.state(sampleName)).toHaveText('Ready', { timeout: 120_000 });
  await expect(library.progress(sampleName)).toBeHidden();
});

test('the file dialog takes a clip as well', async ({ app }) => {
  const library = new LibraryPage(app.page);
  await app.chooseFiles([samplePath]);
  await library.addButton.click();
  await expect(library.clip(sampleName)).toBeVisible();
});

test('the skeleton, the readouts and the chart stand at the shown frame', async ({ app }) => {
  const analysis = await openAnalysed(app);
  await expect(analysis.frameReadout).toHaveAttribute('data-frame', '0');
  const first = await readCanvas(analysis.overlay);
  expect(first.drawn).toBeGreaterThan(0);

  const hashes = new Set([first.hash]);
  for (let frame = 1; frame <= 12; frame++) {
    await analysis.step(1);
    await expect.poll(() => analysis.shownFrame()).toBe(frame);
    await expect(analysis.frameReadout).toHaveAttribute('data-frame', String(frame));
    await expect(analysis.chartCursor).toHaveAttribute('data-frame', String(frame));
    await expect(analysis.scrubBar).toHaveAttribute('aria-valuenow', String(frame));
    hashes.add((await readCanvas(analysis.overlay)).hash);
  }
  // The athlete moves: hardly a frame's skeleton is drawn like another's.
  expect(hashes.size).toBeGreaterThan(8);

  await analysis.step(-12);
  await expect.poll(() => analysis.shownFrame()).toBe(0);
  expect((await readCanvas(analysis.overlay)).hash).toBe(first.hash);

  // While it plays, the skeleton goes along.
  await analysis.playButton.click();
  await expect.poll(() => analysis.shownFrame(), { intervals: [20] }).toBeGreaterThan(5);
  expect((await readCanvas(analysis.overlay)).hash).not.toBe(first.hash);
});
