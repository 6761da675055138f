import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, open, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileStores, type FileStores, removeUnfinished } from '../../../worker/storage/file-stores.ts';
import { hashFile } from '../../../worker/storage/hash-file.ts';
import { toStorageError } from '../../../worker/storage/storage-error.ts';

let dataDirectory: string;
let stores: FileStores;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'shadow-trainer-stores-'));
  stores = createFileStores({ dataDirectory });
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

describe('derived store', () => {
  const key = { stage: 'index', version: 1, inputs: { clip: 'a', limits: { b: 2, a: 1 } } };

  it('finds a result by equal inputs, whatever their order', async () => {
    const result = await stores.assets.putBytes(new Uint8Array([1]), 'application/json');
    expect(await stores.derived.get(key)).toBeUndefined();
    await stores.derived.put(key, result);
    const reordered = { inputs: { limits: { a: 1, b: 2 }, clip: 'a' }, version: 1, stage: 'index' };
    expect(await stores.derived.get(reordered)).toEqual(result);
  });

  it('tells versions, stages and inputs apart', async () => {
    await stores.derived.put(key, await stores.assets.putBytes(new Uint8Array([1]), 'application/json'));
    expect(await stores.derived.get({ ...key, version: 2 })).toBeUndefined();
    expect(await stores.derived.get({ ...key, stage: 'plan' })).toBeUndefined();
    expect(await stores.derived.get({ ...key, inputs: { ...key.inputs, clip: 'b' } })).toBeUndefined();
  });

  it('forgets a result whose asset is gone, and takes a new one', async () => {
    const first = await stores.assets.putBytes(new Uint8Array([1]), 'application/json');
    await stores.derived.put(key, first);
    await stores.assets.remove(first);
    expect(await stores.derived.get(key)).toBeUndefined();
    const second = await stores.assets.putBytes(new Uint8Array([2]), 'application/json');
    await stores.derived.put(key, second);
    expect(await stores.derived.get(key)).toEqual(second);
  });

  it('counts an unreadable entry as not computed', async () => {
    await stores.derived.put(key, await stores.assets.putBytes(new Uint8Array([1]), 'application/json'));
    const derived = join(dataDirectory, 'derived');
    const [entry] = (await readdir(derived, { recursive: true })).filter((name) => name.endsWith('.json'));
    await writeFile(join(derived, entry ?? ''), '{"key":');
    expect(await stores.derived.get(key)).toBeUndefined();
  });
});

describe('analysis store', () => {
  const id = 'a'.repeat(64);
  const files = (text: string): Map<string, Uint8Array> =>
    new Map([
      ['analysis.json', new TextEncoder().encode(text)],
      ['time.npy', new Uint8Array([1, 2])],
    ]);
  const documentOf = async (): Promise<string> =>
    new TextDecoder().decode(await stores.analyses.read(id, 'analysis.json'));

  it('shows a folder only when all of it is there', async () => {
    expect(await stores.analyses.has(id)).toBe(false);
    await stores.analyses.write(id, files('one'));
    expect(await stores.analyses.has(id)).toBe(true);
    expect((await readdir(stores.analyses.folder(id))).sort()).toEqual(['analysis.json', 'time.npy']);
    expect(await documentOf()).toBe('one');
    expect(await readdir(join(dataDirectory, 'unfinished'))).toEqual([]);
  });

  it('keeps the first result', async () => {
    await stores.analyses.write(id, files('one'));
    await stores.analyses.write(id, files('two'));
    expect(await documentOf()).toBe('one');
  });

  it('keeps one whole result of many writers at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, i) => stores.analyses.write(id, files(`writer ${i}`))));
    expect(await documentOf()).toMatch(/^writer \d$/);
    expect(await readdir(join(dataDirectory, 'analyses'))).toEqual([id]);
    expect(await readdir(join(dataDirectory, 'unfinished'))).toEqual([]);
  });

  it('replaces a folder that lost its document', async () => {
    await mkdir(stores.analyses.folder(id), { recursive: true });
    await writeFile(join(stores.analyses.folder(id), 'left.npy'), 'x');
    expect(await stores.analyses.has(id)).toBe(false);
    await stores.analyses.write(id, files('new'));
    expect(await documentOf()).toBe('new');
  });

  it('says NOT_FOUND for what is not there, and refuses paths', async () => {
    await expect(stores.analyses.read(id, 'analysis.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(stores.analyses.read(id, '../x')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(stores.analyses.read(id, '..')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(() => stores.analyses.folder('../x')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('removes an analysis', async () => {
    await stores.analyses.write(id, files('one'));
    await stores.analyses.remove(id);
    await stores.analyses.remove(id);
    expect(await stores.analyses.has(id)).toBe(false);
  });
});

describe('removeUnfinished', () => {
  it('removes what is old and leaves what is new', async () => {
    const unfinished = join(dataDirectory, 'unfinished');
    await mkdir(join(unfinished, 'old-folder'), { recursive: true });
    await writeFile(join(unfinished, 'old-file'), 'x');
    await writeFile(join(unfinished, 'new-file'), 'x');
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const name of ['old-folder', 'old-file']) await utimes(join(unfinished, name), hourAgo, hourAgo);
    expect(await removeUnfinished({ dataDirectory, olderThanSeconds: 1800 })).toBe(2);
    expect(await readdir(unfinished)).toEqual(['new-file']);
    expect(await removeUnfinished({ dataDirectory: join(dataDirectory, 'nowhere'), olderThanSeconds: 0 })).toBe(0);
  });
});

describe('hashFile', () => {
  it('hashes a file of several blocks', async () => {
    const bytes = new Uint8Array(3_000_001).fill(5);
    const path = join(dataDirectory, 'file');
    await writeFile(path, bytes);
    expect(await hashFile(path)).toEqual({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      byteLength: bytes.length,
    });
  });

  it('stops when aborted', async () => {
    const path = join(dataDirectory, 'file');
    await writeFile(path, 'x');
    await expect(hashFile(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('toStorageError', () => {
  it.skipIf(process.platform !== 'linux')('calls a real full device DISK_FULL (needs /dev/full of Linux)', async () => {
    const full = await open('/dev/full', 'w');
    const error: unknown = await full.writeFile('x').catch((reason: unknown) => reason);
    await full.close();
    expect(toStorageError(error, 'store a file')).toMatchObject({ code: 'DISK_FULL', cause: error });
  });

  it('keeps other reasons as INTERNAL with a sentence', async () => {
    const error: unknown = await readFile(dataDirectory).catch((reason: unknown) => reason);
    expect(toStorageError(error, 'read a file')).toMatchObject({
      code: 'INTERNAL',
      message: 'Shadow Trainer could not read a file (EISDIR).',
    });
    await expect(access(dataDirectory)).resolves.toBeUndefined();
  });
});
