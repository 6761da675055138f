import { createHash } from 'node:crypto';
import { mkdir, rmdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Unix socket paths are cut off at about 104 bytes on macOS and 108 on Linux. */
const longestSocketPath = 100;

/** A socket inside the folder, or, where that path is too long, in a short folder that only this user may enter. */
export async function shortSocketPath(directory: string, name: string): Promise<string> {
  const inside = join(directory, name);
  if (Buffer.byteLength(inside) <= longestSocketPath) return inside;
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `shadow-trainer-${hash}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, name);
}

/** Removes the short folder when nothing is in it any more. */
export async function leaveSocketFolder(directory: string, socketPath: string): Promise<void> {
  if (dirname(socketPath) !== directory) await rmdir(dirname(socketPath)).catch(() => undefined);
}

/** Whether a process listens there. The system answers for it: it may be busy, or stopped. */
export async function isListening(socketPath: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
