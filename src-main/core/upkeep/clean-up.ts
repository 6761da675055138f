/** Removes files that nothing needs any more, while everything else goes on. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpkeepResult } from '../../../worker/protocol/upkeep.ts';
import type { JobEngine } from '../../../worker/queue/job-engine.ts';
import { type FileStores, removeUnfinished } from '../../../worker/storage/file-stores.ts';
import { entriesOf } from '../../../worker/storage/sweep-assets.ts';
import { listDerived, removeDerived } from '../../../worker/storage/sweep-derived.ts';
import type { Library } from '../library/library.ts';
import { findLiveHashes } from './live-hashes.ts';

export interface CleanUpOptions {
  readonly dataDirectory: string;
  /** Holds a file for each clip, below the data folder. */
  readonly libraryDirectory: string;
  readonly stores: FileStores;
  readonly engine: JobEngine;
  /** What waits for the team. */
  readonly outbox?: JobEngine | undefined;
  readonly library: Library;
  /** What was written or taken up within this time is somebody's: an import, a terminal, another app. */
  readonly graceMilliseconds?: number;
  readonly doneKeptMilliseconds?: number;
}

const dayMilliseconds = 24 * 3600 * 1000;

/**
 * Idempotent. What the library, an analysis or an unfinished or failed job speaks of stays, and so does what was
 * touched lately. Analyses themselves stay: they are what a coach came for. Throws before anything was removed when
 * it cannot be known what is needed.
 */
export async function cleanUp(options: CleanUpOptions, signal: AbortSignal): Promise<UpkeepResult<'clean-up'>> {
  const {
    stores,
    dataDirectory,
    graceMilliseconds = dayMilliseconds,
    doneKeptMilliseconds = 14 * dayMilliseconds,
  } = options;
  await stores.sweep.putBack();
  // In this order: what comes to be needed after it was listed is touched by whoever needs it.
  const oldest = Date.now() - graceMilliseconds;
  const candidates = (await stores.sweep.list()).filter(({ touchedAt }) => touchedAt < oldest);
  const derived = await listDerived(stores.derivedDirectory);
  const live = await findLiveHashes({ ...options, derived, doneKeptMilliseconds, signal });

  const removed = new Set<string>();
  let bytes = 0;
  for (const asset of candidates) {
    signal.throwIfAborted();
    if (live.has(asset.sha256) || !(await stores.sweep.remove(asset))) continue;
    removed.add(asset.sha256);
    bytes += asset.byteLength;
  }
  const orphans = derived.filter(({ entry }) => entry !== undefined && removed.has(entry.resultSha256));
  for (const each of orphans) await removeDerived(each);
  const graceSeconds = graceMilliseconds / 1000;
  const unfinished =
    (await removeUnfinished({ dataDirectory, olderThanSeconds: graceSeconds })) +
    (await removeParts([dataDirectory, options.libraryDirectory], oldest));
  return { assets: removed.size, bytes, derived: orphans.length, unfinished };
}

/** What a killed process left of a file that it was replacing. */
async function removeParts(directories: readonly string[], olderThan: number): Promise<number> {
  let removed = 0;
  for (const directory of directories) {
    for (const name of await entriesOf(directory)) {
      const path = join(directory, name);
      if (!name.endsWith('.part')) continue;
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || !found.isFile() || found.mtimeMs >= olderThan) continue;
      await rm(path, { force: true });
      removed++;
    }
  }
  return removed;
}
