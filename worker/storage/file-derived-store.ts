import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DerivedKey, DerivedStore } from '../pipeline/ports.ts';
import { assetReferenceSchema } from '../protocol/assets.ts';
import { canonicalJson } from './canonical-json.ts';
import type { FileAssetStore } from './file-asset-store.ts';
import { hashBytes } from './hash-file.ts';
import { moveIntoPlace, temporaryPath, writeDurably } from './place-file.ts';
import { isMissingFile, toStorageError } from './storage-error.ts';

/** A note of a result, as it lies on the disk. */
export const derivedEntrySchema = z.object({ key: z.unknown(), result: assetReferenceSchema });

/**
 * One small file per result, named by the hash of its key. A result whose asset is gone, or an entry that cannot be
 * read, counts as not computed: the stage then simply runs again.
 */
export function createFileDerivedStore(options: {
  readonly directory: string;
  readonly temporaryDirectory: string;
  readonly assets: Pick<FileAssetStore, 'keep'>;
}): DerivedStore {
  function pathOf(key: DerivedKey): string {
    const hash = hashBytes(new TextEncoder().encode(canonicalJson(key)));
    return join(options.directory, hash.slice(0, 2), `${hash}.json`);
  }

  return {
    async get(key) {
      let text: string;
      try {
        text = await readFile(pathOf(key), 'utf8');
      } catch (error) {
        if (isMissingFile(error)) return undefined;
        throw toStorageError(error, 'look up an earlier result');
      }
      const entry = parseEntry(text);
      return entry !== undefined && (await options.assets.keep(entry.result)) ? entry.result : undefined;
    },

    async put(key, result) {
      let temporary: string | undefined;
      try {
        temporary = await temporaryPath(options.temporaryDirectory);
        await writeDurably(temporary, new TextEncoder().encode(canonicalJson({ key, result })));
        await moveIntoPlace(temporary, pathOf(key));
      } catch (error) {
        throw toStorageError(error, 'note down a result');
      } finally {
        if (temporary !== undefined) await rm(temporary, { force: true });
      }
    },
  };
}

function parseEntry(text: string): z.infer<typeof derivedEntrySchema> | undefined {
  try {
    return derivedEntrySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
