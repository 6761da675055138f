/** Connections of the one who manages, to every node of an existing Redis. */
import { Redis } from 'ioredis';
import { connectRedis, type RedisTarget } from '../connection.ts';
import type { RedisNodes } from './redis-users.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export function openRedisNodes(target: RedisTarget): RedisNodes {
  const connection = connectRedis(target, 'answer');
  const others = new Map<string, Redis>();
  return {
    connection,
    async all() {
      if (target.kind === 'cluster') {
        return openEach(othersOf(String(await connection.call('CLUSTER', 'NODES')), clusterNode), target, others);
      }
      if (!(connection instanceof Redis)) return [];
      if (target.kind !== 'sentinel') return [connection];
      // What a sentinel may make the master tomorrow needs the users today.
      const replicas = othersOf(await connection.info('replication'), replica);
      return [connection, ...openEach(replicas, target, others)];
    },
    close() {
      for (const each of [connection, ...others.values()]) each.disconnect();
    },
  };
}

const replica = /^slave\d+:ip=(?<host>[^,]+),port=(?<port>\d+),state=online/gm;
/** `id host:port@bus,name flags …`; those that are known to have failed cannot be told, and are when they are back. */
const clusterNode =
  /^\S+ (?<host>[^\s@]+):(?<port>\d+)@\d+(?:,(?<name>[^\s,]*))?\S* (?!\S*(?:fail(?!\?)|handshake|noaddr))\S+ /gm;

function othersOf(text: string, pattern: RegExp): Address[] {
  return [...text.matchAll(pattern)].map(({ groups = {} }) => ({
    host: groups['name'] || (groups['host'] ?? ''),
    port: Number(groups['port']),
  }));
}

/** One connection to each, kept from time to time; those of nodes that are no longer there are closed. */
function openEach(
  addresses: readonly Address[],
  { username, password, tls }: Extract<RedisTarget, { kind: 'sentinel' | 'cluster' }>,
  opened: Map<string, Redis>,
): readonly Redis[] {
  const named = new Map(addresses.map((address) => [`${address.host}:${address.port}`, address]));
  for (const [name, redis] of opened) {
    if (named.has(name)) continue;
    redis.disconnect();
    opened.delete(name);
  }
  for (const [name, address] of named) {
    if (opened.has(name)) continue;
    const redis = connectRedis({ kind: 'server', ...address, username, password, tls }, 'answer');
    if (redis instanceof Redis) opened.set(name, redis);
  }
  return [...opened.values()];
}
