import { expect } from '@playwright/test';
import { test } from '../fixtures/app-test.ts';
import { countColour, readCanvas } from '../fixtures/canvas-pixels.ts';
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
  // Wherever it has got to: it may have played to its end by now.
  await app.page.keyboard.press('k');
  await app.page.keyboard.press('Home');
  await expect.poll(() => analysis.shownFrame()).toBe(0);

  await test.step('the body in space stands at the shown frame, too', async () => {
    await analysis.showStage('Both');
    // Both sides of the athlete, in the light of the scene.
    await expect.poll(() => countColour(analysis.space, [0x35, 0xb0, 0xff])).toBeGreaterThan(200);
    expect(await countColour(analysis.space, [0xff, 0x9f, 0x1c])).toBeGreaterThan(200);
    await analysis.showStage('3D');
    const kept = await analysis.space.getAttribute('data-geometries');
    const pictures = new Set<string>();
    for (const frames of [0, 20, 20]) {
      await analysis.step(frames);
      const frame = pictures.size * 20;
      await expect.poll(() => analysis.shownFrame()).toBe(frame);
      await expect(analysis.space).toHaveAttribute('data-frame', String(frame));
      expect(Number(await analysis.space.getAttribute('data-joints-drawn'))).toBeGreaterThan(12);
      pictures.add((await analysis.space.screenshot()).toString('base64'));
    }
    expect(pictures.size).toBe(3);
    expect(Number(await analysis.space.getAttribute('data-geometries'))).toBeLessThanOrEqual(Number(kept) + 2);
    await app.page.keyboard.press('c');
    await expect(analysis.space).toHaveAttribute('data-preset', 'side');

    // A card that lets go is waited for, and drawn with again.
    const lose = analysis.space.locator('canvas');
    const lost = await lose.evaluateHandle((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('This is not a canvas.');
      const extension = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      extension?.loseContext();
      return extension;
    });
    await expect(analysis.space.getByRole('status')).toContainText('graphics card');
    await lost.evaluate((extension) => extension?.restoreContext());
    await expect(analysis.space.getByRole('status')).toBeHidden();
    await expect.poll(() => countColour(analysis.space, [0x35, 0xb0, 0xff])).toBeGreaterThan(200);

    await app.page.keyboard.press('v');
    await app.page.keyboard.press('v');
    await expect(analysis.space).toBeHidden();
    await analysis.step(1);
    await expect.poll(() => analysis.shownFrame()).toBe(41);
  });
});
