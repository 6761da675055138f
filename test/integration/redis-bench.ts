/** The private redis-server in a folder of its own, as tests need it: started, asked, killed, started again. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type LocalRedis, startLocalRedis } from '../../src-main/core/redis/local-redis.ts';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import type { Failure } from '../../worker/protocol/errors.ts';

export interface RedisBench {
  readonly directory: string;
  readonly socket: string;
  readonly problems: readonly Failure[];
  readonly log: readonly string[];
  start(): Promise<LocalRedis>;
  /** A connection that waits for a lost server. */
  client(): RedisConnection;
  /** Process id of the server that answers. */
  pid(): Promise<number>;
  stop(): Promise<void>;
  /** Stops what was started and removes everything. */
  close(): Promise<void>;
}

export function createRedisBench(parent = tmpdir()): RedisBench {
  const folder = mkdtempSync(join(parent, 'shadow-trainer-redis-'));
  const directory = join(folder, 'redis');
  const socket = join(directory, 'redis.sock');
  const problems: Failure[] = [];
  const log: string[] = [];
  const clients: RedisConnection[] = [];
  let redis: LocalRedis | undefined;
  mkdirSync(directory);
  const client = (): RedisConnection => {
    const opened = connectRedis({ kind: 'socket', path: socket });
    clients.push(opened);
    return opened;
  };
  const stop = async (): Promise<void> => {
    for (const each of clients.splice(0)) each.disconnect();
    await redis?.stop();
    redis = undefined;
  };
  return {
    directory,
    socket,
    problems,
    log,
    client,
    stop,
    async start() {
      redis = await startLocalRedis({
        directory,
        // The guard's own source, so that no build is needed.
        runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
        guardScript: resolve(import.meta.dirname, '../../worker/redis/guard-main.ts'),
        onLog: (line) => log.push(line),
        onProblem: (problem) => problems.push(problem),
      });
      return redis;
    },
    pid: async () => Number(/process_id:(\d+)/.exec(await client().info('server'))?.[1]),
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
