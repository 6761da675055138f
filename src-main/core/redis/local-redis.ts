/** The app's own redis-server: started, watched, restarted when it dies, ended with the app. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { connectRedis, type RedisTarget } from '../../../worker/connection.ts';
import { AppError } from '../../../worker/protocol/errors.ts';
import type { NodeRunner } from '../node-runner.ts';
import { findRedisServer } from './find-redis-server.ts';
import { type RedisListening, redisArguments, redisSecrets } from './redis-arguments.ts';
import { isListening, leaveSocketFolder, shortSocketPath } from './socket-path.ts';

export interface LocalRedisOptions {
  /** Holds the append-only file. */
  readonly directory: string;
  readonly runner: NodeRunner;
  /** The built guard-main. */
  readonly guardScript: string;
  readonly onLog: (line: string) => void;
  /** It died again and again. */
  readonly onTrouble?: () => void;
}

export interface LocalRedis {
  readonly target: RedisTarget;
  stop(): Promise<void>;
}

const startTimeoutMilliseconds = 10_000;
const longestRestartDelayMilliseconds = 10_000;
/** How long a leftover server may take to end, and how often that is looked at. */
const leftoverMilliseconds = 10_000;
const leftoverPollMilliseconds = 20;
const restartsForTrouble = 4;
/** After this long without dying, the next death is a first one again. */
const healthyMilliseconds = 60_000;

/** Throws AppError REDIS_MISSING, or REDIS_UNREACHABLE when it does not answer. */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const binary = findRedisServer(process.env);
  await mkdir(options.directory, { recursive: true });
  const listening = await chooseListening(options.directory);
  const password = listening.kind === 'port' ? randomBytes(24).toString('hex') : undefined;
  const target: RedisTarget =
    listening.kind === 'socket'
      ? { kind: 'socket', path: listening.path }
      : { kind: 'server', host: '127.0.0.1', port: listening.port, password };
  await endLeftover(target);

  let stopping = false;
  let restarts = 0;
  let startedAt = 0;
  let guard: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  const launch = (): void => {
    if (stopping) return;
    startedAt = Date.now();
    const args = [options.guardScript, binary, ...redisArguments({ directory: options.directory, listening })];
    const child = spawn(options.runner.execPath, args, {
      env: { ...process.env, ...options.runner.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    guard = child;
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${JSON.stringify(redisSecrets(password))}\n`);
    child.stdout.on('data', (data: Buffer) => options.onLog(data.toString().trim()));
    child.stderr.on('data', (data: Buffer) => options.onLog(data.toString().trim()));
    child.on('error', (error) => options.onLog(`redis-server: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (stopping) return;
      if (Date.now() - startedAt > healthyMilliseconds) restarts = 0;
      const pause = Math.min(longestRestartDelayMilliseconds, 100 * 2 ** restarts++);
      if (restarts === restartsForTrouble) options.onTrouble?.();
      options.onLog(`redis-server ended (${signal ?? code}); starting it again in ${pause} ms`);
      // Where only the guard died, its server is still there.
      restart = setTimeout(() => void endLeftover(target).then(launch), pause);
    });
  };
  launch();

  const stop = async (): Promise<void> => {
    stopping = true;
    clearTimeout(restart);
    const running = guard;
    if (running && running.exitCode === null && running.signalCode === null) {
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.stdin?.end();
      await ended;
    }
    if (target.kind === 'socket') await leaveSocketFolder(options.directory, target.path);
  };
  try {
    await waitForAnswer(target);
  } catch (error) {
    await stop();
    throw error;
  }
  return { target, stop };
}

async function chooseListening(directory: string): Promise<RedisListening> {
  if (process.platform === 'win32') return { kind: 'port', port: await freePort() };
  return { kind: 'socket', path: await shortSocketPath(directory, 'redis.sock') };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * A server that outlived its app would write to the same append-only file, and take the new one's socket away with it
 * when it ends: so not before it has.
 */
async function endLeftover(target: RedisTarget): Promise<void> {
  if (target.kind !== 'socket' || !(await isListening(target.path))) return;
  const client = connectRedis(target);
  // Its answer is that it is gone.
  client.call('SHUTDOWN', 'SAVE').catch(() => undefined);
  const deadline = Date.now() + leftoverMilliseconds;
  while (Date.now() < deadline && (await isListening(target.path))) {
    await new Promise((resolve) => setTimeout(resolve, leftoverPollMilliseconds));
  }
  client.disconnect();
}

async function waitForAnswer(target: RedisTarget): Promise<void> {
  const client = connectRedis(target);
  try {
    await withTimeout(client.ping(), startTimeoutMilliseconds);
  } catch (cause) {
    throw new AppError('REDIS_UNREACHABLE', 'The local queue (redis-server) did not start.', { cause });
  } finally {
    client.disconnect();
  }
}

async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time.')), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
