import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src-main/core/app.ts';
import { pageResponse } from '../../../src-main/hosts/electron/page-response.ts';
import { findStoredFile } from '../../../src-main/hosts/stored-files.ts';
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import { createFileStores } from '../../../worker/storage/file-stores.ts';

const origin = 'shadow://app';
const analysisId = 'b'.repeat(64);

let folder: string;
let app: App;
let asset: AssetReference;
let assetAddress: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-hosts-'));
  const stores = createFileStores({ dataDirectory: join(folder, 'data') });
  asset = await stores.assets.putBytes(new TextEncoder().encode('a clip'), 'video/mp4');
  assetAddress = `/asset/${asset.sha256}?type=video/mp4&bytes=${asset.byteLength}`;
  await stores.analyses.write(analysisId, new Map([['analysis.json', new TextEncoder().encode('{}')]]));
  await writeFile(join(folder, 'data', 'settings.json'), 'secret');
  await mkdir(join(folder, 'pages', 'assets'), { recursive: true });
  await mkdir(join(folder, 'pages-secret'));
  await writeFile(join(folder, 'pages', 'index.html'), '<html>');
  await writeFile(join(folder, 'pages', 'assets', 'main.js'), 'run()');
  await writeFile(join(folder, 'secret'), 'secret');
  await writeFile(join(folder, 'pages-secret', 'file'), 'secret');
  app = { stores } as App;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Addresses that try to lead out of where they point. */
const tricks = [
  '/asset/../settings.json',
  '/asset/%2e%2e%2fsettings.json',
  '/asset/..%5csettings.json',
  '/asset/%00',
  `/asset/${'a'.repeat(63)}/`,
  `/analysis/${analysisId}/../../settings.json`,
  `/analysis/${analysisId}/..%2f..%2fsettings.json`,
  `/analysis/${analysisId}/%2e%2e`,
  `/analysis/${analysisId}/`,
  `/analysis/${analysisId}/analysis.json/more`,
  `/analysis/${'../'.repeat(3)}etc/analysis.json`,
  '/../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '/..%2fpages-secret%2ffile',
  '/assets/..%2f..%2fsecret',
  '/..%5csecret',
  '/%00',
  '/%',
  '/%E0%A4%A',
  '/assets',
  '/assets/',
  '/.',
];

describe('findStoredFile', () => {
  it('finds an asset by hash, length and type, and the files of an analysis by name', async () => {
    expect(await findStoredFile(app, new URL(assetAddress, origin))).toEqual({
      path: await app.stores.assets.localPath(asset),
      mediaType: 'video/mp4',
    });
    expect(await findStoredFile(app, new URL(`/analysis/${analysisId}/analysis.json`, origin))).toEqual({
      path: join(app.stores.analyses.folder(analysisId), 'analysis.json'),
      mediaType: 'application/json',
    });
  });

  it('finds nothing that is not there', async () => {
    const other = 'c'.repeat(64);
    for (const address of [`/asset/${other}?type=video/mp4&bytes=6`, `/analysis/${other}/analysis.json`])
      expect(await findStoredFile(app, new URL(address, origin))).toBeUndefined();
  });

  it.each(tricks)('gives nothing for %s', async (address) => {
    expect(await findStoredFile(app, new URL(address, origin))).toBeUndefined();
  });
});

describe('pageResponse', () => {
  const get = (address: string) => pageResponse(app, join(folder, 'pages'), new Request(new URL(address, origin)));

  it.each([
    ['/', 'text/html', '<html>'],
    ['/index.html', 'text/html', '<html>'],
    ['/assets/main.js', 'text/javascript', 'run()'],
  ])('serves the page %s', async (address, type, text) => {
    const response = await get(address);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(await response.text()).toBe(text);
  });

  it('serves stored files, with ranges', async () => {
    const request = new Request(new URL(assetAddress, origin), { headers: { range: 'bytes=2-' } });
    const response = await pageResponse(app, join(folder, 'pages'), request);
    expect(response.status).toBe(206);
    expect(await response.text()).toBe('clip');
  });

  it.each(tricks.filter((trick) => new URL(trick, origin).pathname !== '/'))('has nothing at %s', async (address) => {
    expect((await get(address)).status).toBe(404);
  });

  it('lets no page be kept: the next version has the same address', async () => {
    expect((await get('/index.html')).headers.get('cache-control')).not.toContain('immutable');
  });
});
