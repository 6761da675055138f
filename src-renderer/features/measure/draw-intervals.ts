import type { DrawnIntervals, IntervalRequest } from './interval-thread.ts';

/** Undefined where a newer request has overtaken this one. Rejects when the thread fails. */
export type DrawIntervals = (request: IntervalRequest) => Promise<DrawnIntervals | undefined>;

interface Waiting {
  readonly request: IntervalRequest;
  readonly resolve: (drawn: DrawnIntervals | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** One thread, made when it is first needed; it works on one request, and of those that wait only the newest counts. */
export function createIntervalThread(): DrawIntervals {
  let thread: Worker | undefined;
  let working: Waiting | undefined;
  let next: Waiting | undefined;
  const begin = () => {
    working = next;
    next = undefined;
    if (working === undefined) return;
    thread ??= start();
    thread.postMessage(working.request);
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./interval-thread.ts', import.meta.url), { type: 'module' });
    started.addEventListener('message', ({ data }: MessageEvent<DrawnIntervals>) => {
      working?.resolve(next === undefined ? data : undefined);
      begin();
    });
    started.addEventListener('error', ({ message }) => {
      started.terminate();
      thread = undefined;
      working?.reject(new Error(message || 'The intervals could not be computed.'));
      begin();
    });
    return started;
  };
  return (request) =>
    new Promise((resolve, reject) => {
      next?.resolve(undefined);
      next = { request, resolve, reject };
      if (working === undefined) begin();
    });
}
