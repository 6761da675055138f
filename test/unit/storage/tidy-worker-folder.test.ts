import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analysisFiles } from '../../../worker/protocol/analysis.ts';
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import { createFetchedAssets, fetchedDirectory, partialDirectory } from '../../../worker/storage/fetched-assets.ts';
import { createFileStores, type FileStores } from '../../../worker/storage/file-stores.ts';
import { assetPath } from '../../../worker/storage/sweep-assets.ts';
import { tidyWorkerFolder, touchedAnalyses, transfersDirectory } from '../../../worker/storage/tidy-worker-folder.ts';

const hour = 3600_000;
let dataDirectory: string;
let stores: FileStores;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'shadow-trainer-tidy-'));
  stores = createFileStores({ dataDirectory });
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const agedBy = async (hours: number, ...paths: string[]): Promise<void> => {
  const then = new Date(Date.now() - hours * hour);
  for (const path of paths) await utimes(path, then, then);
};
const pathOf = ({ sha256 }: AssetReference): string => assetPath(join(dataDirectory, 'assets'), sha256);
const putAsset = async (text: string, hours: number): Promise<AssetReference> => {
  const reference = await stores.assets.putBytes(new TextEncoder().encode(text), 'video/mp4');
  await agedBy(hours, pathOf(reference));
  return reference;
};
const putAnalysis = async (digit: string, hours: number, bytes = 1000): Promise<string> => {
  const id = digit.repeat(64);
  await stores.analyses.write(id, new Map([[analysisFiles.document, new Uint8Array(bytes)]]));
  await agedBy(hours, stores.analyses.folder(id));
  return id;
};
const analyses = async (): Promise<string> =>
  (await readdir(join(dataDirectory, 'analyses')))
    .map(([d]) => d)
    .sort()
    .join('');

describe('the folder of a worker machine', () => {
  it('loses what is a day old, but for copies, which have a limit of their own', async () => {
    const copy = await putAsset('copy', 100);
    await createFetchedAssets(fetchedDirectory(transfersDirectory(dataDirectory))).note(copy);
    const [left, fresh] = [await putAsset('left', 25), await putAsset('fresh', 23)];
    await putAnalysis('a', 25);
    await putAnalysis('b', 23);
    const partial = partialDirectory(transfersDirectory(dataDirectory));
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, 'old'), 'x');
    await writeFile(join(partial, 'new'), 'x');
    await agedBy(25, join(partial, 'old'));
    await tidyWorkerFolder({ dataDirectory, limitBytes: 1e9 });
    expect(await Promise.all([copy, left, fresh].map(stores.assets.has))).toEqual([true, false, true]);
    expect(await analyses()).toBe('b');
    expect(await readdir(partial)).toEqual(['new']);
    expect(await readdir(join(dataDirectory, 'unfinished'))).toEqual([]);
  });

  it('stays within its limit, copies counted: what was used longest ago goes, and nothing that is in use', async () => {
    const copy = await putAsset('x'.repeat(1500), 2);
    await createFetchedAssets(fetchedDirectory(transfersDirectory(dataDirectory))).note(copy);
    await putAnalysis('a', 5);
    const used = await putAnalysis('b', 6);
    await putAnalysis('c', 4);
    await putAnalysis('d', 3);
    await putAnalysis('e', 0.5);
    // A job has looked it up.
    expect(await touchedAnalyses(stores.analyses).has(used)).toBe(true);
    await tidyWorkerFolder({ dataDirectory, limitBytes: 4600 });
    expect(await analyses()).toBe('bde');
    await tidyWorkerFolder({ dataDirectory, limitBytes: 1 });
    expect(await analyses()).toBe('be');
    expect(await stores.assets.has(copy)).toBe(true);
  });

  it('keeps what is read, and says nothing new of what is not there', async () => {
    const read = await putAnalysis('a', 30);
    const touched = touchedAnalyses(stores.analyses);
    await touched.read(read, analysisFiles.document);
    await tidyWorkerFolder({ dataDirectory, limitBytes: 1 });
    expect(await analyses()).toBe('a');
    expect((await stat(stores.analyses.folder(read))).mtimeMs).toBeGreaterThan(Date.now() - hour);
    expect(await touched.has('f'.repeat(64))).toBe(false);
    await expect(touched.read('f'.repeat(64), analysisFiles.document)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
