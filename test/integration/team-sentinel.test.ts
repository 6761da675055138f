/** Members of a team on a Redis behind a sentinel: the replica knows them before it is needed. */
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisTarget } from '../../worker/connection.ts';
import { redisUserName, teamKeyPrefix } from '../../worker/protocol/team.ts';
import { openRedisNodes } from '../../worker/team/redis-nodes.ts';
import { applyRedisUsers } from '../../worker/team/redis-users.ts';
import { until } from './app-under-test.ts';
import { createRedisServers, endProcess, freePorts, redisCli } from './redis-servers.ts';

const host = '127.0.0.1';
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('members behind a sentinel', { timeout: 60_000 }, () => {
  it('are let in by the replica that takes over', async () => {
    const password = 'a secret';
    const servers = createRedisServers(['-a', password, '--no-auth-warning']);
    const sentinels = createRedisServers();
    cleanUps.push(
      () => servers.stop(),
      () => sentinels.stop(),
    );
    const [masterPort = 0, replicaPort = 0, sentinelPort = 0] = await freePorts(3);
    const secret = ['--requirepass', password, '--masterauth', password];
    const master = await servers.start(masterPort, secret);
    await servers.start(replicaPort, [...secret, '--replicaof', host, String(masterPort)]);
    await sentinels.start(
      sentinelPort,
      ['--sentinel'],
      [
        `sentinel monitor main ${host} ${masterPort} 1`,
        `sentinel auth-pass main "${password}"`,
        'sentinel down-after-milliseconds main 1000',
        'sentinel failover-timeout main 3000',
      ],
    );
    await until('the sentinel knows the replica', async () =>
      /slaves=1/.test(await redisCli(sentinelPort, 'info', 'sentinel')),
    );
    const target: RedisTarget = { kind: 'sentinel', sentinels: [{ host, port: sentinelPort }], name: 'main', password };
    const nodes = openRedisNodes(target);
    cleanUps.push(() => nodes.close());
    await until('the replica is connected', async () => (await nodes.all()).length === 2);

    const token = randomBytes(32).toString('base64url');
    const hash = createHash('sha256').update(token).digest('hex');
    const member = { id: '0123456789ab', team: 'aces', name: 'Rig', role: 'worker', hash, createdAt: 0 } as const;
    await applyRedisUsers(nodes, new Set(['aces']), [member]);
    const connection = connectRedis({ ...target, username: redisUserName('aces', member.id), password: token }, 'wait');
    cleanUps.push(() => connection.disconnect());
    const key = `${teamKeyPrefix('aces')}:x`;
    expect(await connection.set(key, '1')).toBe('OK');
    await expect(connection.set('x', '1')).rejects.toThrow('NOPERM');

    await endProcess(master.process);
    expect(await connection.set(key, '2')).toBe('OK');
    await applyRedisUsers(nodes, new Set(['aces']), []);
    await until('the member is gone', async () => {
      return !(await redisCli(replicaPort, '-a', password, '--no-auth-warning', 'acl', 'users')).includes('aces');
    });
  });
});
