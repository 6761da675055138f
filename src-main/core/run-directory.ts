/** A folder of this run of the app for files that nobody needs after it. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** `running/PID-N` below the data folder. Folders of runs that were killed are removed. */
export async function openRunDirectory(dataDirectory: string): Promise<RunDirectory> {
  const parent = join(dataDirectory, 'running');
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = Number(name.split('-')[0]);
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const path = join(parent, `${process.pid}-${Date.now().toString(36)}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
