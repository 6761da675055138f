import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../worker/media/read-records.ts';
import { ringSlots } from '../../../worker/media/record-ring.ts';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 251);
function* chunksOf(data: Uint8Array, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < data.length; i++) {
    const next = at + (sizes[i % sizes.length] ?? 1);
    yield Buffer.from(data.subarray(at, next));
    at = next;
  }
}

describe('readRecords', () => {
  it.each([[[1]], [[7, 3]], [[10]], [[64]], [[1000]]])('joins chunks of %j bytes into records', async (sizes) => {
    const data = bytes(100);
    const stream = Readable.from(chunksOf(data, sizes), { objectMode: false });
    const records: number[][] = [];
    for await (const record of readRecords(stream, { recordBytes: 10, slots: 3 })) records.push([...record]);
    expect(records.flat()).toEqual([...data]);
    expect(records).toHaveLength(10);
  });

  it('keeps a record until the next but one is asked for, and then uses its buffer again', async () => {
    const stream = Readable.from(chunksOf(bytes(200), [13]), { objectMode: false });
    const reader = readRecords(stream, { recordBytes: 10, slots: 3 });
    const seen = new Set<Uint8Array>();
    let previous: Uint8Array | undefined;
    let previousCopy: number[] = [];
    for await (const record of reader) {
      // Let the stream run as far as it can.
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      if (previous) expect([...previous]).toEqual(previousCopy);
      previous = record;
      previousCopy = [...record];
      seen.add(record);
    }
    expect(seen.size).toBe(3);
  });

  it('pauses the source while the reader is away', async () => {
    let produced = 0;
    const source = function* () {
      for (; produced < 1000; produced++) yield Buffer.alloc(1000);
    };
    const reader = readRecords(Readable.from(source(), { objectMode: false, highWaterMark: 2000 }), {
      recordBytes: 1000,
      slots: 4,
    });
    await reader.next();
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(produced).toBeLessThan(20);
    await reader.return();
  });

  it('drops a rest and passes on failures', async () => {
    const records: Uint8Array[] = [];
    for await (const record of readRecords(Readable.from([Buffer.alloc(25)]), { recordBytes: 10, slots: 3 })) {
      records.push(record);
    }
    expect(records).toHaveLength(2);
    const broken = new Readable({
      read() {
        this.destroy(new Error('gone'));
      },
    });
    await expect(readRecords(broken, { recordBytes: 10, slots: 3 }).next()).rejects.toThrow('gone');
  });

  it('reads ahead less for larger records', () => {
    expect(ringSlots(1280 * 720 * 3)).toBe(6);
    expect(ringSlots(3840 * 2160 * 3)).toBe(3);
  });
});
