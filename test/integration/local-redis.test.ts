import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRedisServer } from '../../worker/redis/find-redis-server.ts';
import { redisArguments } from '../../worker/redis/redis-arguments.ts';
import { isListening } from '../../worker/redis/socket-path.ts';
import { until } from './app-under-test.ts';
import { createRedisBench, type RedisBench } from './redis-bench.ts';

let bench: RedisBench;
const children: ChildProcess[] = [];
beforeEach(() => {
  bench = createRedisBench();
});
afterEach(async () => {
  await bench.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await bench.close();
});

describe.skipIf(process.platform === 'win32')('the private redis-server (on a Unix socket)', () => {
  it('keeps what it was told over a restart, and takes its socket along', async () => {
    await bench.start();
    await bench.client().set('queued', 'yes');
    await bench.stop();
    expect(existsSync(bench.socket)).toBe(false);
    await bench.start();
    expect(await bench.client().get('queued')).toBe('yes');
    expect(bench.problems).toEqual([]);
  });

  it('takes over from a server that outlived its app, and ends that one first, however slow it is', async () => {
    const { directory, socket } = bench;
    const listening = { kind: 'socket', path: socket } as const;
    const args = redisArguments({ directory, listening, maximumMemoryBytes: 2 ** 27 });
    const leftover = spawn(findRedisServer(process.env), args, { stdio: ['pipe', 'ignore', 'ignore'] });
    children.push(leftover);
    leftover.stdin.end();
    await until('the old server listens', () => isListening(socket));
    await bench.client().set('queued', 'yes');
    // Busy for a second or so, it listens and does not answer: as on a machine that is short of time.
    bench
      .client()
      .eval('for i = 1, 2e8 do end', 0)
      .catch(() => undefined);
    await bench.start();
    expect(leftover.exitCode).not.toBeNull();
    expect(await bench.client().get('queued')).toBe('yes');
    expect(existsSync(socket)).toBe(true);
  });

  it('killed again and again while it is written to: everything it answered is there', async () => {
    await bench.start();
    const before = bench.client();
    const accepted: string[] = [];
    for (let kill = 0; kill < 3; kill++) {
      const pid = await bench.pid();
      for (let i = 0; i < 300; i++) {
        const key = `job-${kill}-${i}`;
        // In the middle of the writing; the connection sends again what was not answered.
        if (i === 150) process.kill(pid, 'SIGKILL');
        await before.set(key, 'x'.repeat(500));
        accepted.push(key);
      }
      expect(await bench.pid()).not.toBe(pid);
    }
    expect(await before.exists(...accepted)).toBe(accepted.length);
    await bench.stop();
    await bench.start();
    expect(await bench.client().exists(...accepted)).toBe(accepted.length);
    expect(bench.problems).toEqual([]);
  });
});
