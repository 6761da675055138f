/** A file system of a few megabytes that a test can fill to the last byte. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  fill(): void;
  free(): void;
  remove(): void;
}

function mount(path: string, megabytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
}
const unmount = (path: string): void => void execFileSync('umount', ['--lazy', path], { stdio: 'pipe' });

/** Why no small disk can be made here; undefined where one can. */
export const noSmallDisk = ((): string | undefined => {
  const path = mkdtempSync(join(tmpdir(), 'shadow-trainer-disk-'));
  try {
    mount(path, 1);
    unmount(path);
    return undefined;
  } catch {
    return 'a file system can be mounted by root on Linux only';
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
})();

export function createSmallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'shadow-trainer-disk-'));
  const filler = join(path, 'filler');
  mount(path, megabytes);
  return {
    path,
    fill() {
      for (const block of [2 ** 20, 2 ** 12]) {
        try {
          for (;;) writeFileSync(filler, new Uint8Array(block), { flag: 'a' });
        } catch {
          // No room for another block of this size.
        }
      }
    },
    free: () => rmSync(filler),
    remove() {
      unmount(path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
