import type { Readable } from 'node:stream';
import { RecordRing, type RingLayout } from './record-ring.ts';

/**
 * Cuts a byte stream into records of one size (see RecordRing). The stream is paused while the ring is full; leaving the
 * loop destroys it. A rest that is shorter than a record is dropped.
 */
export async function* readRecords(stream: Readable, layout: RingLayout): AsyncGenerator<Uint8Array, void, void> {
  const ring = new RecordRing(layout);
  let rest: Uint8Array | undefined;
  const fill = (chunk: Uint8Array) => {
    for (let from = 0; from < chunk.length; ) {
      if (ring.isFull) {
        rest = chunk.subarray(from);
        stream.pause();
        return;
      }
      const space = ring.space();
      const count = Math.min(chunk.length - from, space.length);
      space.set(chunk.subarray(from, from + count));
      ring.advance(count);
      from += count;
    }
  };
  const refill = () => {
    if (!rest) return;
    const chunk = rest;
    rest = undefined;
    fill(chunk);
    if (!rest) stream.resume();
  };
  stream.on('data', fill);
  stream.on('end', () => ring.end());
  stream.on('error', (error: Error) => ring.end(error));
  stream.on('close', () => ring.end());
  try {
    yield* ring.records(refill);
  } finally {
    stream.off('data', fill);
    stream.destroy();
  }
}
