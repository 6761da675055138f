/** A Redis user for every token: limited to its team's keys and channels, and to what the queue needs. */
import type { Redis } from 'ioredis';
import type { RedisConnection } from '../connection.ts';
import { redisUserName, rightsOfRole, teamKeyPrefix } from '../protocol/team.ts';
import type { Member } from './token-store.ts';

/**
 * What BullMQ, its scripts, ours, heartbeats and the client itself call; the contract of the job engines runs under
 * it. Nothing that names keys of others (KEYS, SCAN, RANDOMKEY), nothing that manages, no script that outlives its
 * connection. INFO tells figures of the server, and no key.
 */
const allowedCommands = [
  ...['get', 'set', 'setex', 'psetex', 'incr', 'incrby', 'exists', 'type', 'del', 'unlink', 'rename'],
  ...['expire', 'pexpire', 'expireat', 'pexpireat', 'persist', 'ttl', 'pttl'],
  ...['hget', 'hset', 'hmget', 'hmset', 'hgetall', 'hdel', 'hexists', 'hincrby', 'hlen', 'hvals', 'hkeys', 'hscan'],
  ...['lpush', 'rpush', 'lpop', 'rpop', 'lrange', 'lrem', 'lindex', 'llen', 'lpos', 'lset', 'ltrim', 'rpoplpush'],
  ...['sadd', 'srem', 'scard', 'smembers', 'sismember', 'sscan'],
  ...['zadd', 'zrem', 'zcard', 'zcount', 'zscore', 'zrange', 'zrevrange', 'zrangebyscore', 'zrevrangebyscore'],
  ...['zrangebylex', 'zlexcount', 'zpopmin', 'bzpopmin', 'zremrangebyrank', 'zremrangebyscore', 'zincrby', 'zscan'],
  ...['xadd', 'xdel', 'xlen', 'xrange', 'xrevrange', 'xread', 'xtrim'],
  ...['eval', 'evalsha', 'script|load', 'script|exists', 'multi', 'exec', 'discard', 'watch', 'unwatch'],
  ...['publish', 'subscribe', 'unsubscribe'],
  ...['auth', 'hello', 'ping', 'quit', 'info', 'time', 'wait', 'select', 'client|setname', 'client|id'],
  // What a client of a cluster needs to find its way.
  ...['cluster|slots', 'cluster|shards', 'cluster|nodes', 'cluster|info', 'readonly', 'readwrite', 'asking'],
];

/** The rules of a user, as ACL SETUSER and an ACL file take them. */
export function redisUserRules(member: Pick<Member, 'team' | 'hash'>): string[] {
  const prefix = teamKeyPrefix(member.team);
  return [
    ...['on', `#${member.hash}`, `~${prefix}:*`, 'resetchannels', `&${prefix}:*`],
    ...['-@all', ...allowedCommands.map((command) => `+${command}`)],
  ];
}

/** Of those who may use the queue. */
export function hasRedisUser({ role }: Pick<Member, 'role'>): boolean {
  return rightsOfRole[role].includes('queue');
}

/** An ACL file with the one who manages and these members; everybody else is shut out. */
export function redisUsersFile(manager: { name: string; hash: string }, members: readonly Member[]): string {
  const lines = members
    .filter(hasRedisUser)
    .map((member) => `user ${redisUserName(member.team, member.id)} ${redisUserRules(member).join(' ')}`);
  return [
    // Nobody can be it. Redis reads its own file back as it, and leaves out every transaction that it may not do.
    'user default off resetpass ~* &* +@all',
    `user ${manager.name} on #${manager.hash} ~* &* +@all`,
    ...lines,
    '',
  ].join('\n');
}

/** Every node of a Redis: each keeps users of its own, and none is told of them by another. */
export interface RedisNodes {
  /** To whichever node holds a key. */
  readonly connection: RedisConnection;
  all(): Promise<readonly Redis[]>;
  close(): void;
}

/**
 * Makes the users of these teams on every node what `members` say: those missing are made, those of anybody else are
 * removed, and with them their connections. Other teams' users are left alone. Throws when a node cannot be told;
 * the others have been.
 */
export async function applyRedisUsers(
  nodes: RedisNodes,
  teams: ReadonlySet<string>,
  members: readonly Member[],
): Promise<void> {
  const wanted = new Map(
    members.filter(hasRedisUser).map((member) => [redisUserName(member.team, member.id), member] as const),
  );
  const told = await Promise.allSettled((await nodes.all()).map((node) => applyToNode(node, teams, wanted)));
  for (const each of told) if (each.status === 'rejected') throw each.reason;
}

async function applyToNode(node: Redis, teams: ReadonlySet<string>, wanted: ReadonlyMap<string, Member>) {
  const present = (await node.call('ACL', 'USERS')) as string[];
  for (const name of present) {
    const [, team = ''] = /^shadow-trainer-(.+)-[0-9a-f]{12}$/.exec(name) ?? [];
    if (teams.has(team) && !wanted.has(name)) await node.call('ACL', 'DELUSER', name);
  }
  for (const [name, member] of wanted) await node.call('ACL', 'SETUSER', name, 'reset', ...redisUserRules(member));
  // A server without a file for its users refuses; they are made again whenever it comes back.
  await node.call('ACL', 'SAVE').catch(() => undefined);
}
