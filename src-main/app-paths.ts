/** Where the built app finds its parts, and where it keeps its data. Relative to dist/node, also when packaged. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const builtDirectory = import.meta.dirname;
const root = resolve(builtDirectory, '../..');

export const appPaths = {
  workerScript: join(builtDirectory, 'worker.js'),
  redisGuardScript: join(builtDirectory, 'redis-guard.js'),
  preloadScript: join(builtDirectory, 'preload.cjs'),
  rendererDirectory: join(root, 'dist/renderer'),
  weightsDirectory: join(root, 'models/weights'),
  samplePath: join(root, 'test/fixtures/sample/pitch.mp4'),
} as const;

export function appVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}

/** SHADOW_TRAINER_DATA, else the platform's usual place for an app's data. */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv): string {
  const given = environment['SHADOW_TRAINER_DATA'];
  if (given) return resolve(given);
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/Shadow Trainer');
  if (process.platform === 'win32') return join(environment['APPDATA'] ?? homedir(), 'Shadow Trainer');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'shadow-trainer');
}
