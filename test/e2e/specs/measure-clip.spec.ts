import { expect } from '@playwright/test';
import { test } from '../fixtures/app-test.ts';
import { sampleName } from '../fixtures/clips.ts';
import { openAnalysed } from '../fixtures/open-analysed.ts';
import { LibraryPage } from '../page-objects/library-page.ts';

const moments = [
  'First movement',
  'Peak knee height',
  'Foot contact',
  'Maximum external rotation',
  'Release',
  'Maximum internal rotation',
] as const;

test('moments are found, gone to and dragged; repetitions are cut; all of it is there again', async ({ app }) => {
  const { page } = app;
  const analysis = await openAnalysed(app);
  await expect(analysis.metrics).toHaveAttribute('data-settled', 'true');
  await expect(analysis.flags).toHaveCount(6);

  const frames: number[] = [];
  for (const [i, name] of moments.entries()) {
    const frame = await analysis.flagFrame(name);
    await page.keyboard.press(String(i + 1));
    await expect.poll(() => analysis.shownFrame()).toBe(frame);
    frames.push(frame);
  }
  expect(frames).toEqual([...frames].sort((a, b) => a - b));

  // A flag that is dragged takes the picture along; what is measured there changes, and its neighbours' metrics do not.
  const tilt = analysis.metric('trunkForwardTiltAtRelease');
  const abduction = analysis.metric('shoulderAbductionAtFootContact');
  await expect(tilt).toHaveText(/^−?\d+° ± \d+$/);
  const before = await tilt.getAttribute('data-value');
  await analysis.dragFlag('Release', 40);
  await expect(analysis.flag('Release')).toHaveAttribute('data-set', 'true');
  const dragged = await analysis.flagFrame('Release');
  expect(dragged).toBeGreaterThan(frames[4] ?? 0);
  await expect.poll(() => analysis.shownFrame()).toBe(dragged);
  await expect(tilt).not.toHaveAttribute('data-value', before ?? '');
  await expect(analysis.metrics).toHaveAttribute('data-settled', 'true');
  await expect(tilt).toHaveText(/^−?\d+° ± \d+$/);

  // Back to where it is found, and by one step forward again.
  await analysis.flag('Release').focus();
  await page.keyboard.press('Delete');
  await expect(analysis.flag('Release')).not.toHaveAttribute('data-set');
  await expect(tilt).toHaveAttribute('data-value', before ?? '');
  expect(await analysis.flagFrame('Release')).toBe(frames[4]);
  await page.keyboard.press('Control+z');
  await expect.poll(() => analysis.flagFrame('Release')).toBe(dragged);
  // The arrows move the flag that the keyboard has been led to, by one frame.
  await analysis.flag('Release').focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => analysis.flagFrame('Release')).toBe(dragged - 1);
  await expect.poll(() => analysis.shownFrame()).toBe(dragged - 1);

  // A metric that is chosen says what it means, and shows its moment.
  await abduction.click();
  await expect.poll(() => analysis.shownFrame()).toBe(await analysis.flagFrame('Foot contact'));
  await expect(page.getByText('How far the upper arm is lifted')).toBeVisible();

  await page.keyboard.press('1');
  await analysis.step(-10);
  await analysis.repetition('Split at this frame');
  await expect(analysis.brackets).toHaveCount(2);
  await expect(analysis.metrics).toHaveAttribute('data-repetitions', '2');
  await expect.poll(() => analysis.flagFrame('Release')).toBe(dragged - 1);

  await page.reload();
  await new LibraryPage(page).open(sampleName);
  await expect(analysis.brackets).toHaveCount(2);
  await analysis.brackets.nth(1).click();
  await expect.poll(() => analysis.flagFrame('Release')).toBe(dragged - 1);
  await expect(analysis.flag('Release')).toHaveAttribute('data-set', 'true');

  await analysis.repetition('Find again');
  await expect(analysis.brackets).toHaveCount(1);
  await expect.poll(() => analysis.flagFrame('Release')).toBe(frames[4]);
});
