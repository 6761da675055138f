import { join } from 'node:path';
import { expect } from '@playwright/test';
import { projectRoot } from '../../../scripts/project-root.mjs';
import { test } from '../fixtures/app-test.ts';
import { makeBrokenClip, sampleName, samplePath } from '../fixtures/clips.ts';
import { dropFiles } from '../fixtures/drop-files.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { QueuePage } from '../page-objects/queue-page.ts';
import { SettingsDialog } from '../page-objects/settings-dialog.ts';

test('a failed job tells its story, is tried again and discarded; a good one shows who did what', async ({
  app,
  dataDirectory,
  host,
}) => {
  const { page } = app;
  const queue = new QueuePage(page);
  await page.keyboard.press('q');
  await expect(queue.region).toContainText('Nothing to do.');
  await dropFiles(page, [await makeBrokenClip(dataDirectory, 'notes.mp4'), samplePath]);
  await expect(queue.state('notes.mp4', 'analyse-clip')).toHaveText(/cannot be read as a video/);

  await queue.show('Failed');
  await queue.select('notes.mp4', 'analyse-clip');
  await expect(queue.failure).toContainText('This file cannot be read as a video');
  await expect(queue.failure).toContainText('While “Reading the clip”, on Worker 1, attempt 1.');
  await expect(queue.log.getByText('Failed on Worker 1: This file cannot')).toBeVisible();
  await expect(queue.log.getByText('Invalid data found')).toBeVisible();
  await expect(queue.bars).toHaveAccessibleName(/^Reading the clip, .* s, failed$/);
  await queue.failure.getByRole('button', { name: 'Try again from “Reading the clip”' }).click();
  await expect(queue.log.getByText('Tried again')).toBeVisible();
  await expect(queue.log.getByText('Failed on Worker 1: This file cannot')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(queue.drawer).toBeHidden();

  // Both of its jobs: the analysis and the playback.
  await expect(queue.rows).toHaveCount(2);
  await queue.region.getByRole('button', { name: 'Discard all' }).click();
  await expect(queue.region).toContainText('Nothing has failed.');

  await queue.show('All');
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Done', { timeout: 120_000 });
  await queue.select(sampleName, 'analyse-clip');
  await expect(queue.bars.first()).toHaveAccessibleName(/^Reading the clip, /);
  await expect(queue.drawer.getByRole('figure')).toContainText('Worker 1');
  const parts = await queue.bars.evaluateAll((bars) =>
    bars.map((bar) => bar.getAttribute('aria-label') ?? '').filter((label) => label.startsWith('Part ')),
  );
  expect(parts.length).toBeGreaterThan(0);
  await expect(queue.figure('Succeeded')).toHaveText('100%');

  const settings = new SettingsDialog(page);
  for (const theme of ['Dark', 'Light'] as const) {
    await settings.open();
    await settings.chooseTheme(theme);
    await settings.close();
    await page.screenshot({
      path: join(projectRoot, 'test-results', 'screens', host, `queue-${theme.toLowerCase()}.png`),
      animations: 'disabled',
    });
  }
  await page.keyboard.press('q');
  await expect(queue.region).toBeHidden();
});

test('queue, jobs and workers are paused and go on; choosing a clip leaves the queue', async ({ app }) => {
  const { page } = app;
  const queue = new QueuePage(page);
  const library = new LibraryPage(page);
  await queue.open();
  await queue.region.getByRole('button', { name: 'Pause queue' }).click();
  await expect(queue.region.getByRole('status', { name: 'Queue state' })).toBeVisible();
  await dropFiles(page, [samplePath]);
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Waiting');
  await expect(queue.figure('Waiting')).toHaveText('2');

  await queue.action(sampleName, 'analyse-clip', 'Pause').click();
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Paused');
  await queue.region.getByRole('button', { name: 'Resume queue' }).click();
  await expect(queue.state(sampleName, 'prepare-playback')).toHaveText('Done', { timeout: 120_000 });
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Paused');

  const worker = queue.workers.first();
  await worker.getByRole('button', { name: 'Pause worker' }).click();
  await expect(worker).toContainText('Paused');
  await queue.action(sampleName, 'analyse-clip', 'Resume').click();
  await worker.getByRole('button', { name: 'Resume worker' }).click();
  await expect(queue.state(sampleName, 'analyse-clip')).toHaveText('Done', { timeout: 120_000 });

  await library.open(sampleName);
  await expect(queue.region).toBeHidden();
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
});

test('a thousand jobs: only those in sight are on the page, and the last one is a key away', async ({ app }) => {
  const { page } = app;
  const queue = new QueuePage(page);
  await app.call('queue.pause', {});
  const { clip } = await app.call('library.importSample', {});
  const count = 1000;
  for (let i = 0; i < count; i += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, j) =>
        app.call('analysis.start', {
          clipSha256: clip.clip.sha256,
          parameters: {
            model: 'blazepose-lite',
            athlete: { timeSeconds: 0, box: { x: (i + j) / count, y: 0, width: 0, height: 0 } },
          },
        }),
      ),
    );
  }
  await queue.open();
  // And the two of the import.
  await expect(queue.filter('Waiting')).toHaveText(`Waiting ${count + 2}`);
  const rowNumbers = () =>
    queue.rows.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex') ?? 0)));
  expect((await rowNumbers()).length).toBeLessThan(60);
  await queue.rows.first().click();
  await page.keyboard.press('End');
  await expect.poll(async () => Math.max(...(await rowNumbers()))).toBe(count + 2);
  expect((await rowNumbers()).length).toBeLessThan(60);
  await queue.show('Failed');
  await expect(queue.region).toContainText('Nothing has failed.');
});
