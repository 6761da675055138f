import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../worker/configuration.ts';
import { redisTargetSchema } from '../../../worker/connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ca = join(folder, 'ca.pem');
writeFileSync(ca, 'the authority');

describe('readConfiguration', () => {
  it('without any variable: the app has a Redis of its own', () => {
    expect(readConfiguration({ PATH: '/bin', REDIS_URL: '', REDIS_SERVER_BIN: '/opt/redis-server' })).toEqual({
      keyPrefix: '{shadow-trainer}',
    });
  });

  it.each<[NodeJS.ProcessEnv, object]>([
    [{ REDIS_URL: 'redis://queue.club.example' }, { kind: 'server', host: 'queue.club.example', port: 6379 }],
    [
      { REDIS_URL: 'rediss://coach:a%40b@[::1]:6390/3' },
      { kind: 'server', host: '::1', port: 6390, username: 'coach', password: 'a@b', db: 3, tls: true },
    ],
    [
      { REDIS_URL: 'redis://queue:1', REDIS_PASSWORD: 'secret', REDIS_DB: '2' },
      { kind: 'server', host: 'queue', port: 1, password: 'secret', db: 2 },
    ],
    [{ REDIS_URL: 'unix:///run/redis.sock' }, { kind: 'socket', path: '/run/redis.sock' }],
    [
      { REDIS_HOST: 'queue', REDIS_PORT: '7000', REDIS_USERNAME: 'coach', REDIS_PASSWORD: 'secret', REDIS_TLS: 'yes' },
      { kind: 'server', host: 'queue', port: 7000, username: 'coach', password: 'secret', tls: true },
    ],
    [
      { REDIS_CLUSTER_NODES: 'a:7000, b:7001,[::1]', REDIS_TLS_CA: ca },
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 7001 },
          { host: '::1', port: 6379 },
        ],
        tls: { ca: 'the authority' },
      },
    ],
    [
      { REDIS_SENTINELS: 'a b:1', REDIS_SENTINEL_NAME: 'main', REDIS_SENTINEL_PASSWORD: 'other', REDIS_DB: '1' },
      {
        kind: 'sentinel',
        sentinels: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 1 },
        ],
        name: 'main',
        sentinelPassword: 'other',
        db: 1,
      },
    ],
  ])('knows where Redis is: %j', (environment, target) => {
    const { redis } = readConfiguration(environment);
    expect(redis).toEqual(target);
    expect(redisTargetSchema.parse(JSON.parse(JSON.stringify(redis)))).toEqual(target);
  });

  it('reads the rest', () => {
    const environment = { WORKER_CONCURRENCY: '3', JOB_TIME_LIMIT: '90.5', REDIS_KEY_PREFIX: 'my-team' };
    expect(readConfiguration(environment)).toEqual({ keyPrefix: '{my-team}', workers: 3, jobTimeLimitSeconds: 90.5 });
  });

  it('takes from the settings what the environment leaves open', () => {
    const settings = { redisUrl: 'redis://from-settings', jobTimeLimitSeconds: 60 };
    expect(readConfiguration({}, settings)).toEqual({
      keyPrefix: '{shadow-trainer}',
      redis: { kind: 'server', host: 'from-settings', port: 6379 },
      jobTimeLimitSeconds: 60,
    });
    const environment = { REDIS_HOST: 'from-environment', JOB_TIME_LIMIT: '30' };
    expect(readConfiguration(environment, settings)).toMatchObject({
      redis: { host: 'from-environment' },
      jobTimeLimitSeconds: 30,
    });
  });

  it.each<[NodeJS.ProcessEnv, ...string[]]>([
    [{ REDIS_URL: 'http://queue' }, 'REDIS_URL looks like'],
    [{ REDIS_URL: 'redis://queue/zero' }, 'REDIS_URL looks like'],
    [{ REDIS_URL: 'queue:6379' }, 'REDIS_URL looks like'],
    [{ REDIS_URL: 'redis://a/1', REDIS_DB: '2' }, 'REDIS_URL says what REDIS_DB says'],
    [{ REDIS_URL: 'redis://a', REDIS_HOST: 'b' }, 'REDIS_URL and REDIS_HOST say where Redis is'],
    [{ REDIS_PORT: '6379' }, 'REDIS_PORT is set, but nothing says where Redis is'],
    [{ REDIS_HOST: 'a', REDIS_PORT: '70000' }, 'REDIS_PORT is a number'],
    [{ REDIS_HOST: 'a', REDIS_PORT: 'six' }, 'REDIS_PORT is a number'],
    [{ REDIS_HOST: 'a', REDIS_DB: '-1' }, 'REDIS_DB is the number'],
    [{ REDIS_HOST: 'a', REDIS_TLS: 'maybe' }, 'REDIS_TLS is true or false'],
    [{ REDIS_HOST: 'a', REDIS_TLS_CA: join(folder, 'none.pem') }, 'REDIS_TLS_CA names a file that cannot be read'],
    [{ REDIS_HOST: 'a', REDIS_TLS: '0', REDIS_TLS_CA: ca }, 'REDIS_TLS is off'],
    [{ REDIS_HOST: 'a', REDIS_TLS_CERT: ca }, 'belong together'],
    [{ REDIS_HOST: 'a', REDIS_SENTINEL_NAME: 'main' }, 'REDIS_SENTINEL_NAME is of use with'],
    [{ REDIS_CLUSTER_NODES: 'a:1', REDIS_DB: '1' }, 'one database only'],
    [{ REDIS_CLUSTER_NODES: 'a:1', REDIS_PORT: '1' }, 'REDIS_PORT is of use with REDIS_HOST only'],
    [{ REDIS_CLUSTER_NODES: 'a:1,b:x' }, 'REDIS_CLUSTER_NODES is a list'],
    [{ REDIS_SENTINELS: ',' }, 'REDIS_SENTINEL_NAME is missing', 'REDIS_SENTINELS is a list'],
    [{ REDIS_KEY_PREFIX: '{a}b' }, 'REDIS_KEY_PREFIX is made of'],
    [{ WORKER_CONCURRENCY: '0' }, 'WORKER_CONCURRENCY is a number'],
    [{ WORKER_CONCURRENCY: '2.5', JOB_TIME_LIMIT: '-1' }, 'WORKER_CONCURRENCY is a number', 'JOB_TIME_LIMIT is'],
  ])('has one sentence for each mistake: %j', (environment, ...sentences) => {
    let lines: string[] = [];
    try {
      readConfiguration(environment);
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONFIGURATION_INVALID' });
      lines = (error as Error).message.split('\n');
    }
    expect(lines).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  });
});
