import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRedisServer } from '../../src-main/core/redis/find-redis-server.ts';
import { type LocalRedis, startLocalRedis } from '../../src-main/core/redis/local-redis.ts';
import { redisArguments } from '../../src-main/core/redis/redis-arguments.ts';
import { isListening } from '../../src-main/core/redis/socket-path.ts';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import { until } from './app-under-test.ts';

let directory: string;
let socket: string;
let redis: LocalRedis | undefined;
const children: ChildProcess[] = [];
const clients: RedisConnection[] = [];
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'shadow-trainer-redis-')), 'redis');
  socket = join(directory, 'redis.sock');
  await mkdir(directory);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await redis?.stop();
  redis = undefined;
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(resolve(directory, '..'), { recursive: true, force: true });
});

function start(): Promise<LocalRedis> {
  return startLocalRedis({
    directory,
    // The guard's own source, so that no build is needed.
    runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
    guardScript: resolve(import.meta.dirname, '../../src-main/core/redis/guard-main.ts'),
    onLog: () => undefined,
  });
}
function client(): RedisConnection {
  const opened = connectRedis({ kind: 'socket', path: socket });
  clients.push(opened);
  return opened;
}

describe.skipIf(process.platform === 'win32')('the private redis-server (on a Unix socket)', () => {
  it('keeps what it was told over a restart, and takes its socket along', async () => {
    redis = await start();
    await client().set('queued', 'yes');
    await redis.stop();
    expect(existsSync(socket)).toBe(false);
    redis = await start();
    expect(await client().get('queued')).toBe('yes');
  });

  it('takes over from a server that outlived its app, and ends that one first, however slow it is', async () => {
    const args = redisArguments({ directory, listening: { kind: 'socket', path: socket } });
    const leftover = spawn(findRedisServer(process.env), args, { stdio: ['pipe', 'ignore', 'ignore'] });
    children.push(leftover);
    leftover.stdin.end();
    await until('the old server listens', () => isListening(socket));
    await client().set('queued', 'yes');
    // Busy for a second or so, it listens and does not answer: as on a machine that is short of time.
    client()
      .eval('for i = 1, 2e8 do end', 0)
      .catch(() => undefined);
    redis = await start();
    expect(leftover.exitCode).not.toBeNull();
    expect(await client().get('queued')).toBe('yes');
    expect(existsSync(socket)).toBe(true);
  });

  it('is started again when it dies, with all it knew', async () => {
    redis = await start();
    const before = client();
    await before.set('queued', 'yes');
    const pid = /process_id:(\d+)/.exec(await before.info('server'))?.[1];
    process.kill(Number(pid), 'SIGKILL');
    await until('another server answers', async () => {
      const answer = /process_id:(\d+)/.exec(await client().info('server'))?.[1];
      return answer !== undefined && answer !== pid;
    });
    expect(await before.get('queued')).toBe('yes');
  });
});
