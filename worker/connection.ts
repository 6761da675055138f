/** Connections to Redis: one server (socket, TCP, TLS), Sentinel or Cluster, behind one description. */
import { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { AppError, type ErrorCode, queueFullSentence } from './protocol/errors.ts';
import { pinSchema } from './protocol/invitation.ts';
import { checkPinnedIdentity, wrongServer } from './storage/public-key-pin.ts';

/** PEM texts, not paths: a target is handed on to processes, and to other machines. */
const tlsSchema = z.union([
  z.boolean(),
  z.object({
    ca: z.string().optional(),
    cert: z.string().optional(),
    key: z.string().optional(),
    /** Of the certificate in `ca`: its key decides, whatever names the certificate has. */
    pin: pinSchema.optional(),
  }),
]);
const credentials = { username: z.string().optional(), password: z.string().optional(), tls: tlsSchema.optional() };
const node = z.object({ host: z.string(), port: z.number().int().positive() });
const db = z.number().int().nonnegative().optional();

export const redisTargetSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('socket'),
    path: z.string(),
    username: z.string().optional(),
    password: z.string().optional(),
  }),
  z.object({ kind: z.literal('server'), ...node.shape, ...credentials, db }),
  z.object({
    kind: z.literal('sentinel'),
    sentinels: z.array(node).min(1),
    name: z.string(),
    ...credentials,
    db,
    /** Of the sentinels themselves, where they ask for one. */
    sentinelPassword: z.string().optional(),
  }),
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

/**
 * A cable that is pulled says nothing: no end, no reset, and a write that nobody answers is repeated by the system for
 * a quarter of an hour. So a server that owes an answer for that long is lost (longer than BullMQ's blocking reads, which
 * last ten seconds), and one that owes none is asked for a sign of life by the system itself, after `keepAlive` and then
 * ten times, a second apart. On a socket of this machine nothing gets lost.
 */
const lostLink = { socketTimeout: 15_000, keepAlive: 5000 } as const;

/** Opens a connection that reconnects by itself. */
export function connectRedis(target: RedisTarget, patience: RedisPatience = 'wait'): RedisConnection {
  const connection = openConnection(target, {
    maxRetriesPerRequest: null,
    ...(patience === 'answer' && { commandTimeout: answerMilliseconds }),
  });
  // Reconnecting is the connection's own business; an error nobody listens for would be printed on every attempt.
  for (const event of failures) connection.on(event, (error: Error) => noteFailure(connection, target, error));
  connection.on('ready', () => refusedCertificates.delete(connection));
  return connection;
}

/** A cluster tells of its nodes apart. */
const failures = ['error', 'node error'] as const;
const refusedCertificates = new WeakMap<RedisConnection, AppError>();

function noteFailure(connection: RedisConnection, target: RedisTarget, error: Error): void {
  const code = error instanceof AppError ? error.code : 'code' in error ? String(error.code) : '';
  if (code !== 'TEAM_REFUSED' && !/CERT|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)/.test(code)) return;
  const isPinned = 'tls' in target && typeof target.tls === 'object' && target.tls.pin !== undefined;
  refusedCertificates.set(connection, isPinned ? wrongServer(error) : unknownCertificate(error));
}

function unknownCertificate(cause: Error): AppError {
  return new AppError(
    'CONFIGURATION_INVALID',
    'The queue at this address shows a certificate that nobody vouches for: nothing was sent to it. Ask its operator.',
    { cause },
  );
}

/**
 * Why TLS did not let us connect, as long as that is so: whoever answers there is not who should, and was told nothing.
 * AppError TEAM_REFUSED where the certificate is pinned, else CONFIGURATION_INVALID.
 */
export function refusedCertificateOf(connection: RedisConnection): AppError | undefined {
  return refusedCertificates.get(connection);
}

/** Resolves when Redis answers. Throws at once what `refusedCertificateOf` says, and what its ping throws. */
export async function pingRedis(connection: RedisConnection): Promise<void> {
  let look: () => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    look = () => {
      const refusal = refusedCertificateOf(connection);
      if (refusal) reject(refusal);
    };
    look();
    for (const event of failures) connection.on(event, look);
  });
  try {
    await Promise.race([connection.ping(), refused]);
  } finally {
    for (const event of failures) connection.off(event, look);
  }
}

interface CommandOptions {
  /** BullMQ asks for null: no limit of its own on the attempts for one command. */
  readonly maxRetriesPerRequest: null;
  readonly commandTimeout?: number;
}

