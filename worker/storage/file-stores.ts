/** The stores on the local disk. Several processes may use the same folder at once. */
import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AnalysisStore, AssetStore, DerivedKey, DerivedStore } from '../pipeline/ports.ts';
import { type AssetReference, assetReferenceSchema, type Sha256 } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { asDiskError, isMissing, writeFileAtomically } from './atomic-file.ts';
import { endingOf } from './media-types.ts';

export interface FileStores {
  readonly assets: AssetStore;
  readonly derived: DerivedStore;
  readonly analyses: AnalysisStore;
}

export function createFileStores({ dataDirectory }: { readonly dataDirectory: string }): FileStores {
  return {
    assets: createAssetStore(join(dataDirectory, 'assets')),
    derived: createDerivedStore(join(dataDirectory, 'derived')),
    analyses: createAnalysisStore(join(dataDirectory, 'analyses')),
  };
}

/** sha256 of a file's bytes, read as a stream. */
export async function hashFile(path: string): Promise<Sha256> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function hashOf(bytes: Uint8Array | string): Sha256 {
  return createHash('sha256').update(bytes).digest('hex');
}

/** assets/ab/abcdef….mp4: the hash names the file, so what is there is finished and right. */
function createAssetStore(root: string): AssetStore {
  const pathOf = ({ sha256, mediaType }: AssetReference): string =>
    join(root, sha256.slice(0, 2), `${sha256}.${endingOf(mediaType)}`);

  const existing = async (reference: AssetReference): Promise<string> => {
    const path = pathOf(reference);
    try {
      await access(path);
      return path;
    } catch (cause) {
      throw new AppError('ASSET_MISSING', 'A file of this clip is no longer on the disk. Add the clip again.', {
        cause,
      });
    }
  };

  return {
    async putFile(path, mediaType) {
      const sha256 = await hashFile(path);
      const { size } = await stat(path);
      const reference = { sha256, mediaType, byteLength: size };
      const target = pathOf(reference);
      if (await exists(target)) return reference;
      await mkdir(dirname(target), { recursive: true });
      const temporary = `${target}.${randomUUID()}.part`;
      try {
        // A copy-on-write clone where the file system has them: instant, and no second copy on the disk.
        await copyFile(path, temporary, constants.COPYFILE_FICLONE);
        await sync(temporary);
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw asDiskError(error);
      }
      return reference;
    },
    async putBytes(bytes, mediaType) {
      const reference = { sha256: hashOf(bytes), mediaType, byteLength: bytes.byteLength };
      if (!(await exists(pathOf(reference)))) await writeFileAtomically(pathOf(reference), bytes);
      return reference;
    },
    async has(reference) {
      return await exists(pathOf(reference));
    },
    localPath: existing,
    async read(reference) {
      const bytes = await readFile(await existing(reference));
      if (hashOf(bytes) !== reference.sha256) {
        throw new AppError('ASSET_CORRUPT', 'A stored file has been changed or damaged. Add the clip again.');
      }
      return bytes;
    },
  };
}

/** derived/ab/<hash of stage, version and inputs>.json holds the reference of the result. */
function createDerivedStore(root: string): DerivedStore {
  const pathOf = (key: DerivedKey): string => {
    const hash = hashOf(canonicalJson([key.stage, key.version, key.inputs]));
    return join(root, hash.slice(0, 2), `${hash}.json`);
  };
  return {
    async get(key) {
      try {
        const parsed = assetReferenceSchema.safeParse(JSON.parse(await readFile(pathOf(key), 'utf8')));
        return parsed.data;
      } catch (error) {
        if (isMissing(error) || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    async put(key, result) {
      await writeFileAtomically(pathOf(key), new TextEncoder().encode(JSON.stringify(result)));
    },
  };
}

/** JSON with sorted keys: equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** analyses/<analysis id>/: appears in one step, and is never changed afterwards. */
function createAnalysisStore(root: string): AnalysisStore {
  const folder = (analysisId: string): string => join(root, analysisId);
  return {
    folder,
    async has(analysisId) {
      return await exists(folder(analysisId));
    },
    async write(analysisId, files) {
      const temporary = join(root, `.${analysisId}.${randomUUID()}.part`);
      try {
        await mkdir(temporary, { recursive: true });
        for (const [name, bytes] of files) {
          await writeFile(join(temporary, name), bytes);
          await sync(join(temporary, name));
        }
        await rename(temporary, folder(analysisId));
      } catch (error) {
        await rm(temporary, { recursive: true, force: true });
        // Somebody else finished the same analysis first: theirs is as good.
        if (await exists(folder(analysisId))) return;
        throw asDiskError(error);
      }
    },
    async read(analysisId, file) {
      try {
        return await readFile(join(folder(analysisId), file));
      } catch (cause) {
        throw new AppError('NOT_FOUND', 'This analysis is no longer on the disk. Analyse the clip again.', { cause });
      }
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
