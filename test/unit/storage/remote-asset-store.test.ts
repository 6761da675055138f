/** What a team's store does beside the network; what it does over one is in test/integration/team-assets. */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../worker/protocol/errors.ts';
import { createFileStores, type FileStores } from '../../../worker/storage/file-stores.ts';
import {
  createRemoteAssetStore,
  type RemoteAssetStore,
  type Transfer,
} from '../../../worker/storage/remote-asset-store.ts';

const unreachable = new AppError('TEAM_UNREACHABLE', 'No way.');
const bytes = new TextEncoder().encode('chunk');

let folder: string;
let stores: FileStores;
let remote: RemoteAssetStore;
let asked: number;
const transfers: Transfer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-remote-'));
  stores = createFileStores({ dataDirectory: folder });
  asked = 0;
  transfers.length = 0;
  remote = createRemoteAssetStore({
    http: {
      ...{ headers: {}, url: (path) => path, close: () => undefined },
      agent: () => Promise.reject(unreachable),
      async ask() {
        asked++;
        throw unreachable;
      },
    },
    ...{ local: stores.assets, directory: join(folder, 'team'), cacheBytes: 1, keepsOwn: false, retryMilliseconds: [] },
    name: async () => undefined,
    onTransfer: (transfer) => void transfers.push(transfer),
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('has what a job puts before it has arrived, so that it can be noted and is not computed again', async () => {
  const { assets, sent } = remote.sending(new AbortController().signal);
  const reference = await assets.putBytes(bytes, 'application/x-npy');
  const key = { stage: 'pose', version: 1, inputs: { chunk: 1 } };
  await stores.derived.put(key, reference);
  await expect(sent()).rejects.toBe(unreachable);
  expect(asked).toBe(1);
  expect(await stores.derived.get(key)).toEqual(reference);
  // Said once: what is put after that is another matter.
  await sent();
});

it('tells how a file grows that another process fetches, and takes it from there', async () => {
  const there = createFileStores({ dataDirectory: join(folder, 'elsewhere') });
  const reference = await there.assets.putBytes(bytes, 'application/x-npy');
  const partial = join(folder, 'team', 'partial', reference.sha256);
  await mkdir(join(partial, '..'), { recursive: true });
  await writeFile(partial, 'ch');
  const release = await lock(partial);
  const fetched = remote.download(reference);
  await vi.waitFor(() => expect(transfers).toContainEqual({ direction: 'down', reference, bytesDone: 2 }), 5000);
  await appendFile(partial, 'unk');
  await vi.waitFor(() => expect(transfers).toContainEqual({ direction: 'down', reference, bytesDone: 5 }), 5000);
  await stores.assets.putBytes(bytes, 'application/x-npy');
  await release();
  await fetched;
  expect(asked).toBe(0);
});
