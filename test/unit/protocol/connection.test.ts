import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { askRedis, closeInTime, connectRedis, redisTargetSchema } from '../../../worker/connection.ts';
import { AppError } from '../../../worker/protocol/errors.ts';

describe('redisTargetSchema', () => {
  it.each([
    { kind: 'socket', path: '/tmp/redis.sock' },
    { kind: 'server', host: '127.0.0.1', port: 6379, password: 'secret', tls: true, db: 3 },
    { kind: 'sentinel', sentinels: [{ host: 'a', port: 26379 }], name: 'main', username: 'coach' },
    {
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
      ],
      tls: false,
    },
  ])('takes $kind as it is', (target) => {
    expect(redisTargetSchema.parse(target)).toEqual(target);
  });

  it.each([
    ['an unknown kind', { kind: 'carrier-pigeon' }],
    ['a socket without a path', { kind: 'socket' }],
    ['a port that is none', { kind: 'server', host: 'a', port: 0 }],
    ['no sentinel at all', { kind: 'sentinel', sentinels: [], name: 'main' }],
    ['sentinels without a name', { kind: 'sentinel', sentinels: [{ host: 'a', port: 1 }] }],
    ['no node at all', { kind: 'cluster', nodes: [] }],
    ['a negative database', { kind: 'server', host: 'a', port: 1, db: -1 }],
  ])('refuses %s', (_what, target) => {
    expect(redisTargetSchema.safeParse(target).success).toBe(false);
  });
});

describe('connectRedis', () => {
  it('takes a server for lost that owes an answer for 15 s, as behind a cable that was pulled', async () => {
    const open: Socket[] = [];
    const mute = createServer((socket) => void open.push(socket.resume()));
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    const { port } = mute.address() as AddressInfo;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const connection = connectRedis({ kind: 'server', host: '127.0.0.1', port });
    try {
      await once(connection, 'connect');
      const heard = vi.fn();
      const lost = new Promise<void>((resolve) => {
        connection.once('close', resolve);
      }).then(heard);
      await vi.advanceTimersByTimeAsync(14_900);
      expect(heard).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(200);
      await lost;
    } finally {
      vi.useRealTimers();
      connection.disconnect();
      for (const socket of open) socket.destroy();
      mute.close();
    }
  });
});

describe('askRedis', () => {
  it.each(['Command timed out', 'Connection is closed.', "Stream isn't writeable", 'Too many Cluster redirections.'])(
    'says that the queue is away: %s',
    async (message) => {
      const asked = askRedis(() => Promise.reject(new Error(message)));
      await expect(asked).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', cause: { message } });
    },
  );

  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'. script: 5ab4, on @user_script:589.", 'QUEUE_FULL'],
    ['MISCONF Errors writing to the AOF file: No space left on device', 'DISK_FULL'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'CONFIGURATION_INVALID'],
    ['NOAUTH Authentication required.', 'CONFIGURATION_INVALID'],
    ['CLUSTERDOWN The cluster is down', 'REDIS_UNREACHABLE'],
    ['NOREPLICAS Not enough good replicas to write.', 'REDIS_UNREACHABLE'],
  ])('gives a refusal its meaning: %s', async (message, code) => {
    const asked = askRedis(() => Promise.reject(new Error(message)));
    await expect(asked).rejects.toMatchObject({ code, cause: { message } });
  });

  it('leaves every other error and every answer as they are', async () => {
    const known = new AppError('NOT_FOUND', 'The connection is closed to us.');
    await expect(askRedis(() => Promise.reject(known))).rejects.toBe(known);
    await expect(askRedis(() => Promise.reject(new Error('WRONGTYPE')))).rejects.toThrow('WRONGTYPE');
    await expect(askRedis(async () => 7)).resolves.toBe(7);
  });
});

describe('closeInTime', () => {
  it('waits for what closes, however it ends, and not for what never does', async () => {
    await closeInTime(Promise.resolve());
    await closeInTime(Promise.reject(new Error('gone')));
    vi.useFakeTimers();
    try {
      const closed = closeInTime(new Promise(() => undefined));
      await vi.advanceTimersByTimeAsync(10_000);
      await closed;
    } finally {
      vi.useRealTimers();
    }
  });
});
