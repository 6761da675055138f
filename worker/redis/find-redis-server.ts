import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '../protocol/errors.ts';

/** REDIS_SERVER_BIN, then the search path and the places package managers use. Throws AppError REDIS_MISSING. */
export function findRedisServer(environment: NodeJS.ProcessEnv): string {
  const given = environment['REDIS_SERVER_BIN'];
  const folders = [...(environment['PATH'] ?? '').split(delimiter), '/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];
  const candidates = given ? [given] : folders.filter(Boolean).map((folder) => join(folder, 'redis-server'));
  const found = candidates.find(isExecutable);
  if (found) return found;
  throw new AppError(
    'REDIS_MISSING',
    'redis-server is not installed, and the queue needs it. Install it (Debian: apt install redis-server; macOS: brew install redis) and start again.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
