/** Connections to Redis: one server (socket, TCP, TLS), Sentinel or Cluster, behind one description. */
import { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { AppError } from './protocol/errors.ts';

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

/**
 * `wait`: a command waits for a lost server, as a worker should. `answer`: a command fails after a while, as whatever
 * a coach waits for should; not for blocking commands.
 */
export type RedisPatience = 'wait' | 'answer';
const answerMilliseconds = 10_000;

/** Opens a connection that reconnects by itself. */
export function connectRedis(target: RedisTarget, patience: RedisPatience = 'wait'): RedisConnection {
  const connection = openConnection(target, {
    maxRetriesPerRequest: null,
    ...(patience === 'answer' && { commandTimeout: answerMilliseconds }),
  });
  // Reconnecting is the connection's own business; an error nobody listens for would be printed on every attempt.
  connection.on('error', () => undefined);
  return connection;
}

interface CommandOptions {
  /** BullMQ asks for null: no limit of its own on the attempts for one command. */
  readonly maxRetriesPerRequest: null;
  readonly commandTimeout?: number;
}

function openConnection(target: RedisTarget, commands: CommandOptions): RedisConnection {
  const options = { ...commands, retryStrategy: reconnectMilliseconds };
  switch (target.kind) {
    case 'socket':
      return new Redis(target.path, options);
    case 'server':
      return new Redis(target.port, target.host, { ...options, ...authentication(target), db: target.db ?? 0 });
    case 'sentinel':
      return new Redis({
        ...options,
        ...authentication(target),
        sentinels: [...target.sentinels],
        name: target.name,
      });
    case 'cluster':
      return new Cluster([...target.nodes], { redisOptions: { ...commands, ...authentication(target) } });
  }
}

/** Pause before the attempt of that number, the first being 1. */
function reconnectMilliseconds(attempt: number): number {
  return Math.min(2000, 20 * 2 ** Math.min(attempt, 7));
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

/** What ioredis says of itself when the server is not there. */
const outage = /timed out|connection is closed|max retries|stream isn't writeable|too many cluster redirections/i;

/** Runs commands; an outage becomes AppError REDIS_UNREACHABLE, anything else stays as it was thrown. */
export async function askRedis<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AppError || !outage.test(error.message)) throw error;
    throw new AppError('REDIS_UNREACHABLE', 'The queue does not answer. Try again in a moment.', { cause: error });
  }
}