function openConnection(target: RedisTarget, commands: CommandOptions): RedisConnection {
  const options = { ...commands, retryStrategy: reconnectMilliseconds, reconnectOnError };
  switch (target.kind) {
    case 'socket':
      return new Redis(target.path, { ...options, ...authentication(target) });
    case 'server':
      return new Redis(target.port, target.host, {
        ...{ ...options, ...lostLink, ...authentication(target) },
        db: target.db ?? 0,
      });
    case 'sentinel': {
      const { tls, ...own } = authentication(target);
      return new Redis({
        ...{ ...options, ...lostLink, ...own },
        ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
        sentinelCommandTimeout: lostLink.socketTimeout,
        ...(target.sentinelPassword !== undefined && { sentinelPassword: target.sentinelPassword }),
        sentinels: [...target.sentinels],
        name: target.name,
        db: target.db ?? 0,
      });
    }
    case 'cluster': {
      const own = authentication(target);
      return new TimedCluster([...target.nodes], {
        redisOptions: { ...commands, ...own, ...lostLink },
        // From the first packet of a new connection, with TLS and password: a second of its own is too short for a team
        // that is far away, or for a busy machine, and whoever is too slow would try for ever.
        slotsRefreshTimeout: 5000,
        clusterRetryStrategy: reconnectMilliseconds,
        // A failover takes longer than any count of attempts that makes sense: the time limits them, or nothing does.
        maxRedirections: Number.POSITIVE_INFINITY,
        // Certificates name hosts; looked up here, a name would become an address before it is compared.
        ...(own.tls && { dnsLookup: (address: string, found: DnsFound) => found(null, address) }),
      });
    }
  }
}

type DnsFound = (error: NodeJS.ErrnoException | null, address: string) => void;

/** ioredis limits the time of a command only from when it has a node for it. */
class TimedCluster extends Cluster {
  override sendCommand(...parameters: Parameters<Cluster['sendCommand']>): unknown {
    const milliseconds = this.options.redisOptions?.commandTimeout;
    if (milliseconds !== undefined) parameters[0].setTimeout(milliseconds);
    return super.sendCommand(...parameters);
  }
}

/** The master that became a replica: connect again, to the new one, and send the command again. */
function reconnectOnError(error: Error): false | 2 {
  return error.message.startsWith('READONLY') ? 2 : false;
}

const closeMilliseconds = 2000;

/** Waits until something has closed, but not for ever, as ioredis and BullMQ would where the server is gone. */
export async function closeInTime(closing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMilliseconds);
  });
  await Promise.race([closing.catch(() => undefined), late]);
  clearTimeout(timer);
}

/** Pause before the attempt of that number, the first being 1. */
function reconnectMilliseconds(attempt: number): number {
  return Math.min(2000, 20 * 2 ** Math.min(attempt, 7));
}

interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: z.infer<typeof tlsSchema> | undefined;
}

function authentication({ username, password, tls }: Credentials) {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: tls === true ? {} : tlsOptions(tls) }),
  };
}

function tlsOptions({ pin, ...pem }: Exclude<z.infer<typeof tlsSchema>, boolean>) {
  return { ...withoutUndefined(pem), ...(pin !== undefined && { checkServerIdentity: checkPinnedIdentity(pin) }) };
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

/** What Redis and ioredis say, and what it means. */
const meanings: readonly { readonly said: RegExp; readonly code: ErrorCode; readonly message: string }[] = [
  { said: /^OOM /, code: 'QUEUE_FULL', message: queueFullSentence },
  { said: /^MISCONF /, code: 'DISK_FULL', message: 'The disk of the queue is full. Free some space and try again.' },
  {
    said: /^(NOAUTH|WRONGPASS|NOPERM)/,
    code: 'CONFIGURATION_INVALID',
    message: 'The queue does not accept this user name or password.',
  },
  {
    said: /^(CLUSTERDOWN|MASTERDOWN|LOADING|READONLY|NOREPLICAS|TRYAGAIN)|timed out|connection is closed|max retries|stream isn't writeable|too many cluster redirections|failed to refresh slots cache|all sentinels are unreachable|none of startup nodes is available/i,
    code: 'REDIS_UNREACHABLE',
    message: 'The queue does not answer. Try again in a moment.',
  },
];

/** Runs commands. A refusal or an outage becomes an AppError, anything else stays as it was thrown. */
export async function askRedis<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AppError) throw error;
    const meaning = meanings.find(({ said }) => said.test(error.message));
    if (meaning === undefined) throw error;
    throw new AppError(meaning.code, meaning.message, { cause: error });
  }
}
