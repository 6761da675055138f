import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Sha256 } from '../protocol/assets.ts';
import { throwIfAborted } from '../protocol/errors.ts';

export interface FileHash {
  readonly sha256: Sha256;
  readonly byteLength: number;
}

/** Bytes read at a time: large enough that the disk, not the loop, sets the pace. */
const blockBytes = 1 << 20;

export function hashBytes(bytes: Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Hash of a file of any size in constant memory. `onBlock`, where given, sees every block once it is hashed and is
 * awaited: a copy and its hash then come from the same bytes.
 * Rejects with Node's own error when the file cannot be read, with CancelledError when aborted.
 */
export async function hashFile(
  path: string,
  options: { readonly signal?: AbortSignal; readonly onBlock?: (block: Uint8Array) => Promise<void> } = {},
): Promise<FileHash> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(blockBytes);
    let byteLength = 0;
    for (;;) {
      if (options.signal) throwIfAborted(options.signal);
      const { bytesRead } = await file.read(buffer, 0, blockBytes, null);
      if (bytesRead === 0) break;
      const block = buffer.subarray(0, bytesRead);
      hash.update(block);
      byteLength += bytesRead;
      await options.onBlock?.(block);
    }
    return { sha256: hash.digest('hex'), byteLength };
  } finally {
    await file.close();
  }
}
