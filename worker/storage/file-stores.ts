/** The three stores on the local disk, below one data folder. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DerivedStore } from '../pipeline/ports.ts';
import { createFileAnalysisStore, type FileAnalysisStore } from './file-analysis-store.ts';
import { createFileAssetStore, type FileAssetStore } from './file-asset-store.ts';
import { createFileDerivedStore } from './file-derived-store.ts';
import { isMissingFile } from './storage-error.ts';
import { type AssetSweep, createAssetSweep, entriesOf } from './sweep-assets.ts';

export interface FileStores {
  readonly assets: FileAssetStore;
  readonly derived: DerivedStore;
  readonly analyses: FileAnalysisStore;
  /** For whoever cleans up; one at a time. */
  readonly sweep: AssetSweep;
  readonly derivedDirectory: string;
  readonly analysesDirectory: string;
}

/**
 * `assets/`, `derived/`, `analyses/` and, for files in the making, `unfinished/`. Folders appear when first written to.
 * Any number of processes may share one data folder.
 */
export function createFileStores(options: { readonly dataDirectory: string }): FileStores {
  const temporaryDirectory = unfinishedDirectory(options.dataDirectory);
  const at = (folder: string) => ({ directory: join(options.dataDirectory, folder), temporaryDirectory });
  const assets = createFileAssetStore(at('assets'));
  return {
    assets,
    derived: createFileDerivedStore({ ...at('derived'), assets }),
    analyses: createFileAnalysisStore(at('analyses')),
    sweep: createAssetSweep({
      ...at('assets'),
      asideDirectory: join(options.dataDirectory, 'removing'),
    }),
    derivedDirectory: at('derived').directory,
    analysesDirectory: at('analyses').directory,
  };
}

/**
 * Deletes what killed processes left half-written. What was written to within `olderThanSeconds` stays: somebody may
 * still be at it. Returns how many files and folders were removed.
 */
export async function removeUnfinished(options: {
  readonly dataDirectory: string;
  readonly olderThanSeconds: number;
}): Promise<number> {
  const directory = unfinishedDirectory(options.dataDirectory);
  const newest = Date.now() - options.olderThanSeconds * 1000;
  let removed = 0;
  for (const name of await entriesOf(directory)) {
    const path = join(directory, name);
    try {
      if ((await stat(path)).mtimeMs > newest) continue;
      await rm(path, { recursive: true, force: true });
      removed++;
    } catch (error) {
      if (!isMissingFile(error)) throw error;
    }
  }
  return removed;
}

function unfinishedDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'unfinished');
}
