/** The bridge as a browser page has it: calls by HTTP, events by server-sent events, files by upload. */
import { AppError, type ErrorCode } from '../../worker/protocol/errors.ts';
import type { AppBridge, AppEvents, FileReference } from './bridge.ts';
import { appEvents } from './calls.ts';

const eventNames = Object.keys(appEvents) as (keyof AppEvents)[];

interface Reply {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
}

export interface LoopbackBridgeOptions {
  /** The host does not know this page's cookie any more. */
  readonly onSignedOut?: () => void;
}

/** Assumes that the page was served by the host, whose cookie lets it in: loopback, or a team server's monitor. */
export function createLoopbackBridge({ onSignedOut }: LoopbackBridgeOptions = {}): AppBridge {
  const source = new EventSource('/events');
  const listeners = new Map<keyof AppEvents, Set<(event: never) => void>>();
  const tell = <K extends keyof AppEvents>(name: K, event: AppEvents[K]): void => {
    // Only listeners of this very name are kept under it.
    for (const listener of listeners.get(name) ?? []) listener(event as never);
  };
  for (const name of eventNames) {
    source.addEventListener(name, (event: MessageEvent<string>) => tell(name, JSON.parse(event.data)));
  }
  const send = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(path, init).catch((cause: unknown) => {
      throw new AppError('INTERNAL', 'Shadow Trainer does not answer. Is it still running?', { cause });
    });
    if (response.status === 401) onSignedOut?.();
    const reply = (await response.json()) as Reply;
    if (reply.ok) return reply.value;
    throw new AppError(reply.failure?.code ?? 'INTERNAL', reply.failure?.message ?? 'Shadow Trainer gave no answer.');
  };
  const acceptFiles = async (files: readonly File[]): Promise<FileReference[]> => {
    const accepted: FileReference[] = [];
    for (const file of files) {
      const headers = { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(file.name) };
      accepted.push((await send('/upload', { method: 'POST', headers, body: file })) as FileReference);
    }
    return accepted;
  };
  const mediaUrl: AppBridge['mediaUrl'] = ({ sha256, mediaType, byteLength }) =>
    `/asset/${sha256}?${new URLSearchParams({ type: mediaType, bytes: String(byteLength) })}`;
  // Every reply was made by the handler of that very name: the types are those of the shared map.
  const call: AppBridge['call'] = (name, input) =>
    send(`/call/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }) as never;

  /** Events that fell into a gap of the connection are made up for by the state of now. */
  const catchUp = async (): Promise<void> => {
    // A team server's monitor is in no team.
    call('team.status', {}).then(
      ({ status }) => tell('team.changed', { status }),
      () => undefined,
    );
    const [{ clips }, { jobs }, { workers }] = await Promise.all([
      call('library.list', {}),
      call('jobs.list', {}),
      call('workers.list', {}),
    ]);
    for (const clip of clips) tell('clip.changed', { clip });
    for (const job of jobs) tell('job.changed', { job });
    for (const worker of workers) tell('worker.changed', { worker });
  };
  let wasOpen = false;
  source.addEventListener('open', () => {
    if (wasOpen) catchUp().catch(() => undefined);
    wasOpen = true;
  });

  return {
    call,
    on(name, listener) {
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(listener));
      return () => heard.delete(listener);
    },
    pickFiles: ({ accept, multiple }) =>
      new Promise((resolve, reject) => {
        const input = document.createElement('input');
        input.type = 'file';
        input.accept = accept.join(',');
        input.multiple = multiple;
        input.addEventListener('change', () => acceptFiles([...(input.files ?? [])]).then(resolve, reject));
        input.addEventListener('cancel', () => resolve([]));
        input.click();
      }),
    acceptFiles,
    mediaUrl,
    analysisUrl: (analysisId, file) => `/analysis/${analysisId}/${file}`,
    async saveAsset(asset, suggestedName) {
      const link = document.createElement('a');
      link.href = mediaUrl(asset);
      link.download = suggestedName;
      link.click();
    },
  };
}
