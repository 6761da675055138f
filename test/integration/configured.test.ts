/** The queue where the environment says that it is, and what is said when it says nonsense. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../worker/protocol/errors.ts';
import { builtFile, notBuilt } from './app-under-test.ts';
import { type CoreBench, createCoreBench } from './core-bench.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { createRedisServers, freePorts, redisCli } from './redis-servers.ts';

const never = new AbortController().signal;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function createBench(environment: NodeJS.ProcessEnv): CoreBench {
  const bench = createCoreBench({ environment });
  cleanUps.push(() => bench.close());
  return bench;
}

describe('the configured queue', () => {
  it('is used in the place of a server of the own, and is told how it should be set up', async () => {
    const servers = createRedisServers(['-a', 'secret', '--no-auth-warning']);
    cleanUps.push(() => servers.stop());
    const [port = 0] = await freePorts(1);
    await servers.start(port, ['--requirepass', 'secret', '--maxmemory-policy', 'allkeys-lru']);

    const bench = createBench({
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(port),
      REDIS_PASSWORD: 'secret',
      REDIS_DB: '3',
      REDIS_KEY_PREFIX: 'club',
      JOB_TIME_LIMIT: '600',
    });
    const app = await bench.start({ workers: 1 });
    const problems: Failure[] = [];
    app.events.on('app.problem', ({ failure }) => problems.push(failure));
    app.events.repeatProblems();
    expect(problems.map(({ code }) => code)).toEqual(['CONFIGURATION_INVALID', 'CONFIGURATION_INVALID']);
    expect(problems.map(({ message }) => message).join(' ')).toMatch(/allkeys-lru.*noeviction.*appendonly/);

    const job = await bench.analyse(app, 'remote');
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(existsSync(join(bench.dataDirectory, 'redis', 'appendonlydir'))).toBe(false);
    const keys = await redisCli(port, '-a', 'secret', '--no-auth-warning', '-n', '3', 'keys', '*');
    expect(keys).toContain(`{club}:analysis:${job.id}`);
  });

  it('may be a Redis Cluster', async () => {
    const cluster = await startRedisCluster();
    cleanUps.push(() => cluster.stop());
    const nodes = cluster.servers.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`);
    const bench = createBench({ REDIS_CLUSTER_NODES: nodes.join(',') });
    const app = await bench.start({ workers: 2 });
    const job = await bench.analyse(app, 'clustered', { chunks: 4 });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
  });

  it('that cannot be used is named at the start, and nothing is left running', async () => {
    const servers = createRedisServers(['-a', 'secret', '--no-auth-warning']);
    cleanUps.push(() => servers.stop());
    const [port = 0, nobody = 0] = await freePorts(2);
    await servers.start(port, ['--requirepass', 'secret']);
    const start = (url: string) => createBench({ REDIS_URL: url }).start({ workers: 1 });
    const [wrong, silent] = await Promise.allSettled([
      start(`redis://:guess@127.0.0.1:${port}`),
      start(`redis://127.0.0.1:${nobody}`),
    ]);
    expect(wrong).toMatchObject({ reason: { code: 'CONFIGURATION_INVALID' } });
    expect(silent).toMatchObject({
      reason: { code: 'REDIS_UNREACHABLE', message: `No Redis answers at 127.0.0.1:${nobody}.` },
    });
  });
});

describe.skipIf(notBuilt !== undefined)(
  `a mistake in the environment${notBuilt ? ` (skipped: ${notBuilt})` : ''}`,
  () => {
    it.each([
      ['loopback.js', '--data-directory'],
      ['cli.js', '--json'],
    ])('ends %s with 1 and a sentence, before anything is started', (script, option) => {
      const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-configured-'));
      cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
      const dataDirectory = join(folder, 'data');
      const args = option === '--json' ? [option] : [option, dataDirectory];
      const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile(script), ...args], {
        env: { ...process.env, SHADOW_TRAINER_DATA: dataDirectory, REDIS_HOST: 'queue', REDIS_PORT: 'six' },
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      expect(stderr).toContain('REDIS_PORT is a number from 1 to 65535.');
      if (option === '--json') expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CONFIGURATION_INVALID' } });
      expect(existsSync(join(dataDirectory, 'redis'))).toBe(false);
    });
  },
);
