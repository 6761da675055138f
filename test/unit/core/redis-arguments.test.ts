import { describe, expect, it } from 'vitest';
import { redisArguments, redisSecrets } from '../../../src-main/core/redis/redis-arguments.ts';

const queueRules = [
  ...['--dir', '/data/redis', '--appendonly', 'yes', '--appendfsync', 'everysec', '--aof-load-truncated', 'yes'],
  ...['--save', '', '--maxmemory-policy', 'noeviction', '--daemonize', 'no', '--loglevel', 'warning'],
  ...['--databases', '1'],
];

describe('redisArguments', () => {
  it('listens on a socket that only its user may open, and on no port', () => {
    const listening = { kind: 'socket', path: '/data/redis/redis.sock' } as const;
    expect(redisArguments({ directory: '/data/redis', listening })).toEqual([
      ...['-', '--port', '0', '--unixsocket', '/data/redis/redis.sock', '--unixsocketperm', '700'],
      ...queueRules,
    ]);
  });

  it('listens on this machine alone where there is no socket', () => {
    expect(redisArguments({ directory: '/data/redis', listening: { kind: 'port', port: 50123 } })).toEqual([
      ...['-', '--port', '50123', '--bind', '127.0.0.1'],
      ...queueRules,
    ]);
  });

  it('says the password on standard input, where no other user can read it', () => {
    expect(redisSecrets('abc123')).toBe('requirepass abc123\n');
    expect(redisSecrets(undefined)).toBe('');
  });
});
