/** Redis users: what they may do, and who is none. */
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisUserOf } from '../../../worker/protocol/team.ts';
import { until } from '../app-under-test.ts';
import { host, type SecurityBench } from './security-bench.ts';

export function describeQueueUsers(security: () => SecurityBench): void {
  describe('in Redis', () => {
    it('a member has no keys, channels and commands but those of the team', async () => {
      const { redis } = security().coach;
      const refused: readonly (readonly [string, ...string[]])[] = [
        ...([
          ['get', 'x'],
          ['set', 'x', '1'],
          ['get', '{shadow-trainer-bears}:x'],
          ['del', '{shadow-trainer}:x'],
        ] as const),
        ...([
          ['get', '{shadow-trainer-acesx}:x'],
          ['hgetall', 'bull:analysis:meta'],
        ] as const),
        ...([
          ['keys', '*'],
          ['scan', '0'],
          ['randomkey'],
          ['dbsize'],
          ['flushall'],
          ['flushdb'],
          ['swapdb', '0', '1'],
        ] as const),
        ...([['config', 'get', '*'], ['config', 'set', 'dir', '/tmp'], ['debug', 'sleep', '0'], ['shutdown']] as const),
        ...([
          ['acl', 'whoami'],
          ['acl', 'list'],
          ['acl', 'setuser', 'me', 'on'],
          ['client', 'list'],
          ['client', 'kill', 'x:1'],
        ] as const),
        ...([
          ['save'],
          ['bgsave'],
          ['bgrewriteaof'],
          ['monitor'],
          ['replicaof', 'no', 'one'],
          ['module', 'list'],
        ] as const),
        ...([
          ['script', 'flush'],
          ['script', 'kill'],
          ['function', 'load', 'x'],
          ['slowlog', 'get'],
          ['latency', 'doctor'],
        ] as const),
        ...([
          ['migrate', 'h', '1', 'k', '0', '1'],
          ['object', 'encoding', 'x'],
          ['dump', '{shadow-trainer-aces}:x'],
        ] as const),
        ...([
          ['publish', '{shadow-trainer-bears}:control', 'x'],
          ['publish', 'x', 'y'],
          ['psubscribe', '*'],
        ] as const),
        ...([
          ['eval', "return redis.call('get', 'x')", '0'],
          ['eval', "return redis.call('get', KEYS[1])", '1', 'x'],
        ] as const),
        ...([
          ['eval', "return redis.call('config', 'get', '*')", '0'],
          ['rename', '{shadow-trainer-aces}:secret', 'x'],
        ] as const),
      ];
      for (const [name, ...args] of refused) {
        await expect(redis.call(name, ...args), [name, ...args].join(' ')).rejects.toThrow(
          /NOPERM|can't (run|access)|permission|denied|not allowed/i,
        );
      }
      expect(await redis.ping()).toBe('PONG');
      await security().isLogged(/redis command/);
      await security().isLogged(/redis key/);
      await security().isLogged(/redis channel/);
    });

    it('nobody comes in without a password, or with a wrong one, or in plain text', async () => {
      const tls = { rejectUnauthorized: false };
      const options = {
        host,
        port: security().bench.redisPort,
        lazyConnect: true,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      };
      const attempts = [
        { ...options, tls },
        { ...options, tls, username: redisUserOf('aces', security().invitation.token), password: 'wrong' },
        { ...options, tls, username: 'default', password: '' },
        { ...options, tls, username: 'shadow-trainer-server', password: security().invitation.token },
        {
          ...options,
          username: redisUserOf('aces', security().invitation.token),
          password: security().invitation.token,
        },
      ];
      for (const attempt of attempts) {
        const client = new Redis(attempt);
        client.on('error', () => undefined);
        await expect(client.connect().then(() => client.call('ping'))).rejects.toThrow();
        client.disconnect();
      }
      await security().isLogged(/redis auth/);
      await until('the plain one in the log', () =>
        security()
          .bench.log()
          .some(({ event, line }) => event === 'redis' && /Error accepting a client/.test(String(line))),
      );
    });
  });
}
