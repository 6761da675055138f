/**
 * The assets of all teams with when each was used last, and a way to remove one that nobody uses. One process serves a
 * store: so whoever asks for a file and whoever removes it meet here, and never miss each other.
 */
import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sha256 } from '../protocol/assets.ts';
import { isMissingFile } from '../storage/storage-error.ts';
import type { StoredAsset, TeamAssets } from './team-assets.ts';

export interface KeptAsset extends StoredAsset {
  /** When somebody stored it, looked it up or read it. Milliseconds since 1970. */
  readonly usedAt: number;
}

export interface KeptAssets extends Omit<TeamAssets, 'list' | 'remove'> {
  list(team: string): Promise<KeptAsset[]>;
  /** False where it was used since it was listed, and stays. */
  removeUnused(team: string, asset: KeptAsset): Promise<boolean>;
}

/** How exactly a use is noted on the disk. */
const noteMilliseconds = 60_000;

/**
 * `notesDirectory`: of an empty file for each asset, `TEAM/ab12…`, whose time is that of the last use: an S3 store keeps
 * no such time.
 */
export function createKeptAssets(assets: TeamAssets, notesDirectory: string, now = Date.now): KeptAssets {
  const uses = new Map<string, { at: number; notedAt: number }>();
  const removing = new Map<string, Promise<void>>();
  const pathOf = (team: string, sha256: Sha256): string => join(notesDirectory, team, sha256);
  const use = (path: string): void => void uses.set(path, { notedAt: 0, ...uses.get(path), at: now() });
  const note = async (path: string): Promise<void> => {
    const known = uses.get(path);
    if (known === undefined || known.at - known.notedAt < noteMilliseconds) return;
    known.notedAt = known.at;
    // A note that is lost makes a file go sooner, once: not worth a failed request.
    await writeNote(path, known.at).catch(() => undefined);
  };

  return {
    read: assets.read,
    teams: assets.teams,
    async find(team, sha256) {
      const path = pathOf(team, sha256);
      await removing.get(path);
      // Before it is looked for: from now on it cannot be removed.
      use(path);
      const found = await assets.find(team, sha256);
      if (found) await note(path);
      else uses.delete(path);
      return found;
    },
    async put(team, from, reference) {
      const path = pathOf(team, reference.sha256);
      await removing.get(path);
      use(path);
      await assets.put(team, from, reference);
      await note(path);
    },
    async list(team) {
      const listed: KeptAsset[] = [];
      for (const asset of await assets.list(team)) {
        const path = pathOf(team, asset.sha256);
        const notedAt = await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        );
        listed.push({ ...asset, usedAt: Math.max(asset.storedAt, notedAt, uses.get(path)?.at ?? 0) });
      }
      return listed;
    },
    async removeUnused(team, { sha256, usedAt }) {
      const path = pathOf(team, sha256);
      if ((uses.get(path)?.at ?? 0) > usedAt || removing.has(path)) return false;
      const removed = assets.remove(team, sha256).finally(() => removing.delete(path));
      // Whoever waits for its end looks for himself what came of it.
      const ended = removed.catch(() => undefined);
      removing.set(path, ended);
      await removed;
      uses.delete(path);
      await rm(path, { force: true });
      return true;
    },
  };
}

async function writeNote(path: string, at: number): Promise<void> {
  const time = new Date(at);
  await utimes(path, time, time).catch(async (error: unknown) => {
    if (!isMissingFile(error)) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, '');
    await utimes(path, time, time);
  });
}
