import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileStores, removeUnfinished } from '../storage/file-stores.ts';
import { isMissingFile } from '../storage/storage-error.ts';

/** A job that comes back later than this finds nothing here, and fetches or computes it again. */
const keptSeconds = 24 * 3600;

/**
 * Removes what a worker machine need not keep: analyses, which the team has as files; notes of results, which are as
 * old; and what killed processes left. The copies of files have a limit of their own.
 */
export async function tidyWorkerFolder(dataDirectory: string, now = Date.now()): Promise<void> {
  const { analysesDirectory, derivedDirectory } = createFileStores({ dataDirectory });
  const oldest = now - keptSeconds * 1000;
  await removeUnfinished({ dataDirectory, olderThanSeconds: keptSeconds });
  await removeOlder(analysesDirectory, oldest);
  for (const folder of await entriesOf(derivedDirectory)) await removeOlder(join(derivedDirectory, folder), oldest);
}

async function removeOlder(directory: string, oldest: number): Promise<void> {
  for (const name of await entriesOf(directory)) {
    const path = join(directory, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < oldest) await rm(path, { recursive: true, force: true });
  }
}

async function entriesOf(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: unknown) => {
    if (isMissingFile(error)) return [];
    throw error;
  });
}
