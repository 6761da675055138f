/** Pictures of every screen, dark and light, in test-results/screens; README's picture with WRITE_README_PICTURE=1. */
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { projectRoot } from '../../../scripts/project-root.mjs';
import { test } from '../fixtures/app-test.ts';
import { openAnalysed } from '../fixtures/open-analysed.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { SettingsDialog } from '../page-objects/settings-dialog.ts';

test('every screen is shown in dark and in light', async ({ app, host }) => {
  const { page } = app;
  const settings = new SettingsDialog(page);
  const library = new LibraryPage(page);
  const picture = (name: string) =>
    page.screenshot({
      path: join(projectRoot, 'test-results', 'screens', host, `${name}.png`),
      animations: 'disabled',
    });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  await expect(library.sampleButton).toBeVisible();
  const backgrounds = new Set<string>();
  for (const theme of ['Dark', 'Light'] as const) {
    await settings.open();
    await settings.chooseTheme(theme);
    await settings.chooseQuality('Fast');
    await expect(settings.quality.getByRole('radio', { name: 'Fast' })).toBeChecked();
    await picture(`settings-${theme.toLowerCase()}`);
    await settings.close();
    await picture(`empty-${theme.toLowerCase()}`);
    backgrounds.add(await background());
  }
  expect(backgrounds.size).toBe(2);

  const analysis = await openAnalysed(app);
  await analysis.openTab('About');
  await expect(analysis.quality).toHaveText('Fast');
  await analysis.openTab('Metrics');
  await analysis.step(40);
  await expect.poll(() => analysis.shownFrame()).toBe(40);
  const cursorBefore = await analysis.chartCursor.boundingBox();
  for (const theme of ['Dark', 'Light', 'Dark'] as const) {
    await settings.open();
    await settings.chooseTheme(theme);
    await settings.close();
    // The chart is drawn anew in other colours, not at another scale.
    await expect.poll(() => analysis.chartCursor.boundingBox()).toEqual(cursorBefore);
    await picture(`analysis-${theme.toLowerCase()}`);
  }
  if (process.env['WRITE_README_PICTURE'] === '1') {
    const path = join(projectRoot, 'test', 'fixtures', 'readme', 'analysis.png');
    await page.screenshot({ path, animations: 'disabled', scale: 'css' });
  }
});
