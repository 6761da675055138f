import type { Readable } from 'node:stream';

/**
 * Cuts a byte stream into records of one size. Chunks are copied straight into a ring of `slots` buffers: nothing is
 * concatenated, and the stream is paused while the ring is full.
 *
 * A record is the reader's until it asks for the next but one; after that its buffer may be written again. A rest that is
 * shorter than a record is dropped. Leaving the loop destroys the stream.
 */
export async function* readRecords(
  stream: Readable,
  layout: { readonly recordBytes: number; readonly slots: number },
): AsyncGenerator<Uint8Array, void, void> {
  const { recordBytes, slots } = layout;
  if (slots < 3) throw new RangeError('A ring needs two slots for the reader and one for the writer.');
  const ring: Uint8Array[] = [];
  let written = 0;
  let handedOut = 0;
  let offset = 0;
  let rest: Uint8Array | undefined;
  let ended = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;

  /** The reader holds the record it got last and the one before. */
  const hasFreeSlot = () => written < Math.max(0, handedOut - 2) + slots;
  const fill = (chunk: Uint8Array) => {
    let from = 0;
    while (from < chunk.length) {
      if (!hasFreeSlot()) {
        rest = chunk.subarray(from);
        stream.pause();
        return;
      }
      let slot = ring[written % slots];
      if (!slot) {
        slot = new Uint8Array(recordBytes);
        ring[written % slots] = slot;
      }
      const count = Math.min(chunk.length - from, recordBytes - offset);
      slot.set(from === 0 && count === chunk.length ? chunk : chunk.subarray(from, from + count), offset);
      from += count;
      offset += count;
      if (offset === recordBytes) {
        offset = 0;
        written++;
        wake();
      }
    }
  };
  const end = (error?: Error) => {
    failure ??= error;
    ended = true;
    wake();
  };
  stream.on('data', fill);
  stream.on('end', () => end());
  stream.on('error', end);
  stream.on('close', () => end());

  try {
    for (;;) {
      if (rest && hasFreeSlot()) {
        const chunk = rest;
        rest = undefined;
        fill(chunk);
        if (!rest) stream.resume();
        continue;
      }
      if (handedOut < written) {
        const record = ring[handedOut % slots];
        handedOut++;
        if (record) yield record;
        continue;
      }
      if (failure) throw failure;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stream.off('data', fill);
    stream.destroy();
  }
}

/** Ring slots for records of this size: read ahead a little, but never by more than about 32 MB. */
export function ringSlots(recordBytes: number): number {
  const ahead = Math.floor(32_000_000 / recordBytes);
  return 2 + Math.min(4, Math.max(1, ahead));
}
