/** Assets of a team in an S3-compatible store. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { createDiskTeamAssets } from '../../worker/team/disk-team-assets.ts';
import { createKeptAssets } from '../../worker/team/kept-assets.ts';
import { createS3TeamAssets } from '../../worker/team/s3-team-assets.ts';
import { sumOfBytes, type TeamAssets } from '../../worker/team/team-assets.ts';
import { type S3Store, startS3Store } from './s3-store.ts';
import { createTeamServerBench, type TeamServerBench, teamServerNotBuilt } from './team-server-bench.ts';

let s3: S3Store;
let folder: string;
beforeAll(async () => {
  s3 = await startS3Store();
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-s3-test-'));
}, 60_000);
afterAll(async () => {
  await s3?.stop();
  await rm(folder, { recursive: true, force: true });
});

const configuration = () => ({
  ...{ kind: 's3' as const, endpoint: s3.endpoint, bucket: s3.bucket, prefix: 'shadow/', region: s3.region },
  ...{ accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
});

describe.each([
  ['on the disk', () => createDiskTeamAssets(join(folder, 'assets'))],
  ['in S3', () => createS3TeamAssets(configuration())],
] satisfies [string, () => TeamAssets][])('assets of a team %s', (name, open) => {
  let count = 0;
  const put = async (assets: Pick<TeamAssets, 'put'>, team: string, bytes: Uint8Array): Promise<AssetReference> => {
    const path = join(folder, `upload-${++count}`);
    await writeFile(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const reference = { sha256, mediaType: 'video/mp4', byteLength: bytes.byteLength };
    await assets.put(team, path, reference);
    return reference;
  };
  const read = async (...parameters: Parameters<TeamAssets['read']>): Promise<Buffer> => {
    const parts: Buffer[] = [];
    const assets = open();
    for await (const part of await assets.read(...parameters)) parts.push(part);
    return Buffer.concat(parts);
  };

  it('keeps small files, large ones in parts, and an empty one; each team its own', async () => {
    const assets = open();
    // The store takes parts of 16 MiB: two whole ones and a rest.
    for (const bytes of [new Uint8Array(), randomBytes(1000), randomBytes(33 * 2 ** 20 + 5)]) {
      const reference = await put(assets, 'aces', bytes);
      expect(await assets.find('aces', reference.sha256)).toEqual(reference);
      expect(await assets.find('bears', reference.sha256)).toBeUndefined();
      expect((await read('aces', reference, undefined)).equals(bytes)).toBe(true);
    }
    expect(sumOfBytes(await assets.list('aces'))).toBe(1000 + 33 * 2 ** 20 + 5);
    expect(await assets.list('bears')).toEqual([]);
    expect(await assets.teams()).toEqual(['aces']);
  }, 60_000);

  it('reads ranges, removes, and says what is missing', async () => {
    const assets = open();
    const bytes = randomBytes(5000);
    const reference = await put(assets, 'cats', bytes);
    expect((await read('cats', reference, { start: 100, end: 199 })).equals(bytes.subarray(100, 200))).toBe(true);
    await assets.remove('cats', reference.sha256);
    await assets.remove('cats', reference.sha256);
    expect(await assets.find('cats', reference.sha256)).toBeUndefined();
    await expect(assets.read('cats', reference, undefined)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
  });

  it('says when each was stored or used, and removes what nobody uses', async () => {
    let now = Date.now();
    const kept = createKeptAssets(open(), join(folder, `used ${name}`), () => now);
    const [used, unused] = [await put(kept, 'dogs', randomBytes(100)), await put(kept, 'dogs', randomBytes(100))];
    for (const asset of await kept.list('dogs')) expect(Math.abs(asset.usedAt - now)).toBeLessThan(60_000);
    now += 3600_000;
    await kept.find('dogs', used.sha256);
    const listed = (await kept.list('dogs')).sort((one, other) => one.usedAt - other.usedAt);
    expect(listed.map(({ sha256 }) => sha256)).toEqual([unused.sha256, used.sha256]);
    expect(listed[1]?.usedAt).toBe(now);
    for (const asset of listed) if (asset.usedAt < now) await kept.removeUnused('dogs', asset);
    expect((await kept.list('dogs')).map(({ sha256 }) => sha256)).toEqual([used.sha256]);
  });
});

it('says that the store refuses or does not answer', async () => {
  const wrong = createS3TeamAssets({ ...configuration(), accessKeyId: 'nobody' });
  await expect(wrong.list('aces')).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('403'),
  });
  const guessed = createS3TeamAssets({ ...configuration(), secretAccessKey: 'guessed' });
  await expect(guessed.list('aces')).rejects.toThrow('403');
  await expect(guessed.find('aces', 'a'.repeat(64))).rejects.toThrow('403');
  const elsewhere = createS3TeamAssets({ ...configuration(), region: 'us-east-1' });
  await expect(elsewhere.list('aces')).rejects.toThrow('403');
  const noBucket = createS3TeamAssets({ ...configuration(), bucket: 'none' });
  await expect(noBucket.list('aces')).rejects.toMatchObject({
    message: expect.stringContaining('no bucket none'),
  });
});

describe.skipIf(teamServerNotBuilt !== undefined)('a team server over S3', () => {
  let bench: TeamServerBench;
  afterAll(() => bench?.close(), 60_000);

  it('takes, checks and gives files', async () => {
    bench = await createTeamServerBench({ assets: configuration() });
    await bench.start();
    const coach = await bench.join(await bench.invite('Ann', 'coach'));
    const worker = await bench.join(await bench.invite('Rig', 'worker'));
    const bytes = new Uint8Array(randomBytes(17 * 2 ** 20));
    const clip = await coach.assets.putBytes(bytes, 'video/mp4');
    expect(Buffer.from(await worker.assets.read(clip)).equals(bytes)).toBe(true);
    const lying = { ...clip, sha256: 'b'.repeat(64) };
    await expect(worker.assets.localPath(lying)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
  }, 60_000);
});
