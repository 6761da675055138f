/** The handlers with Electron replaced by a typed double. This does not prove that Electron runs. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpcMainInvokeEvent } from 'electron';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../../src-main/core/app.ts';
import type { DispatchResult } from '../../../src-main/core/dispatch.ts';
import { createEventHub } from '../../../src-main/core/event-hub.ts';
import { channels } from '../../../src-main/hosts/electron/channels.ts';
import { type HandlerDependencies, installHandlers } from '../../../src-main/hosts/electron/handlers.ts';
import { menuTemplate } from '../../../src-main/hosts/electron/menu.ts';
import { createFileRegistry } from '../../../src-main/hosts/file-registry.ts';
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import { createFileStores } from '../../../worker/storage/file-stores.ts';

type Handler = Parameters<HandlerDependencies['ipcMain']['handle']>[1];
type Dialog = HandlerDependencies['dialog'];
const ownWindow = 7;

let folder: string;
let asset: AssetReference;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-hosts-'));
  asset = await createFileStores({ dataDirectory: folder }).assets.putBytes(Buffer.from('film'), 'video/mp4');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Electron as far as the handlers see it. */
class ElectronDouble {
  readonly handlers = new Map<string, Handler>();
  readonly sent: unknown[][] = [];
  isDestroyed = false;
  openDialog: Awaited<ReturnType<Dialog['showOpenDialog']>> = { canceled: true, filePaths: [] };
  saveDialog: Awaited<ReturnType<Dialog['showSaveDialog']>> = { canceled: true, filePath: '' };
  readonly dialogOptions: unknown[] = [];
  readonly events = createEventHub();
  readonly files = createFileRegistry();

  install(): void {
    const app: Partial<App> = {
      events: this.events,
      stores: createFileStores({ dataDirectory: folder }),
      calls: { 'jobs.list': async () => ({ jobs: [] }) } as unknown as App['calls'],
    };
    installHandlers({
      ipcMain: { handle: (channel, handler) => void this.handlers.set(channel, handler) },
      dialog: {
        showOpenDialog: async (options: unknown) => {
          this.dialogOptions.push(options);
          return this.openDialog;
        },
        showSaveDialog: async (options: unknown) => {
          this.dialogOptions.push(options);
          return this.saveDialog;
        },
      } as Dialog,
      app: app as App,
      files: this.files,
      webContents: {
        id: ownWindow,
        send: (...sent: unknown[]) => void this.sent.push(sent),
        isDestroyed: () => this.isDestroyed,
      },
      onLog: () => undefined,
    });
  }

  async invoke(channel: string, args: unknown[], sender = ownWindow): Promise<DispatchResult> {
    const event = { sender: { id: sender } } as IpcMainInvokeEvent;
    return await this.handlers.get(channel)?.(event, ...args);
  }
}

let electron: ElectronDouble;
beforeEach(() => {
  electron = new ElectronDouble();
  electron.install();
});
const badInput = { ok: false, failure: { code: 'INVALID_INPUT' } };

describe('Electron handlers', () => {
  it('answer on the channels that preload uses, and on no other', () => {
    const { event: _only_sent, ...invoked } = channels;
    expect([...electron.handlers.keys()].sort()).toEqual(Object.values(invoked).sort());
  });

  it('refuse every other sender', async () => {
    for (const channel of electron.handlers.keys())
      expect(await electron.invoke(channel, ['jobs.list', {}], ownWindow + 1), channel).toMatchObject(badInput);
  });

  it('pass calls to the core', async () => {
    expect(await electron.invoke(channels.call, ['jobs.list', {}])).toEqual({ ok: true, value: { jobs: [] } });
    expect(await electron.invoke(channels.call, ['jobs.list'])).toMatchObject(badInput);
    expect(await electron.invoke(channels.call, ['no.such', {}])).toMatchObject(badInput);
    expect(await electron.invoke(channels.call, [])).toMatchObject(badInput);
  });

  it.each([
    [channels.pickFiles, []],
    [channels.pickFiles, [{ accept: '.mp4', multiple: true }]],
    [channels.acceptPaths, ['/etc/passwd']],
    [channels.acceptPaths, [['']]],
    [channels.saveAsset, []],
    [channels.saveAsset, [{ sha256: '../../etc/passwd', mediaType: 'a', byteLength: 1 }, 'a']],
  ])('call bad input by its name: %s %j', async (channel, args) => {
    expect(await electron.invoke(channel, args)).toMatchObject(badInput);
    expect(electron.dialogOptions).toEqual([]);
  });

  it('give the window ids of chosen files, never paths', async () => {
    electron.openDialog = { canceled: false, filePaths: ['/coach/films/throw.mp4'] };
    const result = await electron.invoke(channels.pickFiles, [{ accept: ['.mp4', 'video/*'], multiple: false }]);
    expect(electron.dialogOptions).toEqual([
      { properties: ['openFile'], filters: [{ name: 'Videos', extensions: ['mp4'] }] },
    ]);
    expect(result).toEqual({ ok: true, value: [{ id: expect.any(String), name: 'throw.mp4' }] });
    expect(JSON.stringify(result)).not.toContain('/coach');
    const [{ id }] = (result as { value: [{ id: string }] }).value;
    expect(electron.files.pathOf(id)).toBe('/coach/films/throw.mp4');
    await electron.files.release(id);
    expect(electron.files.pathOf(id)).toBeUndefined();
  });

  it('give nothing when the dialog is closed', async () => {
    expect(await electron.invoke(channels.pickFiles, [{ accept: [], multiple: true }])).toEqual({
      ok: true,
      value: [],
    });
  });

  it('save where the coach says, and nowhere when the dialog is closed', async () => {
    const target = join(folder, 'saved.mp4');
    const before = await readdir(folder);
    expect(await electron.invoke(channels.saveAsset, [asset, 'overlay.mp4'])).toEqual({ ok: true, value: undefined });
    expect(electron.dialogOptions).toEqual([{ defaultPath: 'overlay.mp4' }]);
    expect(await readdir(folder)).toEqual(before);
    electron.saveDialog = { canceled: false, filePath: target };
    expect(await electron.invoke(channels.saveAsset, [asset, 'overlay.mp4'])).toMatchObject({ ok: true });
    expect(await readFile(target, 'utf8')).toBe('film');
  });

  it('say that a file is not there any more before they show a dialog', async () => {
    const gone = { ...asset, sha256: 'e'.repeat(64) };
    const result = await electron.invoke(channels.saveAsset, [gone, 'overlay.mp4']);
    expect(result).toMatchObject({ ok: false, failure: { code: 'ASSET_MISSING' } });
    expect(electron.dialogOptions).toEqual([]);
  });

  it('send events to the window while it is there', () => {
    const event = { clipSha256: 'a'.repeat(64) };
    electron.events.emit('clip.removed', event);
    electron.isDestroyed = true;
    electron.events.emit('clip.removed', event);
    expect(electron.sent).toEqual([[channels.event, 'clip.removed', event]]);
  });
});

describe('menu', () => {
  it('has the standard menus, and the app’s own on macOS', () => {
    const roles = (platform: NodeJS.Platform) => menuTemplate(platform).map(({ role, label }) => role ?? label);
    expect(roles('linux')).toEqual(['fileMenu', 'editMenu', 'View', 'windowMenu']);
    expect(roles('win32')).toEqual(roles('linux'));
    expect(roles('darwin')).toEqual(['appMenu', ...roles('linux')]);
  });
});
