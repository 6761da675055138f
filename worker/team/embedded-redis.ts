/** The team server's own redis-server: a TLS port for the members, a socket for the team server, no plain port. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisTarget } from '../connection.ts';
import { currentNodeRunner } from '../node-runner.ts';
import { AppError, type Failure } from '../protocol/errors.ts';
import { findRedisServer } from '../redis/find-redis-server.ts';
import { queueMemoryBytes, redisArguments } from '../redis/redis-arguments.ts';
import { shortSocketPath } from '../redis/socket-path.ts';
import { superviseRedis } from '../redis/supervise-redis.ts';
import { replaceFile } from '../storage/place-file.ts';
import { type RedisNodes, redisUsersFile } from './redis-users.ts';
import type { ServerCertificate } from './server-certificate.ts';
import type { Member } from './token-store.ts';

export interface EmbeddedRedisOptions {
  readonly directory: string;
  readonly port: number;
  readonly bind: string;
  readonly maximumMemoryBytes?: number | undefined;
  readonly certificate: ServerCertificate;
  /** Who may use it from the first moment on. */
  readonly members: readonly Member[];
  readonly guardScript: string;
  readonly onLog: (line: string) => void;
  readonly onProblem: (problem: Failure) => void;
}

export interface EmbeddedRedis {
  readonly nodes: RedisNodes;
  /** As the one who manages. */
  readonly target: RedisTarget;
  trouble(): Failure | undefined;
  stop(): Promise<void>;
}

const managerName = 'shadow-trainer-server';
const answerMilliseconds = 10_000;

/** Throws AppError REDIS_MISSING, DISK_FULL, REDIS_UNREACHABLE, or CONFIGURATION_INVALID on Windows. */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const { directory, certificate } = options;
  if (process.platform === 'win32') {
    const message = 'On Windows a team server needs an existing Redis: set redis.kind to "existing".';
    throw new AppError('CONFIGURATION_INVALID', message);
  }
  const binary = findRedisServer(process.env);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const socketPath = await shortSocketPath(directory, 'redis.sock');
  const password = await readPassword(join(directory, 'manager.secret'));
  const usersFile = join(directory, 'users.acl');
  const hash = createHash('sha256').update(password).digest('hex');
  const users = redisUsersFile({ name: managerName, hash }, options.members);
  await replaceFile(usersFile, new TextEncoder().encode(users));
  const connect = (patience: { commandTimeout?: number } = {}): Redis => {
    const connection = new Redis({
      ...patience,
      path: socketPath,
      username: managerName,
      password,
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(2000, 20 * 2 ** Math.min(attempt, 7)),
    });
    connection.on('error', () => undefined);
    return connection;
  };
  const { port, bind } = options;
  const { certificateFile, keyFile } = certificate;
  const supervised = await superviseRedis({
    directory,
    binary,
    args: redisArguments({
      directory,
      listening: { kind: 'socket', path: socketPath },
      usersFile,
      tls: { port, bind, certificateFile, keyFile },
      maximumMemoryBytes: options.maximumMemoryBytes ?? queueMemoryBytes(totalmem()),
    }),
    secrets: '',
    socketPath,
    connect: () => connect(),
    runner: currentNodeRunner(),
    guardScript: options.guardScript,
    onLog: options.onLog,
    onProblem: options.onProblem,
  });
  const connection = connect({ commandTimeout: answerMilliseconds });
  return {
    target: { kind: 'socket', path: socketPath, username: managerName, password },
    nodes: { connection, all: async () => [connection], close: () => connection.disconnect() },
    trouble: supervised.trouble,
    async stop() {
      connection.disconnect();
      await supervised.stop();
    },
  };
}

/** Kept, so that a server which outlived its guard can still be told to end. */
async function readPassword(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.length === 64) return kept;
  const made = randomBytes(32).toString('hex');
  await replaceFile(path, new TextEncoder().encode(made));
  return made;
}
