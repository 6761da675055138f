import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assetReferenceSchema, type Sha256, sha256Schema } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { assetMissingSentence } from '../protocol/team.ts';
import { moveIntoPlace, replaceFile, syncFile } from '../storage/place-file.ts';
import { isMissingFile, toStorageError } from '../storage/storage-error.ts';
import { entriesOf } from '../storage/sweep-assets.ts';
import type { StoredAsset, TeamAssets } from './team-assets.ts';

/** `TEAM/ab/ab12…` holds the bytes, `TEAM/ab/ab12….json` the reference. Hashes and team names were checked before. */
export function createDiskTeamAssets(directory: string): TeamAssets {
  const pathOf = (team: string, sha256: Sha256): string => join(directory, team, sha256.slice(0, 2), sha256);
  return {
    async find(team, sha256) {
      try {
        const path = pathOf(team, sha256);
        const reference = assetReferenceSchema.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
        return (await stat(path)).size === reference.byteLength ? reference : undefined;
      } catch (error) {
        if (isMissingFile(error)) return undefined;
        throw toStorageError(error, 'read a stored file');
      }
    },
    async put(team, from, reference) {
      const path = pathOf(team, reference.sha256);
      try {
        await syncFile(from);
        // The description goes first: whoever sees the bytes can also say what they are.
        await replaceFile(`${path}.json`, new TextEncoder().encode(JSON.stringify(reference)));
        await moveIntoPlace(from, path);
      } catch (error) {
        throw toStorageError(error, 'store a file');
      }
    },
    async read(team, reference, range) {
      const stream = createReadStream(pathOf(team, reference.sha256), range);
      try {
        await once(stream, 'ready');
        return stream;
      } catch (cause) {
        if (!isMissingFile(cause)) throw toStorageError(cause, 'read a stored file');
        throw new AppError('ASSET_MISSING', assetMissingSentence, { cause });
      }
    },
    async remove(team, sha256) {
      await rm(pathOf(team, sha256), { force: true });
      await rm(`${pathOf(team, sha256)}.json`, { force: true });
    },
    teams: () => entriesOf(directory),
    async list(team) {
      const assets: StoredAsset[] = [];
      for (const shard of await entriesOf(join(directory, team)))
        for (const name of await entriesOf(join(directory, team, shard))) {
          if (!sha256Schema.safeParse(name).success) continue;
          const found = await stat(join(directory, team, shard, name)).catch(() => undefined);
          if (found) assets.push({ sha256: name, byteLength: found.size, storedAt: found.mtimeMs });
        }
      return assets;
    },
  };
}
