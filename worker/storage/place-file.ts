/** Steps that make a file or folder appear whole or not at all, also when the power fails in between. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FileHash, hashFile } from './hash-file.ts';
import { errorCodeOf } from './storage-error.ts';

/** A name nobody else uses, in a folder on the same file system as the target, so that a rename is one step. */
export async function temporaryPath(temporaryDirectory: string): Promise<string> {
  await mkdir(temporaryDirectory, { recursive: true });
  return join(temporaryDirectory, `${process.pid}-${randomUUID()}`);
}

/** Writes a new file and forces it to the disk. */
export async function writeDurably(path: string, bytes: Uint8Array, mode = 0o666): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Copies a file and hashes the copy's own bytes. Shares blocks where the file system can (Btrfs, XFS, APFS, ReFS):
 * a clip of gigabytes then takes no second space.
 */
export async function copyDurably(from: string, to: string): Promise<FileHash> {
  if (await cloneFile(from, to)) {
    const hash = await hashFile(to);
    await syncFile(to);
    return hash;
  }
  const copy = await open(to, 'wx');
  try {
    // writeFile on a handle writes all of the block at the handle's position; write() alone may write less.
    const hash = await hashFile(from, { onBlock: (block) => copy.writeFile(block) });
    await copy.sync();
    return hash;
  } finally {
    await copy.close();
  }
}

async function cloneFile(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    // A clone inherits the mode: of a read-only original it could not be forced to the disk, nor ever be removed.
    await chmod(to, 0o644);
    return true;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOSPC') throw error;
    await rm(to, { force: true });
    return false;
  }
}

/** Forces a file's bytes to the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Moves a finished file or folder to its place; the folder entry is on the disk when this resolves. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  const parent = dirname(to);
  await mkdir(parent, { recursive: true });
  await rename(from, to);
  await syncDirectory(parent);
}

/** Writes a file in place of the one that may be there: readers see the old bytes or the new ones, never a part. */
export async function replaceFile(path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeDurably(temporary, bytes, mode);
    await moveIntoPlace(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Forces a folder's entries to the disk. Windows has no such call and journals renames itself. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
