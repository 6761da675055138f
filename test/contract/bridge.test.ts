import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { IpcMainInvokeEvent } from 'electron';
import { vi } from 'vitest';
import type { AppBridge } from '../../src-main/contract/bridge.ts';
import { createLoopbackBridge } from '../../src-main/contract/loopback-bridge.ts';
import type { App } from '../../src-main/core/app.ts';
import { createEventHub } from '../../src-main/core/event-hub.ts';
import { type HandlerDependencies, installHandlers } from '../../src-main/hosts/electron/handlers.ts';
import { pageResponse } from '../../src-main/hosts/electron/page-response.ts';
import { createFileRegistry } from '../../src-main/hosts/file-registry.ts';
import { startLoopbackServer } from '../../src-main/hosts/loopback/server.ts';
import { createFileStores } from '../../worker/storage/file-stores.ts';
import { type BridgeUnderTest, type CoreDouble, describeBridge } from './bridge.conformance.ts';

function createAppDouble({ calls }: CoreDouble, dataDirectory: string): App {
  // Only what hosts use of the core; a call that a test did not give is undefined and fails as one of ours.
  return { calls, events: createEventHub(), stores: createFileStores({ dataDirectory }) } as unknown as App;
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'shadow-trainer-bridge-'));

/** Server-sent events by fetch: Node 20 has no EventSource. */
class EventSourceDouble extends EventTarget {
  readonly #end = new AbortController();
  constructor(path: string) {
    super();
    openSources.add(this);
    void this.#read(path);
  }

  async #read(path: string): Promise<void> {
    const response = await fetch(path, { signal: this.#end.signal });
    this.dispatchEvent(new Event('open'));
    let text = '';
    try {
      for await (const part of response.body ?? []) {
        text += Buffer.from(part).toString();
        const messages = text.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) {
          const [, name] = /^event: (.*)$/m.exec(message) ?? [];
          const [, data] = /^data: (.*)$/m.exec(message) ?? [];
          if (name && data) this.dispatchEvent(new MessageEvent(name, { data }));
        }
      }
    } catch {
      // Closed.
    }
  }

  close(): void {
    this.#end.abort();
  }
}
const openSources = new Set<EventSourceDouble>();

async function createLoopback(core: CoreDouble): Promise<BridgeUnderTest> {
  const folder = await newFolder();
  const app = createAppDouble(core, folder);
  const files = createFileRegistry();
  const options = { app, files, rendererDirectory: folder, temporaryDirectory: folder, onLog: () => undefined };
  const server = await startLoopbackServer(options);
  const { origin, searchParams } = new URL(server.url);
  // The page's own requests: relative, with the cookie that the first visit set.
  const cookie = (await fetch(`${origin}/?token=${searchParams.get('token')}`, { redirect: 'manual' })).headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const realFetch = globalThis.fetch;
  const pageFetch = (path: string, init: RequestInit = {}): Promise<Response> =>
    realFetch(new URL(path, origin), {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), cookie },
    });
  vi.stubGlobal('fetch', pageFetch);
  vi.stubGlobal('EventSource', EventSourceDouble);
  return {
    bridge: createLoopbackBridge(),
    app,
    files,
    file: async (name, content) => new File([content], name),
    fetch: (url, headers = {}) => pageFetch(url, { headers }),
    async close() {
      for (const source of openSources) source.close();
      openSources.clear();
      vi.unstubAllGlobals();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Handler = Parameters<HandlerDependencies['ipcMain']['handle']>[1];
type Listener = (event: unknown, ...args: unknown[]) => void;

/** Both ends of Electron's channels, in one process: values are cloned on the way, as they are there. */
const electron = vi.hoisted(() => ({
  exposed: undefined as unknown,
  handlers: new Map<string, unknown>(),
  listeners: new Map<string, Set<unknown>>(),
  paths: new Map<unknown, string>(),
}));
vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (_name: string, api: unknown) => {
      electron.exposed = api;
    },
  },
  ipcRenderer: {
    async invoke(channel: string, ...args: unknown[]) {
      const handler = electron.handlers.get(channel) as Handler;
      const event = { sender: { id: 1 } } as IpcMainInvokeEvent;
      return structuredClone(await handler(event, ...structuredClone(args)));
    },
    on: (channel: string, listener: unknown) =>
      electron.listeners.set(channel, (electron.listeners.get(channel) ?? new Set()).add(listener)),
    off: (channel: string, listener: unknown) => electron.listeners.get(channel)?.delete(listener),
  },
  webUtils: { getPathForFile: (file: unknown) => electron.paths.get(file) ?? '' },
}));

async function createElectron(core: CoreDouble): Promise<BridgeUnderTest> {
  const folder = await newFolder();
  const app = createAppDouble(core, folder);
  const files = createFileRegistry();
  installHandlers({
    ipcMain: { handle: (channel, handler) => void electron.handlers.set(channel, handler) },
    dialog: {} as HandlerDependencies['dialog'],
    app,
    files,
    webContents: {
      id: 1,
      isDestroyed: () => false,
      send(channel: string, ...args: unknown[]) {
        for (const listener of electron.listeners.get(channel) ?? [])
          (listener as Listener)({}, ...structuredClone(args));
      },
    },
    onLog: () => undefined,
  });
  await import('../../src-main/hosts/electron/preload.ts');
  return {
    bridge: electron.exposed as AppBridge,
    app,
    files,
    async file(name, content) {
      const path = join(folder, basename(name));
      await writeFile(path, content);
      const file = new File([content], basename(name));
      electron.paths.set(file, path);
      return file;
    },
    fetch: (url, headers = {}) => pageResponse(app, folder, new Request(url, { headers })),
    async close() {
      electron.listeners.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeBridge('browser and loopback host', createLoopback);
describeBridge('preload and main process, Electron itself replaced by a double', createElectron);
