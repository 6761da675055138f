import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf } from '../storage/storage-error.ts';

/** What the queue's file can grow by before it is looked at again. */
const probeBytes = 4 * 2 ** 20;

export const diskFullSentence = 'The disk is full. Free some space: work then goes on by itself.';

/** Whether Redis says in its last words that it could not write its file for want of space. */
export function saysDiskFull(log: string): boolean {
  return /no space left on device|disk quota exceeded|short write while writing to the AOF/i.test(log);
}

/** Whether a few megabytes can be written there: a quota limits what the file system calls free. */
export async function canWrite(directory: string): Promise<boolean> {
  const path = join(directory, 'room.probe');
  try {
    await writeFile(path, new Uint8Array(probeBytes), { flush: true });
    return true;
  } catch (error) {
    const code = errorCodeOf(error);
    return code !== 'ENOSPC' && code !== 'EDQUOT';
  } finally {
    await rm(path, { force: true });
  }
}
