/** What the main process does for the window. Electron comes in as arguments, so that this is tested without it. */
import { copyFile } from 'node:fs/promises';
import type { Dialog, IpcMain, WebContents } from 'electron';
import { z } from 'zod';
import { assetReferenceSchema } from '../../../worker/protocol/assets.ts';
import { AppError, toFailure } from '../../../worker/protocol/errors.ts';
import type { App } from '../../core/app.ts';
import { type DispatchResult, dispatch } from '../../core/dispatch.ts';
import type { FileRegistry } from '../file-registry.ts';
import { channels } from './channels.ts';

export interface HandlerDependencies {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>;
  readonly app: App;
  readonly files: FileRegistry;
  /** The one window that may ask. */
  readonly webContents: Pick<WebContents, 'id' | 'send' | 'isDestroyed'>;
  readonly onLog: (line: string) => void;
}

const pickOptionsSchema = z.object({ accept: z.array(z.string()), multiple: z.boolean() });

export function installHandlers({ ipcMain, dialog, app, files, webContents, onLog }: HandlerDependencies): void {
  const handle = (channel: string, run: (args: unknown[]) => Promise<DispatchResult>): void => {
    ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<DispatchResult> => {
      try {
        if (event.sender.id !== webContents.id)
          throw new AppError('INVALID_INPUT', 'Only the app’s own window may ask.');
        return await run(args);
      } catch (error) {
        return { ok: false, failure: toFailure(error instanceof z.ZodError ? badInput(error) : error) };
      }
    });
  };

  handle(channels.call, async ([name, input]) => await dispatch(app, String(name), input, onLog));
  handle(channels.pickFiles, async ([options]) => {
    const { accept, multiple } = pickOptionsSchema.parse(options);
    const extensions = accept.filter((entry) => entry.startsWith('.')).map((entry) => entry.slice(1));
    const { canceled, filePaths } = await dialog.showOpenDialog({
      properties: multiple ? ['openFile', 'multiSelections'] : ['openFile'],
      filters: extensions.length > 0 ? [{ name: 'Videos', extensions }] : [],
    });
    return { ok: true, value: canceled ? [] : filePaths.map((path) => files.register({ path })) };
  });
  handle(channels.acceptPaths, async ([paths]) => {
    const parsed = z.array(z.string().min(1)).parse(paths);
    return { ok: true, value: parsed.map((path) => files.register({ path })) };
  });
  handle(channels.saveAsset, async ([asset, suggestedName]) => {
    const source = await app.stores.assets.localPath(assetReferenceSchema.parse(asset));
    const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: z.string().parse(suggestedName) });
    if (!canceled && filePath) await copyFile(source, filePath);
    return { ok: true, value: undefined };
  });
  app.events.onAny((name, event) => {
    if (!webContents.isDestroyed()) webContents.send(channels.event, name, event);
  });
}

function badInput(cause: z.ZodError): AppError {
  return new AppError('INVALID_INPUT', 'The window asked for something that makes no sense.', { cause });
}
