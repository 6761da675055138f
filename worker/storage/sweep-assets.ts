/**
 * Stored files out of the store again, while others write into it. Whoever takes up a file that is there already
 * touches it (`keep`), and a file goes in two steps: aside, and, if nobody has touched it by then, away. So a file that
 * is imported again in the very moment is back at once, or written anew, and its bytes are never lost.
 */
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256Schema } from '../protocol/assets.ts';
import { moveIntoPlace } from './place-file.ts';
import { errorCodeOf, isMissingFile, toStorageError } from './storage-error.ts';

export interface ListedAsset {
  readonly sha256: string;
  readonly byteLength: number;
  /** When it was written or taken up last. Milliseconds since 1970. */
  readonly touchedAt: number;
}

export interface AssetSweep {
  list(): Promise<ListedAsset[]>;
  /** False where it was touched since it was listed, and stays. */
  remove(asset: ListedAsset): Promise<boolean>;
  /** Puts back what a process that was killed had put aside. */
  putBack(): Promise<void>;
}

/** `ab/ab12…`, and beside it the description. */
export function assetPath(directory: string, sha256: string): string {
  return join(directory, sha256.slice(0, 2), sha256);
}

/** False where there is no such file, or none that can be touched. */
export async function touchFile(path: string): Promise<boolean> {
  const now = new Date();
  return await utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

export function createAssetSweep(options: {
  readonly directory: string;
  /** On the same file system. */
  readonly asideDirectory: string;
}): AssetSweep {
  const { directory, asideDirectory } = options;
  const aside = (path: string): string => join(asideDirectory, basename(path));
  const move = async (from: string, to: string): Promise<boolean> => {
    try {
      await moveIntoPlace(from, to);
      return true;
    } catch (error) {
      if (isMissingFile(error)) return false;
      throw error;
    }
  };
  const bothOf = (sha256: string): readonly string[] => {
    const path = assetPath(directory, sha256);
    // The bytes last: whoever finds them and no description writes both anew.
    return [`${path}.json`, path];
  };

  return {
    async list() {
      const assets: ListedAsset[] = [];
      for (const folder of await entriesOf(directory)) {
        for (const name of await entriesOf(join(directory, folder))) {
          if (!sha256Schema.safeParse(name).success) continue;
          const found = await stat(join(directory, folder, name)).catch(() => undefined);
          if (found?.isFile()) assets.push({ sha256: name, byteLength: found.size, touchedAt: found.mtimeMs });
        }
      }
      return assets;
    },
    async remove({ sha256, touchedAt }) {
      const paths = bothOf(sha256);
      let isUntouched = false;
      try {
        for (const each of paths) await move(each, aside(each));
        const found = await stat(aside(assetPath(directory, sha256))).catch(() => undefined);
        isUntouched = found?.mtimeMs === touchedAt;
      } catch (error) {
        // Windows moves no file that somebody reads: it is needed.
        if (!isInUse(error)) throw toStorageError(error, 'remove a stored file');
      } finally {
        for (const each of paths) {
          if (isUntouched) await rm(aside(each), { force: true });
          else await move(aside(each), each);
        }
      }
      return isUntouched;
    },
    async putBack() {
      for (const name of await entriesOf(asideDirectory)) {
        await move(join(asideDirectory, name), assetPath(directory, name));
      }
    },
  };
}

/** None where there is no such folder. */
export async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

function isInUse(error: unknown): boolean {
  return ['EPERM', 'EBUSY', 'EACCES'].includes(errorCodeOf(error) ?? '');
}
