import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createTeamServerBench, type TeamServerBench, teamServerNotBuilt } from '../integration/team-server-bench.ts';
import { testAssetStore } from './asset-store.conformance.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('with a team server', () => {
  let bench: TeamServerBench;
  let count = 0;
  beforeAll(async () => {
    bench = await createTeamServerBench();
    await bench.start();
  }, 60_000);
  afterAll(() => bench.close(), 60_000);

  const damageFile = async (path: string): Promise<void> => {
    const bytes = await readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 255;
    await writeFile(path, bytes);
  };

  testAssetStore('of a team', async () => {
    const machine = await bench.join(await bench.invite(`Machine ${++count}`, 'worker'));
    return {
      store: machine.assets,
      async damage(sha256) {
        const inFolder = [sha256.slice(0, 2), sha256] as const;
        await damageFile(join(machine.dataDirectory, 'assets', ...inFolder));
        await damageFile(join(bench.dataDirectory, 'assets', 'aces', ...inFolder));
      },
      close: async () => undefined,
    };
  });
});
