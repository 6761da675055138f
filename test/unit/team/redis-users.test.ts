import { describe, expect, it } from 'vitest';
import { redisArguments } from '../../../worker/redis/redis-arguments.ts';
import { redisUserRules, redisUsersFile } from '../../../worker/team/redis-users.ts';

const member = {
  id: '0123456789ab',
  team: 'aces',
  name: 'Ann',
  role: 'coach',
  hash: 'f'.repeat(64),
  createdAt: 0,
} as const;

describe('Redis users of a team', () => {
  it('are limited to the keys and channels of the team and to named commands', () => {
    const rules = redisUserRules(member);
    expect(rules.slice(0, 6)).toEqual([
      ...['on', `#${'f'.repeat(64)}`, '~{shadow-trainer-aces}:*'],
      ...['resetchannels', '&{shadow-trainer-aces}:*', '-@all'],
    ]);
    // One by one: a category may grow with the next version of Redis.
    expect(rules.slice(6).every((rule) => /^\+[a-z]+(\|[a-z]+)?$/.test(rule))).toBe(true);
    const forbidden = [
      'keys',
      'scan',
      'randomkey',
      'dbsize',
      'config',
      'acl',
      'flushall',
      'shutdown',
      'monitor',
      'debug',
      'client|list',
    ];
    for (const command of forbidden) expect(rules).not.toContain(`+${command}`);
  });

  it('are all that a server of our own lets in', () => {
    const file = redisUsersFile({ name: 'server', hash: 'a'.repeat(64) }, [
      member,
      { ...member, id: 'ffffffffffff', role: 'viewer' },
    ]);
    const lines = file.trim().split('\n');
    expect(lines[0]).toBe('user default off resetpass ~* &* +@all');
    expect(lines[1]).toBe(`user server on #${'a'.repeat(64)} ~* &* +@all`);
    expect(lines[2]).toMatch(/^user shadow-trainer-aces-0123456789ab on #f+ ~/);
    expect(lines).toHaveLength(3);
  });

  it('come in over TLS only', () => {
    const tls = { port: 7444, bind: '0.0.0.0', certificateFile: '/c.pem', keyFile: '/k.pem' };
    const listening = { kind: 'socket', path: '/d/s' } as const;
    const args = redisArguments({ directory: '/d', listening, tls, usersFile: '/d/u', maximumMemoryBytes: 1 });
    expect(args.slice(0, 20)).toEqual([
      ...['-', '--port', '0', '--unixsocket', '/d/s', '--unixsocketperm', '700', '--tls-port', '7444'],
      ...['--bind', '0.0.0.0', '--tls-cert-file', '/c.pem', '--tls-key-file', '/k.pem', '--tls-auth-clients', 'no'],
      ...['--tls-protocols', 'TLSv1.2 TLSv1.3', '--aclfile'],
    ]);
  });
});
