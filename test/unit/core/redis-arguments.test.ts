import { describe, expect, it } from 'vitest';
import { queueMemoryBytes, redisArguments, redisSecrets } from '../../../worker/redis/redis-arguments.ts';

const common = { directory: '/data/redis', maximumMemoryBytes: 2 ** 28 };
const queueRules = [
  ...['--dir', '/data/redis', '--appendonly', 'yes', '--appendfsync', 'always', '--aof-load-truncated', 'no'],
  ...[
    '--save',
    '',
    '--maxmemory',
    '268435456',
    '--maxmemory-policy',
    'noeviction',
    '--daemonize',
    'no',
    '--loglevel',
    'warning',
  ],
  ...['--databases', '1'],
];

describe('redisArguments', () => {
  it('listens on a socket that only its user may open, and on no port', () => {
    const listening = { kind: 'socket', path: '/data/redis/redis.sock' } as const;
    expect(redisArguments({ ...common, listening })).toEqual([
      ...['-', '--port', '0', '--unixsocket', '/data/redis/redis.sock', '--unixsocketperm', '700'],
      ...queueRules,
    ]);
  });

  it('listens on this machine alone where there is no socket', () => {
    expect(redisArguments({ ...common, listening: { kind: 'port', port: 50123 } })).toEqual([
      ...['-', '--port', '50123', '--bind', '127.0.0.1'],
      ...queueRules,
    ]);
  });

  it('says the password on standard input, where no other user can read it', () => {
    expect(redisSecrets('abc123')).toBe('requirepass abc123\n');
    expect(redisSecrets(undefined)).toBe('');
  });

  it.each([
    [2, 2 ** 27],
    [8, 2 ** 29],
    [64, 2 ** 30],
  ])('takes a sixteenth of the memory, within bounds: %d GiB', (gibibytes, expected) => {
    expect(queueMemoryBytes(gibibytes * 2 ** 30)).toBe(expected);
  });
});
