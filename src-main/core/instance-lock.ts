/** One app per queue folder: a second redis-server would write to the same append-only file. */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { AppError } from '../../worker/protocol/errors.ts';
import { isListening, leaveSocketFolder, shortSocketPath } from '../../worker/redis/socket-path.ts';

export interface InstanceLock {
  release(): Promise<void>;
}

/**
 * Holds a local socket that the system closes with the process, however it ends: unlike a file with a process id it is
 * never stale. Throws AppError ALREADY_RUNNING.
 */
export async function lockInstance(directory: string): Promise<InstanceLock> {
  await mkdir(directory, { recursive: true });
  const path = process.platform === 'win32' ? pipeName(directory) : await shortSocketPath(directory, 'app.sock');
  if (await isListening(path)) {
    throw new AppError('ALREADY_RUNNING', 'Shadow Trainer is already running with this data folder.');
  }
  if (process.platform !== 'win32') await rm(path, { force: true });
  const server = await listen(path);
  return {
    async release() {
      await new Promise((resolve) => server.close(resolve));
      await leaveSocketFolder(directory, path);
    },
  };
}

function pipeName(directory: string): string {
  return `\\\\.\\pipe\\shadow-trainer-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
}

async function listen(path: string): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}
