import { readFile, rm, stat } from 'node:fs/promises';
import type { AssetStore } from '../pipeline/ports.ts';
import { type AssetReference, assetReferenceSchema, type Sha256, sha256Schema } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { hashBytes, hashFile } from './hash-file.ts';
import { copyDurably, moveIntoPlace, syncFile, temporaryPath, writeDurably } from './place-file.ts';
import { isMissingFile, toStorageError } from './storage-error.ts';
import { assetPath, touchFile } from './sweep-assets.ts';

/** Assets on the local disk: `ab/ab12…` holds the bytes, `ab/ab12….json` the reference with the media type. */
export interface FileAssetStore extends AssetStore {
  /** Whether it is there; from then on it counts as just written, so that no clean-up takes it away. */
  keep(reference: AssetReference): Promise<boolean>;
  /** The reference of stored bytes, for a server that knows the hash alone. The first media type given is kept. */
  lookUp(sha256: Sha256): Promise<AssetReference | undefined>;
  /** Reads the bytes again and compares. Throws AppError ASSET_MISSING or ASSET_CORRUPT. */
  verify(reference: AssetReference): Promise<void>;
  /** Moves a file in whose hash was checked: it must lie on the same file system, and is gone afterwards. */
  adopt(path: string, reference: AssetReference): Promise<void>;
  /** Nothing happens when it is not there. */
  remove(reference: AssetReference): Promise<void>;
}

/** Both folders must be on one file system. Safe with any number of processes that write the same assets. */
export function createFileAssetStore(options: {
  readonly directory: string;
  readonly temporaryDirectory: string;
}): FileAssetStore {
  const { directory, temporaryDirectory } = options;

  function pathOf(sha256: Sha256): string {
    // The hash becomes part of a path: nothing but a hash may pass.
    if (!sha256Schema.safeParse(sha256).success) throw new AppError('INVALID_INPUT', 'This is not a valid file hash.');
    return assetPath(directory, sha256);
  }

  async function storedBytes(sha256: Sha256): Promise<number | undefined> {
    try {
      const found = await stat(pathOf(sha256));
      return found.isFile() ? found.size : undefined;
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw toStorageError(error, 'read a stored file');
    }
  }

  async function keep({ sha256, byteLength }: AssetReference): Promise<boolean> {
    return (await storedBytes(sha256)) === byteLength && (await touchFile(pathOf(sha256)));
  }

  async function place(temporary: string, reference: AssetReference): Promise<void> {
    const path = pathOf(reference.sha256);
    if ((await keep(reference)) && (await lookUp(reference.sha256))) return;
    // The description goes first: whoever sees the bytes can also say what they are.
    const sidecar = await temporaryPath(temporaryDirectory);
    try {
      await writeDurably(sidecar, new TextEncoder().encode(JSON.stringify(reference)));
      await moveIntoPlace(sidecar, `${path}.json`);
      await moveIntoPlace(temporary, path);
    } catch (error) {
      await rm(sidecar, { force: true });
      // Windows refuses to replace a file that somebody reads; the same bytes are there already.
      if ((await storedBytes(reference.sha256)) !== reference.byteLength) throw error;
    }
  }

  async function putFrom(write: (temporary: string) => Promise<AssetReference>): Promise<AssetReference> {
    let temporary: string | undefined;
    try {
      temporary = await temporaryPath(temporaryDirectory);
      const reference = await write(temporary);
      await place(temporary, reference);
      return reference;
    } catch (error) {
      throw toStorageError(error, 'store a file');
    } finally {
      if (temporary !== undefined) await rm(temporary, { force: true });
    }
  }

  async function lookUp(sha256: Sha256): Promise<AssetReference | undefined> {
    if ((await storedBytes(sha256)) === undefined) return undefined;
    try {
      const parsed = assetReferenceSchema.safeParse(JSON.parse(await readFile(`${pathOf(sha256)}.json`, 'utf8')));
      return parsed.success ? parsed.data : undefined;
    } catch (error) {
      if (isMissingFile(error) || error instanceof SyntaxError) return undefined;
      throw toStorageError(error, 'read a stored file');
    }
  }

  async function localPath(reference: AssetReference): Promise<string> {
    const size = await storedBytes(reference.sha256);
    if (size === undefined) throw missing(reference);
    if (size !== reference.byteLength) throw corrupt(reference);
    return pathOf(reference.sha256);
  }

  return {
    putFile: (path, mediaType) =>
      putFrom(async (temporary) => {
        const { sha256, byteLength } = await copyOf(path, temporary);
        return { sha256, mediaType, byteLength };
      }),

    putBytes: (bytes, mediaType) =>
      putFrom(async (temporary) => {
        await writeDurably(temporary, bytes);
        return { sha256: hashBytes(bytes), mediaType, byteLength: bytes.byteLength };
      }),

    async has(reference) {
      return (await storedBytes(reference.sha256)) === reference.byteLength;
    },

    keep,
    localPath,

    async read(reference) {
      const path = await localPath(reference);
      let bytes: Uint8Array;
      try {
        bytes = await readFile(path);
      } catch (error) {
        throw isMissingFile(error) ? missing(reference, error) : toStorageError(error, 'read a stored file');
      }
      if (hashBytes(bytes) !== reference.sha256) throw corrupt(reference);
      return bytes;
    },

    lookUp,

    async verify(reference) {
      const path = await localPath(reference);
      const { sha256 } = await hashFile(path).catch((error: unknown) => {
        throw isMissingFile(error) ? missing(reference, error) : toStorageError(error, 'read a stored file');
      });
      if (sha256 !== reference.sha256) throw corrupt(reference);
    },

    async adopt(path, reference) {
      try {
        await syncFile(path);
        await place(path, reference);
        await rm(path, { force: true });
      } catch (error) {
        throw toStorageError(error, 'store a file');
      }
    },

    async remove(reference) {
      const path = pathOf(reference.sha256);
      try {
        await rm(path, { force: true });
        await rm(`${path}.json`, { force: true });
      } catch (error) {
        throw toStorageError(error, 'remove a stored file');
      }
    },
  };
}

async function copyOf(path: string, temporary: string) {
  try {
    return await copyDurably(path, temporary);
  } catch (error) {
    if (!isMissingFile(error)) throw error;
    throw new AppError('ASSET_MISSING', 'The file is no longer where it was. Choose it again.', { cause: error });
  }
}

function missing(reference: AssetReference, cause?: unknown): AppError {
  const message = `A stored file (${reference.mediaType}) is no longer on the disk. Import the clip again.`;
  return new AppError('ASSET_MISSING', message, { cause });
}

function corrupt(reference: AssetReference): AppError {
  const message = `A stored file (${reference.mediaType}) is damaged on the disk. Import the clip again.`;
  return new AppError('ASSET_CORRUPT', message, { cause: new Error(`sha256 is not ${reference.sha256}`) });
}
