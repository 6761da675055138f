/**
 * Which assets of the local store are copies of what the team server has, and when each was used last: only these may
 * be removed to make room. Every one is a small file, so that processes share the knowledge; its time is the last use.
 */
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AssetReference, assetReferenceSchema, type Sha256 } from '../protocol/assets.ts';
import { isMissingFile } from './storage-error.ts';

export interface FetchedAsset {
  readonly reference: AssetReference;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

export interface FetchedAssets {
  note(reference: AssetReference): Promise<void>;
  /** It was used; nothing happens where it is no copy. */
  touch(sha256: Sha256): Promise<void>;
  /** From now on it belongs here, or is gone. */
  forget(sha256: Sha256): Promise<void>;
  /** Least recently used first. */
  list(): Promise<FetchedAsset[]>;
}

/** Where the notes lie: each has the name of its asset. `transfers` is the folder of a remote asset store. */
export function fetchedDirectory(transfers: string): string {
  return join(transfers, 'fetched');
}

/** Where files gather that are being fetched. */
export function partialDirectory(transfers: string): string {
  return join(transfers, 'partial');
}

export function createFetchedAssets(directory: string): FetchedAssets {
  const pathOf = (sha256: Sha256): string => join(directory, sha256);
  return {
    async note(reference) {
      await mkdir(directory, { recursive: true });
      await writeFile(pathOf(reference.sha256), JSON.stringify(reference));
    },
    async touch(sha256) {
      const now = new Date();
      await utimes(pathOf(sha256), now, now).catch((error: unknown) => {
        if (!isMissingFile(error)) throw error;
      });
    },
    forget: (sha256) => rm(pathOf(sha256), { force: true }),
    async list() {
      const names = await readdir(directory).catch((error: unknown) => {
        if (isMissingFile(error)) return [];
        throw error;
      });
      const found: FetchedAsset[] = [];
      for (const name of names) {
        try {
          const reference = assetReferenceSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')));
          found.push({ reference, usedAt: (await stat(join(directory, name))).mtimeMs });
        } catch {
          // Half-written, or removed meanwhile: what is not known to be a copy stays.
        }
      }
      return found.sort((one, other) => one.usedAt - other.usedAt);
    },
  };
}
