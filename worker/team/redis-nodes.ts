/** Connections of the one who manages, to every node of an existing Redis. */
import { Redis } from 'ioredis';
import { connectRedis, type RedisConnection, type RedisTarget } from '../connection.ts';
import type { RedisNodes } from './redis-users.ts';

export function openRedisNodes(target: RedisTarget): RedisNodes {
  const connection = connectRedis(target, 'answer');
  const replicas = new Map<string, Redis>();
  return {
    connection,
    async all() {
      if (connection instanceof Redis) {
        // What a sentinel may make the master tomorrow needs the users today.
        if (target.kind === 'sentinel') await openReplicas(connection, target, replicas);
        return [connection, ...replicas.values()];
      }
      return connection.nodes('all');
    },
    close() {
      for (const each of [connection, ...replicas.values()]) each.disconnect();
    },
  };
}

async function openReplicas(
  master: Redis,
  target: Extract<RedisTarget, { kind: 'sentinel' }>,
  replicas: Map<string, Redis>,
): Promise<void> {
  const replication = await master.info('replication');
  const found = [...replication.matchAll(/^slave\d+:ip=([^,]+),port=(\d+),state=online/gm)];
  const addresses = new Map(
    found.map(([, host = '', port = '0']) => [`${host}:${port}`, { host, port: Number(port) }]),
  );
  for (const [address, replica] of replicas) {
    if (addresses.has(address)) continue;
    replica.disconnect();
    replicas.delete(address);
  }
  const { username, password, tls } = target;
  for (const [address, { host, port }] of addresses) {
    if (replicas.has(address)) continue;
    const own: RedisConnection = connectRedis({ kind: 'server', host, port, username, password, tls }, 'answer');
    if (own instanceof Redis) replicas.set(address, own);
  }
}
