/** Marshals between the sandboxed window and the main process, and nothing else. */
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { AppBridge, FileReference } from '../../contract/bridge.ts';
import { channels, scheme } from './channels.ts';

interface Reply {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly failure?: { readonly code: string; readonly message: string };
}

async function invoke(channel: string, ...args: unknown[]): Promise<unknown> {
  const reply = (await ipcRenderer.invoke(channel, ...args)) as Reply;
  if (reply.ok) return reply.value;
  // Plain data crosses the context bridge; an Error would lose its code there.
  throw reply.failure;
}

const bridge = {
  // The main process answers every name with that name's own output.
  call: (name, input) => invoke(channels.call, name, input) as never,
  on(name, listener) {
    const heard = (_event: IpcRendererEvent, ...[heardName, event]: unknown[]): void => {
      if (heardName === name) listener(event as never);
    };
    ipcRenderer.on(channels.event, heard);
    return () => ipcRenderer.off(channels.event, heard);
  },
  pickFiles: (options) => invoke(channels.pickFiles, options) as Promise<FileReference[]>,
  acceptFiles: (files) =>
    invoke(
      channels.acceptPaths,
      files.map((file) => webUtils.getPathForFile(file)),
    ) as Promise<FileReference[]>,
  mediaUrl: ({ sha256, mediaType, byteLength }) =>
    `${scheme}://app/asset/${sha256}?${new URLSearchParams({ type: mediaType, bytes: String(byteLength) })}`,
  analysisUrl: (analysisId, file) => `${scheme}://app/analysis/${analysisId}/${file}`,
  saveAsset: async (asset, suggestedName) => {
    await invoke(channels.saveAsset, asset, suggestedName);
  },
} satisfies AppBridge;

contextBridge.exposeInMainWorld('shadowTrainer', bridge);
