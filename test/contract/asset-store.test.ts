import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStores, type FileStores } from '../../worker/storage/file-stores.ts';
import { testAssetStore } from './asset-store.conformance.ts';

testAssetStore('local disk', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'shadow-trainer-assets-'));
  return {
    store: createFileStores({ dataDirectory }).assets,
    async damage(sha256) {
      const path = join(dataDirectory, 'assets', sha256.slice(0, 2), sha256);
      const bytes = await readFile(path);
      bytes[0] = (bytes[0] ?? 0) ^ 255;
      await writeFile(path, bytes);
    },
    close: () => rm(dataDirectory, { recursive: true, force: true }),
  };
});

describe('asset store on the local disk', () => {
  let dataDirectory: string;
  let assets: FileStores['assets'];
  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'shadow-trainer-assets-'));
    assets = createFileStores({ dataDirectory }).assets;
  });
  afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

  it('leaves one file and its description, and nothing unfinished', async () => {
    const bytes = new Uint8Array([4, 5, 6]);
    const { sha256 } = await assets.putBytes(bytes, 'image/jpeg');
    await assets.putBytes(bytes, 'image/jpeg');
    expect((await readdir(join(dataDirectory, 'assets', sha256.slice(0, 2)))).sort()).toEqual([
      sha256,
      `${sha256}.json`,
    ]);
    expect(await readdir(join(dataDirectory, 'unfinished'))).toEqual([]);
  });

  it('tells the media type to whoever knows the hash alone; the first one given stays', async () => {
    const reference = await assets.putBytes(new Uint8Array([7]), 'video/mp4');
    await assets.putBytes(new Uint8Array([7]), 'application/octet-stream');
    expect(await assets.lookUp(reference.sha256)).toEqual(reference);
    expect(await assets.lookUp('f'.repeat(64))).toBeUndefined();
  });

  it('notices a cut-off file and mends it when the bytes come again', async () => {
    const bytes = new Uint8Array(1000).fill(9);
    const reference = await assets.putBytes(bytes, 'text/plain');
    await truncate(await assets.localPath(reference), 10);
    expect(await assets.has(reference)).toBe(false);
    await expect(assets.localPath(reference)).rejects.toMatchObject({ code: 'ASSET_CORRUPT' });
    await assets.putBytes(bytes, 'text/plain');
    expect(await assets.has(reference)).toBe(true);
    await expect(assets.verify(reference)).resolves.toBeUndefined();
  });

  it('verifies bytes against their hash', async () => {
    const reference = await assets.putBytes(new Uint8Array([1, 2, 3]), 'text/plain');
    await writeFile(await assets.localPath(reference), new Uint8Array([1, 2, 4]));
    await expect(assets.verify(reference)).rejects.toMatchObject({ code: 'ASSET_CORRUPT' });
    await assets.remove(reference);
    await expect(assets.verify(reference)).rejects.toMatchObject({ code: 'ASSET_MISSING' });
    expect(await assets.lookUp(reference.sha256)).toBeUndefined();
  });

  it('takes a read-only file', async () => {
    const path = join(dataDirectory, 'locked.mp4');
    await writeFile(path, 'locked');
    await chmod(path, 0o444);
    const reference = await assets.putFile(path, 'video/mp4');
    await expect(assets.verify(reference)).resolves.toBeUndefined();
    await assets.remove(reference);
    expect(await assets.has(reference)).toBe(false);
  });

  it('is shared by processes that write the same file at once', async () => {
    const source = join(dataDirectory, 'clip.mp4');
    await writeFile(source, new Uint8Array(4 << 20).fill(3));
    const module = resolve(import.meta.dirname, '../../worker/storage/file-stores.ts');
    const script = `
      const { createFileStores } = await import(${JSON.stringify(module)});
      const stores = createFileStores({ dataDirectory: ${JSON.stringify(dataDirectory)} });
      const references = [];
      for (let i = 0; i < 5; i++) references.push(await stores.assets.putFile(${JSON.stringify(source)}, 'video/mp4'));
      await stores.assets.verify(references[0]);
      console.log(new Set(references.map((r) => r.sha256)).size);`;
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => runScript(script)));
    expect(outcomes).toEqual(['1', '1', '1']);
    const [shard] = await readdir(join(dataDirectory, 'assets'));
    expect(await readdir(join(dataDirectory, 'assets', shard ?? ''))).toHaveLength(2);
    expect(await readdir(join(dataDirectory, 'unfinished'))).toEqual([]);
  });
});

async function runScript(script: string): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  await once(child, 'close');
  return output.trim();
}
