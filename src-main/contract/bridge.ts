/** The bridge between the window and the core: two typed maps, calls and events. */
import type { z } from 'zod';
import type { AnalysisFile } from '../../worker/protocol/analysis.ts';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import type { appCalls, appEvents } from './calls.ts';

export type Unsubscribe = () => void;

export type AppCalls = {
  [K in keyof typeof appCalls]: {
    input: z.input<(typeof appCalls)[K]['input']>;
    output: z.output<(typeof appCalls)[K]['output']>;
  };
};
export type AppEvents = { [K in keyof typeof appEvents]: z.output<(typeof appEvents)[K]> };

/** A file the coach chose, known to the host under an opaque id. */
export interface FileReference {
  readonly id: string;
  readonly name: string;
}

export interface PickOptions {
  readonly accept: readonly string[];
  readonly multiple: boolean;
}

export interface AppBridge {
  /** Rejects with an AppError-shaped `{ code, message }` error. */
  call<K extends keyof AppCalls>(name: K, input: AppCalls[K]['input']): Promise<AppCalls[K]['output']>;
  on<K extends keyof AppEvents>(name: K, listener: (event: AppEvents[K]) => void): Unsubscribe;
  /** Shows the host's file dialog. Empty when the coach closes it. */
  pickFiles(options: PickOptions): Promise<FileReference[]>;
  /** Hands dropped files to the host (Electron: by path; browser: uploaded). */
  acceptFiles(files: readonly File[]): Promise<FileReference[]>;
  /** Address of an asset, playable with range requests. */
  mediaUrl(asset: AssetReference): string;
  /** Address of one file of an analysis folder. */
  analysisUrl(analysisId: string, file: AnalysisFile): string;
  /** Saves an asset under a name (Electron: dialog; browser: download). */
  saveAsset(asset: AssetReference, suggestedName: string): Promise<void>;
}

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a browser, where the loopback bridge is made instead. */
    readonly shadowTrainer?: AppBridge;
  }
}
