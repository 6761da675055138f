import { expect } from '@playwright/test';
import { test } from '../fixtures/app-test.ts';
import { makeBrokenClip, makeLongClip, sampleName, samplePath } from '../fixtures/clips.ts';
import { dropFiles } from '../fixtures/drop-files.ts';
import { LibraryPage } from '../page-objects/library-page.ts';

test('one of two clips is cancelled, the other becomes ready', async ({ app, dataDirectory }) => {
  const library = new LibraryPage(app.page);
  const longClip = await makeLongClip(dataDirectory, 'long.mp4', 20);
  await dropFiles(app.page, [longClip, samplePath]);
  await expect(library.progress('long.mp4')).toBeVisible();
  await library.cancel('long.mp4');
  await expect(library.state('long.mp4')).toHaveText('Cancelled', { timeout: 5_000 });
  await expect(library.state(sampleName)).toHaveText('Ready', { timeout: 120_000 });
  // Cancelled is not failed: nothing is said to be wrong.
  await expect(library.failure('long.mp4')).toBeHidden();
});

test('a file that is no video is refused in one sentence', async ({ app, dataDirectory }) => {
  const library = new LibraryPage(app.page);
  await dropFiles(app.page, [await makeBrokenClip(dataDirectory, 'notes.mp4')]);
  await expect(library.failure('notes.mp4')).toHaveText(/^[A-Z].*\.$/);
});
