/** One request at a time for an upload. */
import type { Lock, Locker } from '@tus/server';

export interface UploadLocker extends Locker {
  /** Bytes came for this upload. */
  touch(id: string): void;
}

interface Held {
  readonly requestRelease: () => Promise<void> | void;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** A holder from whom nothing came for this long may be a broken connection: it is asked to let go. */
const silentMilliseconds = 5000;
const waitMilliseconds = 5000;
/** As the tus protocol wants it, and its client: try again later. */
const locked = { status_code: 423, body: 'Somebody else is uploading this file.' };

/**
 * A living holder stays, and the other one is told to come back; one that fell silent is sent away. The library's own
 * locker sends away everybody, so that two who upload the same file would go on doing that to each other.
 */
export function createUploadLocker(now = Date.now): UploadLocker {
  const held = new Map<string, Held>();
  const touched = new Map<string, number>();

  const acquire = async (id: string, requestRelease: Held['requestRelease'], signal: AbortSignal): Promise<void> => {
    const deadline = now() + waitMilliseconds;
    for (;;) {
      const holder = held.get(id);
      if (holder === undefined) break;
      if (now() - (touched.get(id) ?? 0) < silentMilliseconds || now() > deadline || signal.aborted) throw locked;
      await holder.requestRelease();
      await Promise.race([holder.released, later(waitMilliseconds)]);
    }
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    held.set(id, { requestRelease, released, release });
    touched.set(id, now());
  };

  return {
    touch: (id) => void touched.set(id, now()),
    newLock(id): Lock {
      return {
        lock: (signal, cancelRequest) => acquire(id, cancelRequest, signal),
        async unlock() {
          const mine = held.get(id);
          held.delete(id);
          touched.delete(id);
          mine?.release();
        },
      };
    },
  };
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
