import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../protocol/errors.ts';
import { errorCodeOf } from '../storage/storage-error.ts';

/** Below this nothing new is begun: what is under way, and the queue's own file, need some room to end well. */
const leastFreeBytes = 32 * 2 ** 20;
/** What the queue's file can grow by before it is looked at again. */
const probeBytes = 4 * 2 ** 20;

export const diskFullSentence = 'The disk is full. Free some space: work then goes on by itself.';

/** Whether Redis says in its last words that it could not write its file for want of space. */
export function saysDiskFull(log: string): boolean {
  return /no space left on device|disk quota exceeded|short write while writing to the AOF/i.test(log);
}

/** Throws AppError DISK_FULL where little is left. A file system that cannot say counts as having room. */
export async function assertDiskRoom(directory: string): Promise<void> {
  const found = await statfs(directory).catch(() => undefined);
  if (found === undefined || found.blocks === 0 || found.bavail * found.bsize >= leastFreeBytes) return;
  throw new AppError('DISK_FULL', diskFullSentence);
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
