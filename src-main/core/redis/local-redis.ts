/** The app's own redis-server, on a Unix socket where the platform has one, else on loopback with a password. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { connectRedis, type RedisTarget } from '../../../worker/connection.ts';
import type { Failure } from '../../../worker/protocol/errors.ts';
import { findRedisServer } from '../../../worker/redis/find-redis-server.ts';
import {
  queueMemoryBytes,
  type RedisListening,
  redisArguments,
  redisSecrets,
} from '../../../worker/redis/redis-arguments.ts';
import { shortSocketPath } from '../../../worker/redis/socket-path.ts';
import {
  type SupervisedRedis,
  type SupervisedRedisOptions,
  superviseRedis,
} from '../../../worker/redis/supervise-redis.ts';

export interface LocalRedisOptions
  extends Pick<SupervisedRedisOptions, 'directory' | 'runner' | 'guardScript' | 'onLog'> {
  /** Its file was damaged, the disk is full, or it dies again and again. */
  readonly onProblem?: (problem: Failure) => void;
}

export interface LocalRedis extends SupervisedRedis {
  readonly target: RedisTarget;
}

/** Throws AppError REDIS_MISSING, DISK_FULL, or REDIS_UNREACHABLE when it does not answer. */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { directory } = options;
  const binary = findRedisServer(process.env);
  await mkdir(directory, { recursive: true });
  const listening = await chooseListening(directory);
  const password = listening.kind === 'port' ? randomBytes(24).toString('hex') : undefined;
  const target: RedisTarget =
    listening.kind === 'socket'
      ? { kind: 'socket', path: listening.path }
      : { kind: 'server', host: '127.0.0.1', port: listening.port, password };
  const supervised = await superviseRedis({
    ...options,
    binary,
    args: redisArguments({ directory, listening, maximumMemoryBytes: queueMemoryBytes(totalmem()) }),
    secrets: redisSecrets(password),
    socketPath: listening.kind === 'socket' ? listening.path : undefined,
    connect: () => connectRedis(target),
  });
  return { target, ...supervised };
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
