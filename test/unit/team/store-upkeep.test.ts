import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import type { JobHashes } from '../../../worker/queue/bullmq-hashes.ts';
import { createDiskTeamAssets } from '../../../worker/team/disk-team-assets.ts';
import { createKeptAssets, type KeptAssets } from '../../../worker/team/kept-assets.ts';
import { createStoreUpkeep } from '../../../worker/team/store-upkeep.ts';
import type { TeamAssets } from '../../../worker/team/team-assets.ts';
import { createTeamQuota } from '../../../worker/team/team-quota.ts';

const dayMilliseconds = 24 * 3600 * 1000;
const limits = { teamBytes: 1000, unusedSeconds: 30 * 24 * 3600, recentSeconds: 24 * 3600 };

let folder: string;
/** Days from now: files are as old as the disk says. */
let days = 0;
const now = (): number => Date.now() + days * dayMilliseconds;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-upkeep-'));
  days = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const open = (disk = createDiskTeamAssets(join(folder, 'assets'))): KeptAssets =>
  createKeptAssets(disk, join(folder, 'used'), now);
const put = async (assets: KeptAssets, name: string, byteLength = 100): Promise<AssetReference> => {
  const bytes = Buffer.alloc(byteLength, name);
  const path = join(folder, name);
  await writeFile(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const reference = { sha256, mediaType: 'video/mp4', byteLength };
  await assets.put('aces', path, reference);
  return reference;
};
const left = async (assets: KeptAssets, all: Readonly<Record<string, AssetReference>>): Promise<string[]> => {
  const stored = new Set((await assets.list('aces')).map(({ sha256 }) => sha256));
  return Object.keys(all).filter((name) => stored.has(all[name]?.sha256 ?? ''));
};

function tend(assets: KeptAssets, jobHashes: () => Promise<Partial<JobHashes>> = async () => ({})) {
  const said: string[] = [];
  const removed: number[] = [];
  const log = (event: string): void => void said.push(event);
  const quota = createTeamQuota(assets);
  const upkeep = createStoreUpkeep({
    ...{ assets, quota, limits, now, log: { info: log, warn: log, error: log } },
    jobHashes: async () => ({ needed: new Set(), ended: new Set(), ...(await jobHashes()) }),
    onRemoved: (bytes) => void removed.push(bytes),
  });
  return { upkeep, quota, said, removed };
}

describe('what a team server lets go of', () => {
  it('is what nobody has used for a month, unless a job needs it', async () => {
    const assets = open();
    const clip = { unused: await put(assets, 'a'), looked: await put(assets, 'b'), needed: await put(assets, 'c') };
    const { upkeep, quota, removed } = tend(assets, async () => ({ needed: new Set([clip.needed.sha256]) }));
    days = 20;
    await assets.find('aces', clip.looked.sha256);
    await upkeep.run();
    expect(await left(assets, clip)).toEqual(['unused', 'looked', 'needed']);
    days = 31;
    await upkeep.run();
    expect(await left(assets, clip)).toEqual(['looked', 'needed']);
    expect(removed.reduce((sum, bytes) => sum + bytes, 0)).toBe(100);
    expect(await quota.storedBytes('aces')).toBe(200);
  });

  it('is known after the server has been started anew', async () => {
    const assets = open();
    const clip = { unused: await put(assets, 'a'), looked: await put(assets, 'b') };
    days = 20;
    await assets.find('aces', clip.looked.sha256);
    days = 31;
    const again = open();
    await tend(again).upkeep.run();
    expect(await left(again, clip)).toEqual(['looked']);
  });

  it('is what was used least recently where room runs out, and last what jobs that have ended speak of', async () => {
    const assets = open();
    const clip = {
      ended: await put(assets, 'a', 200),
      older: await put(assets, 'b', 200),
      old: await put(assets, 'c', 200),
      needed: await put(assets, 'd', 200),
      recent: await put(assets, 'e', 190),
    };
    const { upkeep } = tend(assets, async () => ({
      needed: new Set([clip.needed.sha256]),
      ended: new Set([clip.ended.sha256]),
    }));
    days = 1;
    await assets.find('aces', clip.old.sha256);
    days = 3;
    await assets.find('aces', clip.recent.sha256);
    await upkeep.run();
    // 990 of 1000 bytes were too many; 790 are few enough.
    expect(await left(assets, clip)).toEqual(['ended', 'old', 'needed', 'recent']);
    await upkeep.makeRoom('aces', 650);
    expect(await left(assets, clip)).toEqual(['needed', 'recent']);
  });

  it('is not what somebody asks for in the moment between', async () => {
    const assets = open();
    const clip = { asked: await put(assets, 'a'), unused: await put(assets, 'b') };
    days = 40;
    const { upkeep } = tend(assets, async () => {
      await assets.find('aces', clip.asked.sha256);
      return {};
    });
    await upkeep.run();
    expect(await left(assets, clip)).toEqual(['asked']);
  });

  it('is gone for whoever asks while it goes', async () => {
    const disk = createDiskTeamAssets(join(folder, 'assets'));
    let goOn: () => void = () => undefined;
    const slow: TeamAssets = {
      ...disk,
      async remove(...what) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        await disk.remove(...what);
      },
    };
    const assets = open(slow);
    const { sha256 } = await put(assets, 'a');
    days = 40;
    const [asset] = await assets.list('aces');
    if (asset === undefined) throw new Error('Nothing is stored.');
    const removing = assets.removeUnused('aces', asset);
    const asking = assets.find('aces', sha256);
    goOn();
    expect(await removing).toBe(true);
    expect(await asking).toBeUndefined();
    // And it can come again.
    await put(assets, 'a');
    expect((await assets.find('aces', sha256))?.sha256).toBe(sha256);
  });

  it('is nothing while it cannot be known what jobs need', async () => {
    const assets = open();
    const clip = { unused: await put(assets, 'a') };
    days = 40;
    let isAway = true;
    const { upkeep, said } = tend(assets, async () => {
      if (isAway) throw new Error('The queue is away.');
      return {};
    });
    await upkeep.run();
    expect(await left(assets, clip)).toEqual(['unused']);
    expect(said).toEqual(['store upkeep']);
    isAway = false;
    await upkeep.run();
    expect(await left(assets, clip)).toEqual([]);
  });
});
