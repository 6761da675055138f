/** The life of a team server: one per data folder, ended in order, with a Redis of its own or an existing cluster. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, redisTargetSchema } from '../../worker/connection.ts';
import type { AssetReference } from '../../worker/protocol/assets.ts';
import { redisUserOf, teamKeyPrefix, teamPaths } from '../../worker/protocol/team.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { until } from './app-under-test.ts';
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts';
import { redisCli } from './redis-servers.ts';
import { createTeamServerBench, type TeamServerBench, teamServerNotBuilt } from './team-server-bench.ts';

describe.skipIf(teamServerNotBuilt !== undefined)('team server', { timeout: 60_000 }, () => {
  let bench: TeamServerBench;
  const open = async (settings?: Readonly<Record<string, unknown>>): Promise<TeamServerBench> => {
    bench = await createTeamServerBench(settings);
    return bench;
  };
  afterEach(() => bench?.close(), 60_000);

  it('is the only one with its data folder, ends in order, and knows everybody when it is back', async () => {
    await open();
    await bench.start();
    const invitation = await bench.invite('Ann', 'coach', '--expires', '30d');
    const second = await bench.command();
    expect(second).toMatchObject({ exitCode: 1, text: expect.stringContaining('already running') });
    expect((await bench.command('members')).text).toMatch(/^Ann {2}coach {2}aces/);
    expect((await bench.command('invite', '--name', 'Ann', '--role', 'coach')).text).toContain('already');
    const machine = await bench.join(invitation);
    await machine.redis.set(`${machine.team.keyPrefix}:kept`, 'yes');
    // What is written in one transaction comes back in another way.
    const job = { queue: 'analysis', id: 'kept' } as const;
    const queue = await openBullEngine(machine.team.redis, machine.team.keyPrefix);
    await queue.add({ ...job, name: 'analyse-clip', data: {}, priority: 1 });
    await queue.close();
    const clip = await machine.assets.putBytes(new Uint8Array(5000), 'video/mp4');

    expect(await bench.stop('SIGTERM')).toBe(0);
    const redis = await readdir(join(bench.dataDirectory, 'redis'));
    expect(redis.filter((name) => name.endsWith('.sock'))).toEqual([]);
    expect(await bench.command('members')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('Start it first'),
    });

    await bench.start();
    const again = await bench.join(invitation);
    expect(await again.redis.get(`${again.team.keyPrefix}:kept`)).toBe('yes');
    const same = await openBullEngine(again.team.redis, again.team.keyPrefix);
    expect(await same.get(job)).toMatchObject({ name: 'analyse-clip', state: 'waiting' });
    await same.close();
    expect(await again.assets.has(clip)).toBe(true);
    expect((await bench.command('revoke', 'Ann')).exitCode).toBe(0);
    expect(await bench.command('revoke', 'Ann')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('no member'),
    });
    await expect(bench.join(invitation)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
  });

  it('leaves no redis-server behind when it is killed, and lets in the same people when it is back', async () => {
    await open();
    await bench.start();
    const invitation = await bench.invite('Ann', 'worker');
    const machine = await bench.join(invitation);
    const pid = Number(/process_id:(\d+)/.exec(await machine.redis.info('server'))?.[1]);
    await bench.stop('SIGKILL');
    await until('its Redis has ended', () => !isAlive(pid));
    await bench.start();
    // The same connection, which has waited.
    expect(await machine.redis.ping()).toBe('PONG');
  });

  it('makes its Redis anew when that dies; members notice a pause', async () => {
    await open();
    await bench.start();
    const machine = await bench.join(await bench.invite('Ann', 'worker'));
    await machine.redis.multi().set(`${machine.team.keyPrefix}:kept`, 'yes').exec();
    process.kill(Number(/process_id:(\d+)/.exec(await machine.redis.info('server'))?.[1]), 'SIGKILL');
    expect(await machine.redis.get(`${machine.team.keyPrefix}:kept`)).toBe('yes');
    // Whoever does not say who they are is nobody.
    const { username: _name, password: _word, ...place } = machine.team.redis as { username: string; password: string };
    const nobody = connectRedis(redisTargetSchema.parse(place), 'answer');
    nobody.on('error', () => undefined);
    await expect(nobody.ping()).rejects.toThrow(/NOAUTH/);
    await expect(nobody.auth('default', 'default')).rejects.toThrow(/WRONGPASS|NOAUTH/);
    nobody.disconnect();
  });

  it('keeps its files from other users of the machine', async () => {
    await open();
    await bench.start();
    await bench.invite('Ann', 'coach');
    const mode = async (...path: string[]): Promise<string> =>
      ((await stat(join(bench.dataDirectory, ...path))).mode & 0o777).toString(8);
    expect(await Promise.all([mode('.'), mode('redis'), mode('tls')])).toEqual(['700', '700', '700']);
    expect(await mode('tls', 'key.pem')).toBe('600');
    expect(await mode('redis', 'users.acl')).toBe('600');
    expect(await mode('server.sock')).toBe('700');
    expect(await mode('members.json')).toBe('600');
    expect(await readFile(join(bench.dataDirectory, 'redis', 'users.acl'), 'utf8')).toMatch(/^user default off/m);
  });

  it('lets go of unfinished uploads, and of files that nobody uses and no job needs', async () => {
    await open({ limits: { unfinishedSeconds: 2, unusedSeconds: 3, recentSeconds: 1 } });
    await bench.start();
    const machine = await bench.join(await bench.invite('Ann', 'coach'));
    const newClip = () => machine.stores.assets.putBytes(new Uint8Array(randomBytes(5000)), 'video/mp4');
    const [needed, unused] = [await newClip(), await newClip()];
    const engine = await openBullEngine(machine.team.redis, machine.team.keyPrefix);
    const job = { queue: 'analysis', id: 'waits' } as const;
    const addJob = (id: string, clip: AssetReference) =>
      engine.add({ ...job, id, name: 'analyse-clip', data: { clip }, priority: 10 });
    await addJob(job.id, needed);
    await machine.assets.upload(needed);
    await machine.assets.upload(unused);
    const stored = ({ sha256 }: AssetReference): boolean =>
      existsSync(join(bench.dataDirectory, 'assets', 'aces', sha256.slice(0, 2), sha256));
    const sha256 = 'a'.repeat(64);
    const key = `${machine.team.keyPrefix}:wanted:${sha256}`;
    await machine.redis.set(key, JSON.stringify({ byteLength: 10, mediaType: 'video/mp4' }), 'EX', 60);
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    const answer = await bench.ask('POST', teamPaths.uploads, {
      ...machine.team.http.headers,
      'tus-resumable': '1.0.0',
      'upload-length': '10',
      'upload-metadata': `sha256 ${encode(sha256)},mediaType ${encode('video/mp4')}`,
    });
    expect(answer.status).toBe(201);
    await until('it is gone', async () => (await readdir(join(bench.dataDirectory, 'uploads', 'aces'))).length === 0);
    expect(bench.log().map(({ event }) => event)).toContain('upload expired');

    await until('the unused one is gone', () => !stored(unused));
    expect(stored(needed)).toBe(true);
    const other = await bench.join(await bench.invite('Rig', 'worker'));
    await expect(other.assets.localPath(unused)).rejects.toMatchObject({
      code: 'ASSET_MISSING',
      message: expect.stringContaining('Try again'),
    });
    await addJob('again', unused);
    await machine.assets.upload(unused);
    expect((await other.assets.read(unused)).byteLength).toBe(5000);
    const { body } = await bench.ask('GET', teamPaths.metrics, machine.team.http.headers);
    expect(body.toString()).toMatch(/^shadow_trainer_team_removed_bytes_total 5000$/m);
    await engine.remove(job);
    await until('what no job needs any more is gone', () => !stored(needed));
    await engine.close();
  });

  it('says in a sentence what is wrong with its configuration', async () => {
    await open({ address: 'https://x', limits: { uploadBytes: -1 }, colour: 'red' });
    const { text, exitCode } = await bench.command();
    expect(exitCode).toBe(1);
    expect(text).toContain('address: must be a host name or an IP address');
    expect(text).toContain('limits.uploadBytes');
    expect(text).toContain('There is no setting colour.');
  });
});

describe.skipIf(teamServerNotBuilt !== undefined)('team server with an existing cluster', { timeout: 60_000 }, () => {
  let cluster: RedisCluster;
  let bench: TeamServerBench;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    bench = await createTeamServerBench({ redis: { kind: 'existing', target: cluster.target } });
    await bench.start();
  }, 60_000);
  afterAll(async () => {
    await bench?.close();
    await cluster?.stop();
  }, 60_000);

  it('has every member on every node, also on the one that takes over, and removes them everywhere', async () => {
    const invitation = await bench.invite('Rig', 'worker');
    expect(invitation.redis.kind).toBe('cluster');
    const user = redisUserOf('aces', invitation.token);
    const usersOf = async (port: number): Promise<string[]> => (await redisCli(port, 'acl', 'users')).split('\n');
    const ports = cluster.servers.map(({ port }) => port);
    for (const port of ports) expect(await usersOf(port)).toContain(user);

    const machine = await bench.join(invitation);
    const key = `${machine.team.keyPrefix}:x`;
    await machine.redis.set(key, '1');
    await expect(machine.redis.get(`${teamKeyPrefix('bears')}:x`)).rejects.toThrow('NOPERM');
    const fresh = connectRedis(machine.team.redis);
    const port = await cluster.killMaster(machine.team.keyPrefix);
    expect(await fresh.set(key, '2')).toBe('OK');
    expect(await usersOf(port)).toContain(user);
    fresh.disconnect();

    expect((await bench.command('revoke', 'Rig')).exitCode).toBe(0);
    const left = cluster.servers.filter(
      ({ process: { exitCode, signalCode } }) => exitCode === null && signalCode === null,
    );
    expect(left).toHaveLength(5);
    for (const server of left) expect(await usersOf(server.port)).not.toContain(user);
    expect(await usersOf(left[0]?.port ?? 0)).toContain('default');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
