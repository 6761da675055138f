/** What every bridge between window and core must do, whichever host is behind it. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppBridge } from '../../src-main/contract/bridge.ts';
import { settingsSchema } from '../../src-main/contract/calls.ts';
import type { App } from '../../src-main/core/app.ts';
import type { FileRegistry } from '../../src-main/hosts/file-registry.ts';
import { AppError } from '../../worker/protocol/errors.ts';

export interface BridgeUnderTest {
  readonly bridge: AppBridge;
  readonly app: App;
  readonly files: FileRegistry;
  /** A file as the window has it after a drop. */
  file(name: string, content: string): Promise<File>;
  /** What the window gets at an address that the bridge gave. */
  fetch(url: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** Whatever the core does, the test says; only the calls that a test needs are there. */
export interface CoreDouble {
  readonly calls: { -readonly [K in keyof App['calls']]?: App['calls'][K] };
}

export function describeBridge(name: string, create: (core: CoreDouble) => Promise<BridgeUnderTest>): void {
  describe(`bridge: ${name}`, () => {
    let core: CoreDouble;
    let under: BridgeUnderTest;
    beforeEach(async () => {
      core = { calls: {} };
      under = await create(core);
    });
    afterEach(() => under.close());

    it('answers a call with the output of the core, its input parsed', async () => {
      core.calls['settings.set'] = async ({ settings }) => ({ settings: settingsSchema.parse(settings) });
      const { settings } = await under.bridge.call('settings.set', { settings: { theme: 'dark' } });
      expect(settings).toEqual(settingsSchema.parse({ theme: 'dark' }));
    });

    it('rejects with the code and the sentence of what went wrong', async () => {
      core.calls['jobs.retry'] = async () => {
        throw new AppError('NOT_FOUND', 'This job is not known any more.');
      };
      const failure = { code: 'NOT_FOUND', message: 'This job is not known any more.' };
      await expect(under.bridge.call('jobs.retry', { jobId: 'gone' })).rejects.toMatchObject(failure);
    });

    it('refuses an input that does not fit, and a call that does not exist', async () => {
      await expect(under.bridge.call('jobs.cancel', {} as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(under.bridge.call('core.shell' as never, {} as never)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    });

    it('delivers events in order, each to the listeners of its name, until they unsubscribe', async () => {
      const heard: string[] = [];
      const stop = under.bridge.on('clip.removed', ({ clipSha256 }) => heard.push(clipSha256));
      const others: unknown[] = [];
      under.bridge.on('settings.changed', (event) => others.push(event));
      // Until the host has connected its listener, the first ones may be missed: a window lists first.
      await expect
        .poll(() => {
          under.app.events.emit('clip.removed', { clipSha256: 'early' });
          return heard.length;
        })
        .toBeGreaterThan(0);
      for (const clipSha256 of ['a', 'b', 'c']) under.app.events.emit('clip.removed', { clipSha256 });
      await expect.poll(() => heard.at(-1)).toBe('c');
      expect(heard.filter((clip) => clip !== 'early')).toEqual(['a', 'b', 'c']);

      stop();
      under.app.events.emit('clip.removed', { clipSha256: 'late' });
      under.app.events.emit('settings.changed', { settings: settingsSchema.parse({}) });
      await expect.poll(() => others.length).toBe(1);
      expect(heard).not.toContain('late');
    });

    it('hands over dropped files by an id that only the host can turn into a path', async () => {
      const names = ['Würfe – Ángel №1.mp4', '../../etc/passwd.mov'];
      const files = await Promise.all(names.map((each) => under.file(each, `film ${each}`)));
      const accepted = await under.bridge.acceptFiles(files);
      expect(accepted).toHaveLength(2);
      for (const [i, { id, name: shown }] of accepted.entries()) {
        expect(shown).toBe(names[i]?.split('/').at(-1));
        const path = under.files.pathOf(id) ?? '';
        expect(id).not.toContain(path);
        expect(await readFile(path, 'utf8')).toBe(`film ${names[i]}`);
      }
    });

    it('gives addresses of assets that can be read in ranges', async () => {
      const asset = await under.app.stores.assets.putBytes(new TextEncoder().encode('0123456789'), 'video/mp4');
      const url = under.bridge.mediaUrl(asset);
      const whole = await under.fetch(url);
      expect([whole.status, whole.headers.get('content-type'), await whole.text()]).toEqual([
        200,
        'video/mp4',
        '0123456789',
      ]);
      const part = await under.fetch(url, { range: 'bytes=2-4' });
      expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
      const outside = await under.fetch(url, { range: 'bytes=10-' });
      expect(outside.status).toBe(416);
      const other = await under.fetch(under.bridge.mediaUrl({ ...asset, sha256: 'f'.repeat(64) }));
      expect(other.status).toBe(404);
    });

    it('gives addresses of the files of an analysis', async () => {
      const analysisId = 'a'.repeat(64);
      await under.app.stores.analyses.write(analysisId, new Map([['analysis.json', new TextEncoder().encode('{}')]]));
      const found = await under.fetch(under.bridge.analysisUrl(analysisId, 'analysis.json'));
      expect([found.status, await found.text()]).toEqual([200, '{}']);
      const missing = await under.fetch(under.bridge.analysisUrl(analysisId, 'time.npy'));
      expect(missing.status).toBe(404);
    });
  });
}
