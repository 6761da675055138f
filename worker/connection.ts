/** Connections to Redis: one server (socket, TCP, TLS), Sentinel or Cluster, behind one description. */
import { Cluster, Redis } from 'ioredis';
import { z } from 'zod';

const credentials = { username: z.string().optional(), password: z.string().optional(), tls: z.boolean().optional() };
const node = z.object({ host: z.string(), port: z.number().int().positive() });

export const redisTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('socket'), path: z.string() }),
  z.object({
    kind: z.literal('server'),
    ...node.shape,
    ...credentials,
    db: z.number().int().nonnegative().optional(),
  }),
  z.object({ kind: z.literal('sentinel'), sentinels: z.array(node).min(1), name: z.string(), ...credentials }),
  z.object({ kind: z.literal('cluster'), nodes: z.array(node).min(1), ...credentials }),
]);
export type RedisTarget = z.infer<typeof redisTargetSchema>;
export type RedisConnection = Redis | Cluster;

const patience = {
  // BullMQ's commands must wait for a lost server rather than fail.
  maxRetriesPerRequest: null,
  retryStrategy: (attempt: number) => Math.min(2000, 50 * 2 ** Math.min(attempt, 6)),
};

/** Opens a connection that reconnects by itself. */
export function connectRedis(target: RedisTarget): RedisConnection {
  switch (target.kind) {
    case 'socket':
      return new Redis(target.path, patience);
    case 'server':
      return new Redis(target.port, target.host, { ...patience, ...authentication(target), db: target.db ?? 0 });
    case 'sentinel':
      return new Redis({
        ...patience,
        ...authentication(target),
        sentinels: [...target.sentinels],
        name: target.name,
      });
    case 'cluster':
      return new Cluster([...target.nodes], {
        redisOptions: { maxRetriesPerRequest: null, ...authentication(target) },
      });
  }
}

interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: boolean | undefined;
}

function authentication({ username, password, tls }: Credentials) {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls === true && { tls: {} }),
  };
}
