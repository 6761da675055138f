import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openRecordChannel } from '../../worker/media/record-channel.ts';

/** Writes the bytes 0, 1, 2 … 250, 0, … in pieces of uneven length. */
const writer = (count: number) => `
  const all = Buffer.from(Array.from({ length: ${count} }, (_, i) => i % 251));
  const { writeSync } = require('node:fs');
  process.on('uncaughtException', () => process.exit(1));
  for (let at = 0, size = 1; at < all.length; at += size, size = (size * 7) % 4999) {
    const piece = all.subarray(at, at + size);
    for (let done = 0; done < piece.length; ) done += writeSync(1, piece, done);
  }`;

describe.each(['linux', 'win32'] as const)('a record channel as on %s', (platform) => {
  const start = async (count: number, layout: { recordBytes: number; slots: number }) => {
    const channel = await openRecordChannel(layout, platform);
    const child = spawn(process.execPath, ['-e', writer(count)], { stdio: ['ignore', channel.writeEnd, 'inherit'] });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return { records: channel.read(child.stdout ?? undefined), ended, child };
  };

  it('brings every byte once and in order, and drops the rest', async () => {
    const { records, ended } = await start(1_000_123, { recordBytes: 1000, slots: 4 });
    let at = 0;
    let previous: Uint8Array | undefined;
    for await (const record of records) {
      expect(record.every((value, i) => value === (at + i) % 251)).toBe(true);
      // The one before is still whole.
      expect(previous?.every((value, i) => value === (at - 1000 + i) % 251) ?? true).toBe(true);
      previous = record;
      at += record.length;
    }
    expect(at).toBe(1_000_000);
    await ended;
  });

  it('holds the writer back while nobody reads, and ends it when the reader leaves', async () => {
    const { records, ended, child } = await start(8_000_000, { recordBytes: 1000, slots: 4 });
    await records.next();
    expect(child.exitCode).toBeNull();
    await records.return();
    await ended;
    expect(child.exitCode).not.toBe(0);
  });
});
