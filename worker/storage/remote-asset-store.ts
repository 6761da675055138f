/** The assets of a team: a local store in front, the team server behind it. A file travels at most once each way. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import type { AssetStore } from '../pipeline/ports.ts';
import type { AssetReference, Sha256 } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { teamPaths } from '../protocol/team.ts';
import { downloadAsset } from './download-asset.ts';
import { createFetchedAssets, fetchedDirectory, partialDirectory } from './fetched-assets.ts';
import type { FileAssetStore } from './file-asset-store.ts';
import { createSharedTransfers } from './shared-transfers.ts';
import { type TeamHttp, toRefusal } from './team-http.ts';
import { untilReached } from './until-reached.ts';
import { uploadAsset } from './upload-asset.ts';

export interface Transfer {
  readonly direction: 'up' | 'down';
  readonly reference: AssetReference;
  readonly bytesDone: number;
}

export interface RemoteAssetStoreOptions {
  readonly http: TeamHttp;
  readonly local: FileAssetStore;
  /** Of what is under way and of notes; on the file system of the local store. */
  readonly directory: string;
  /** Says in the team's Redis that a file will be sent: the server takes no other. */
  readonly name: (reference: AssetReference) => Promise<void>;
  /** Of the copies of what the server has. */
  readonly cacheBytes: number;
  /** Whether what is put here stays, as on a coach's computer; else it is a copy as soon as the server has it. */
  readonly keepsOwn: boolean;
  readonly onTransfer?: (transfer: Transfer) => void;
  /** Pauses before the next attempt; moving forward begins them anew. */
  readonly retryMilliseconds?: readonly number[];
}

export interface RemoteAssetStore extends AssetStore {
  /** The same store for one job: transfers that only it waits for end with its signal. */
  during(signal: AbortSignal): AssetStore;
  /** The same, but what is put is only begun to be sent; `sent` resolves when the server has all that was put so far. */
  sending(signal: AbortSignal): { readonly assets: AssetStore; sent(): Promise<void> };
  /** Resolves when the server has it. It must be in the local store. */
  upload(reference: AssetReference, signal?: AbortSignal): Promise<void>;
  /** Resolves when the local store has it. */
  download(reference: AssetReference, signal?: AbortSignal): Promise<void>;
  /** The same, and from then on it is no copy that may be removed to make room. */
  keep(reference: AssetReference, signal?: AbortSignal): Promise<void>;
  /** These are in use until released: none is removed to make room. */
  hold(hashes: readonly Sha256[]): { release(): void };
  /** Removes copies, least recently used first, until they fit; only what the server still has. */
  makeRoom(signal?: AbortSignal): Promise<void>;
}

const defaultRetryMilliseconds = [200, 1000, 3000, 5000, 10_000];
/** Other processes on this machine may be reading what was used within this time. */
const recentMilliseconds = 10 * 60_000;
const touchMilliseconds = 60_000;
/** For how long a copy that the server has lost is kept. */
const lostMilliseconds = 24 * 3600_000;
/** Other processes fetch too. */
const countMilliseconds = 60_000;

