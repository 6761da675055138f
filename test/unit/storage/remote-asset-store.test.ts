/** What a team's store does beside the network; what it does over one is in test/integration/team-assets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AppError } from '../../../worker/protocol/errors.ts';
import { createFileStores } from '../../../worker/storage/file-stores.ts';
import { createRemoteAssetStore } from '../../../worker/storage/remote-asset-store.ts';

it('has what a job puts before it has arrived, so that it can be noted and is not computed again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-remote-'));
  try {
    const { assets: local, derived } = createFileStores({ dataDirectory: folder });
    const unreachable = new AppError('TEAM_UNREACHABLE', 'No way.');
    let asked = 0;
    const remote = createRemoteAssetStore({
      http: {
        ...{ headers: {}, url: (path) => path, close: () => undefined },
        agent: () => Promise.reject(unreachable),
        async ask() {
          asked++;
          throw unreachable;
        },
      },
      ...{ local, directory: join(folder, 'team'), cacheBytes: 1, keepsOwn: false, retryMilliseconds: [] },
      name: async () => undefined,
    });
    const { assets, sent } = remote.sending(new AbortController().signal);
    const reference = await assets.putBytes(new TextEncoder().encode('chunk'), 'application/x-npy');
    const key = { stage: 'pose', version: 1, inputs: { chunk: 1 } };
    await derived.put(key, reference);
    await expect(sent()).rejects.toBe(unreachable);
    expect(asked).toBe(1);
    expect(await derived.get(key)).toEqual(reference);
    // Said once: what is put after that is another matter.
    await sent();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
