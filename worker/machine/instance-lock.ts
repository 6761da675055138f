/** One app per queue folder: a second redis-server would write to the same append-only file. */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { AppError } from '../protocol/errors.ts';
import { isListening, leaveSocketFolder, shortSocketPath } from '../redis/socket-path.ts';

export interface InstanceLock {
  release(): Promise<void>;
}

/**
 * Holds a local socket that the system closes with the process, however it ends: unlike a file with a process id it is
 * never stale. `tell`: what `askInstance` is told. Throws AppError ALREADY_RUNNING.
 */
export async function lockInstance(directory: string, tell: () => string = () => ''): Promise<InstanceLock> {
  await mkdir(directory, { recursive: true });
  const path = await socketPathOf(directory);
  if (await isListening(path)) {
    throw new AppError('ALREADY_RUNNING', 'Shadow Trainer is already running with this data folder.');
  }
  if (process.platform !== 'win32') await rm(path, { force: true });
  const server = await listen(path, tell);
  return {
    async release() {
      await new Promise((resolve) => server.close(resolve));
      await leaveSocketFolder(directory, path);
    },
  };
}

/** What the one who holds the lock of this folder says of itself; undefined where nobody does, or nobody answers. */
export async function askInstance(directory: string): Promise<string | undefined> {
  const socket = connect(await socketPathOf(directory));
  socket.setTimeout(answerMilliseconds, () => socket.destroy(new Error('It does not answer.')));
  return await text(socket).catch(() => undefined);
}

const answerMilliseconds = 5000;

async function socketPathOf(directory: string): Promise<string> {
  if (process.platform !== 'win32') return await shortSocketPath(directory, 'app.sock');
  return `\\\\.\\pipe\\shadow-trainer-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
}

async function listen(path: string, tell: () => string): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      // Whoever only looks whether somebody listens is gone already.
      socket.on('error', () => undefined);
      socket.end(tell());
    });
    server.unref();
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}