export function createRemoteAssetStore(options: RemoteAssetStoreOptions): RemoteAssetStore {
  const { http, local, directory, retryMilliseconds = defaultRetryMilliseconds } = options;
  const fetched = createFetchedAssets(fetchedDirectory(directory));
  const transfers = createSharedTransfers();
  const holds = new Map<Sha256, number>();
  /** Of all copies, when they were counted last, with what was fetched since. */
  let counted = { bytes: 0, at: Number.NEGATIVE_INFINITY };

  const serverHas = ({ sha256, byteLength }: AssetReference, signal?: AbortSignal): Promise<boolean> =>
    untilReached(retryMilliseconds, signal, async () => {
      const answer = await http.ask({ method: 'HEAD', path: `${teamPaths.assets}/${sha256}` }, signal);
      answer.resume();
      if (answer.statusCode === 404) return false;
      if (answer.statusCode !== 200) throw toRefusal(answer.statusCode ?? 0, '');
      return Number(answer.headers['content-length']) === byteLength;
    });
  const report = (direction: Transfer['direction'], reference: AssetReference) => (bytesDone: number) =>
    options.onTransfer?.({ direction, reference, bytesDone });

  const send = async (reference: AssetReference, signal: AbortSignal): Promise<void> => {
    const path = await local.localPath(reference);
    const attempt = { http, reference, path, retryMilliseconds, onProgress: report('up', reference), signal };
    if (!(await serverHas(reference, signal))) {
      await options.name(reference);
      // Twice: what somebody else began of it may have been wrong.
      await uploadAsset(attempt).catch((error: unknown) => ignoreWhatMayPass(error));
      if (!(await serverHas(reference, signal))) {
        await uploadAsset(attempt);
        if (!(await serverHas(reference, signal))) throw notTaken();
      }
    }
    if (options.keepsOwn) return;
    await fetched.note(reference);
    await makeRoomFor(reference, signal);
  };
  const fetch = async (reference: AssetReference, signal: AbortSignal): Promise<void> => {
    const partialPath = join(partialDirectory(directory), reference.sha256);
    const onProgress = report('down', reference);
    const release = await lockPartial(partialPath, onProgress);
    try {
      // Another process may have been faster.
      if (await local.has(reference)) return await rm(partialPath, { force: true });
      await downloadAsset({ http, reference, partialPath, retryMilliseconds, onProgress, signal });
      await fetched.note(reference);
      await local.adopt(partialPath, reference);
    } finally {
      await release();
    }
    await makeRoomFor(reference, signal);
  };
  const upload = (reference: AssetReference, signal?: AbortSignal): Promise<void> =>
    transfers.run(`up ${reference.sha256}`, signal, (shared) => send(reference, shared));
  const download = (reference: AssetReference, signal?: AbortSignal): Promise<void> =>
    transfers.run(`down ${reference.sha256}`, signal, (shared) => fetch(reference, shared));

  const makeRoom = async (signal?: AbortSignal): Promise<void> => {
    const copies = await fetched.list();
    let bytes = copies.reduce((sum, { reference }) => sum + reference.byteLength, 0);
    const now = Date.now();
    for (const { reference, usedAt } of copies) {
      if (bytes <= options.cacheBytes) break;
      if (holds.has(reference.sha256) || usedAt > now - recentMilliseconds) continue;
      // It lets go of what nobody has used for long: then nobody needs ours either.
      const mayBeTheLast = usedAt > now - lostMilliseconds;
      if (mayBeTheLast && !(await serverHas(reference, signal))) continue;
      await local.remove(reference);
      await fetched.forget(reference.sha256);
      bytes -= reference.byteLength;
    }
    counted = { bytes, at: now };
  };
  /** Counts only now and then as long as there is room: there may be many small files. */
  const makeRoomFor = async ({ byteLength }: AssetReference, signal: AbortSignal): Promise<void> => {
    counted.bytes += byteLength;
    if (counted.bytes <= options.cacheBytes && Date.now() - counted.at < countMilliseconds) return;
    // Should there be no room to be had, the file is here all the same.
    await makeRoom(signal).catch(() => undefined);
  };

  const placed = async (reference: AssetReference, signal?: AbortSignal): Promise<AssetReference> => {
    if (options.keepsOwn) await fetched.forget(reference.sha256);
    await upload(reference, signal);
    return reference;
  };
  const localPath = async (reference: AssetReference, signal?: AbortSignal): Promise<string> => {
    if (await local.has(reference)) await fetched.touch(reference.sha256);
    else await download(reference, signal);
    return await local.localPath(reference);
  };
  const read = async (reference: AssetReference, signal?: AbortSignal): Promise<Uint8Array> => {
    await localPath(reference, signal);
    try {
      return await local.read(reference);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'ASSET_CORRUPT') throw error;
      // The disk has spoiled our copy; where the server has none either, it is spoiled for good.
      if (!(await serverHas(reference, signal))) throw error;
      await local.remove(reference);
      await download(reference, signal);
      return await local.read(reference);
    }
  };

  const during = (signal?: AbortSignal): AssetStore => ({
    putFile: async (path, mediaType) => await placed(await local.putFile(path, mediaType), signal),
    putBytes: async (bytes, mediaType) => await placed(await local.putBytes(bytes, mediaType), signal),
    has: async (reference) => (await local.has(reference)) || (await serverHas(reference, signal)),
    localPath: (reference) => localPath(reference, signal),
    read: (reference) => read(reference, signal),
  });

  return {
    ...during(),
    during,
    sending(signal) {
      const underWay: Promise<unknown>[] = [];
      const begin = (reference: AssetReference): AssetReference => {
        const sending = placed(reference, signal);
        // Whoever waits for it hears of it.
        sending.catch(() => undefined);
        underWay.push(sending);
        return reference;
      };
      return {
        assets: {
          ...during(signal),
          putFile: async (path, mediaType) => begin(await local.putFile(path, mediaType)),
          putBytes: async (bytes, mediaType) => begin(await local.putBytes(bytes, mediaType)),
        },
        sent: async () => void (await Promise.all(underWay.splice(0))),
      };
    },
    upload,
    download,
    async keep(reference, signal) {
      await download(reference, signal);
      await fetched.forget(reference.sha256);
    },
    makeRoom,
    hold(hashes) {
      for (const sha256 of hashes) holds.set(sha256, (holds.get(sha256) ?? 0) + 1);
      const touch = (): void => {
        for (const sha256 of hashes) fetched.touch(sha256).catch(() => undefined);
      };
      touch();
      // Other processes see by it that the files are in use.
      const timer = setInterval(touch, touchMilliseconds);
      timer.unref();
      let isReleased = false;
      return {
        release() {
          if (isReleased) return;
          isReleased = true;
          clearInterval(timer);
          for (const sha256 of hashes) {
            const left = (holds.get(sha256) ?? 1) - 1;
            if (left > 0) holds.set(sha256, left);
            else holds.delete(sha256);
          }
        },
      };
    },
  };
}

/** Rethrows what the server would say again. */
function ignoreWhatMayPass(error: unknown): void {
  const passing = ['ASSET_CORRUPT', 'INVALID_INPUT', 'NOT_FOUND'];
  if (!(error instanceof AppError) || !passing.includes(error.code)) throw error;
}

function notTaken(): AppError {
  return new AppError(
    'ASSET_CORRUPT',
    'The team server did not get a file as it is here. It is sent again with the next try.',
  );
}

const growthMilliseconds = 500;

/**
 * One process at a time gathers a file; a lock whose owner died is taken over. Whoever waits is told how the file grows:
 * a job that waits for it has not fallen silent.
 */
async function lockPartial(path: string, onGrowth: (bytes: number) => void): Promise<() => Promise<void>> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '', { flag: 'a' });
  const watch = setInterval(() => {
    stat(path).then(
      ({ size }) => onGrowth(size),
      () => undefined,
    );
  }, growthMilliseconds);
  const release = await lock(path, {
    stale: 10_000,
    update: 2000,
    retries: { forever: true, minTimeout: 100, maxTimeout: 1000, factor: 2 },
    // Whoever was suspended for long may have lost it: the hash says what became of the file.
    onCompromised: () => undefined,
  }).finally(() => clearInterval(watch));
  return async () => {
    await release().catch(() => undefined);
  };
}
