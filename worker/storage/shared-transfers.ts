import { CancelledError, throwIfAborted } from '../protocol/errors.ts';

/** Runs one transfer for all who ask for the same thing at the same time. */
export interface SharedTransfers {
  /** The transfer is aborted when everybody who waits for it has given up. */
  run(key: string, signal: AbortSignal | undefined, transfer: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

interface Running {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  waiting: number;
}

export function createSharedTransfers(): SharedTransfers {
  const running = new Map<string, Running>();

  const begin = (key: string, transfer: (signal: AbortSignal) => Promise<void>): Running => {
    const abort = new AbortController();
    const done = transfer(abort.signal).finally(() => {
      if (running.get(key) === begun) running.delete(key);
    });
    const begun: Running = { done, abort, waiting: 0 };
    running.set(key, begun);
    return begun;
  };

  return {
    async run(key, signal, transfer) {
      if (signal) throwIfAborted(signal);
      const joined = running.get(key) ?? begin(key, transfer);
      joined.waiting++;
      const leave = (): void => {
        if (--joined.waiting > 0) return;
        // Nobody may join what is being given up.
        if (running.get(key) === joined) running.delete(key);
        joined.abort.abort();
      };
      if (signal === undefined) return await joined.done;
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => {
          leave();
          reject(new CancelledError(undefined, { cause: signal.reason }));
        };
        signal.addEventListener('abort', giveUp, { once: true });
        joined.done.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
      });
    },
  };
}
