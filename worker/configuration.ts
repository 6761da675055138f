/** What the environment says about the queue, parsed once at the start; README lists the variables. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RedisTarget } from './connection.ts';
import { AppError } from './protocol/errors.ts';
import { defaultKeyPrefix } from './protocol/queues.ts';

export interface Configuration {
  /** Undefined: the app starts a Redis of its own. */
  readonly redis?: RedisTarget | undefined;
  readonly keyPrefix: string;
  /** Worker processes of this app; the settings' number where it is undefined. */
  readonly workers?: number | undefined;
  readonly jobTimeLimitSeconds?: number | undefined;
}

/** What the settings say about the same things. The environment wins. */
export interface ConfiguredSettings {
  readonly redisUrl?: string | undefined;
  readonly jobTimeLimitSeconds?: number | undefined;
}

const whole = (sentence: string, least: number, most: number) =>
  z.coerce.number(sentence).int(sentence).min(least, sentence).max(most, sentence).optional();
const yesOrNo = (sentence: string) => z.enum(['true', 'false', '1', '0', 'yes', 'no'], sentence).optional();

const environmentSchema = z.object({
  REDIS_URL: z.string().optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: whole('REDIS_PORT is a number from 1 to 65535.', 1, 65_535),
  REDIS_DB: whole('REDIS_DB is the number of a database: 0, 1, 2 and so on.', 0, 1_000_000),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_CLUSTER_NODES: z.string().optional(),
  REDIS_SENTINELS: z.string().optional(),
  REDIS_SENTINEL_NAME: z.string().optional(),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  REDIS_TLS: yesOrNo('REDIS_TLS is true or false.'),
  REDIS_TLS_CA: z.string().optional(),
  REDIS_TLS_CERT: z.string().optional(),
  REDIS_TLS_KEY: z.string().optional(),
  REDIS_KEY_PREFIX: z
    .string()
    .regex(/^[\w.-]+$/, 'REDIS_KEY_PREFIX is made of letters, digits, dots, dashes and underscores.')
    .optional(),
  WORKER_CONCURRENCY: whole('WORKER_CONCURRENCY is a number of workers from 1 to 64.', 1, 64),
  JOB_TIME_LIMIT: z.coerce
    .number('JOB_TIME_LIMIT is a number of seconds.')
    .positive('JOB_TIME_LIMIT is a number of seconds above 0.')
    .optional(),
});
type Given = z.infer<typeof environmentSchema>;

/** The one of these that is set says what kind of Redis it is. */
const places = ['REDIS_URL', 'REDIS_HOST', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINELS'] as const;

/** Throws AppError CONFIGURATION_INVALID with one sentence for every mistake, each on a line. */
export function readConfiguration(environment: NodeJS.ProcessEnv, settings: ConfiguredSettings = {}): Configuration {
  // An empty variable is how many tools write one that is not set.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const hasPlace = places.some((name) => set[name] !== undefined);
  const parsed = environmentSchema.safeParse({
    ...(settings.redisUrl !== undefined && !hasPlace && { REDIS_URL: settings.redisUrl }),
    ...set,
  });
  if (!parsed.success) throw invalid(parsed.error.issues.map(({ message }) => message));
  const given = parsed.data;
  const mistakes: string[] = [];
  const redis = readTarget(given, mistakes);
  if (mistakes.length > 0) throw invalid(mistakes);
  return {
    redis,
    // One hash tag: in a cluster all keys of a queue have to be on one node.
    keyPrefix: given.REDIS_KEY_PREFIX === undefined ? defaultKeyPrefix : `{${given.REDIS_KEY_PREFIX}}`,
    workers: given.WORKER_CONCURRENCY,
    jobTimeLimitSeconds: given.JOB_TIME_LIMIT ?? settings.jobTimeLimitSeconds,
  };
}

function invalid(mistakes: readonly string[]): AppError {
  return new AppError('CONFIGURATION_INVALID', mistakes.join('\n'));
}

function readTarget(given: Given, mistakes: string[]): RedisTarget | undefined {
  const [place, ...others] = places.filter((name) => given[name] !== undefined);
  if (place === undefined) {
    const orphan = Object.keys(given).find((name) => name.startsWith('REDIS_') && name !== 'REDIS_KEY_PREFIX');
    if (orphan) mistakes.push(`${orphan} is set, but nothing says where Redis is: set one of ${places.join(', ')}.`);
    return undefined;
  }
  if (others.length > 0) mistakes.push(`${place} and ${others.join(' and ')} say where Redis is: keep one of them.`);
  if (place !== 'REDIS_SENTINELS')
    for (const name of ['REDIS_SENTINEL_NAME', 'REDIS_SENTINEL_PASSWORD'] as const)
      if (given[name] !== undefined) mistakes.push(`${name} is of use with REDIS_SENTINELS only.`);
  if (place !== 'REDIS_HOST' && given.REDIS_PORT !== undefined)
    mistakes.push('REDIS_PORT is of use with REDIS_HOST only: elsewhere the port stands behind the host.');

  const credentials = { username: given.REDIS_USERNAME, password: given.REDIS_PASSWORD, tls: readTls(given, mistakes) };
  const db = given.REDIS_DB;
  switch (place) {
    case 'REDIS_URL':
      return readUrl(given.REDIS_URL ?? '', { ...credentials, db }, mistakes);
    case 'REDIS_HOST':
      return { kind: 'server', host: given.REDIS_HOST ?? '', port: given.REDIS_PORT ?? 6379, ...credentials, db };
    case 'REDIS_CLUSTER_NODES':
      if (db !== undefined) mistakes.push('A Redis Cluster has one database only: take REDIS_DB away.');
      return { kind: 'cluster', nodes: readNodes(place, given[place] ?? '', 6379, mistakes), ...credentials };
    case 'REDIS_SENTINELS': {
      const name = given.REDIS_SENTINEL_NAME;
      if (name === undefined) mistakes.push('REDIS_SENTINEL_NAME is missing: the name of the master.');
      const sentinels = readNodes(place, given[place] ?? '', 26_379, mistakes);
      const sentinelPassword = given.REDIS_SENTINEL_PASSWORD;
      return { kind: 'sentinel', sentinels, name: name ?? '', sentinelPassword, ...credentials, db };
    }
  }
}

type Details = Pick<Extract<RedisTarget, { kind: 'server' }>, 'username' | 'password' | 'tls' | 'db'>;

function readUrl(text: string, details: Details, mistakes: string[]): RedisTarget | undefined {
  const url = parseUrl(text);
  const db = /^\/(\d*)$/.exec(url?.pathname || '/')?.[1];
  if (url?.protocol === 'unix:' && url.host === '' && url.pathname.length > 1)
    return { kind: 'socket', path: decodeURIComponent(url.pathname) };
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '' || db === undefined) {
    mistakes.push('REDIS_URL looks like redis://user:password@host:6379/0, rediss:// with TLS, or unix:///path.');
    return undefined;
  }
  const own = {
    REDIS_USERNAME: decodeURIComponent(url.username),
    REDIS_PASSWORD: decodeURIComponent(url.password),
    REDIS_DB: db,
  };
  const apart = { REDIS_USERNAME: details.username, REDIS_PASSWORD: details.password, REDIS_DB: details.db };
  for (const name of ['REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB'] as const)
    if (own[name] !== '' && apart[name] !== undefined) mistakes.push(`REDIS_URL says what ${name} says: keep one.`);
  return {
    kind: 'server',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    username: own.REDIS_USERNAME || details.username,
    password: own.REDIS_PASSWORD || details.password,
    tls: details.tls ?? (url.protocol === 'rediss:' || undefined),
    db: db === '' ? details.db : Number(db),
  };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function readNodes(name: string, text: string, defaultPort: number, mistakes: string[]) {
  const nodes = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((each) => {
      const url = parseUrl(`redis://${each}`);
      const isPlain = url !== undefined && url.hostname !== '' && url.pathname === '' && url.username === '';
      return isPlain && { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort) };
    });
  const good = nodes.filter((each) => each !== false);
  if (good.length === 0 || good.length < nodes.length)
    mistakes.push(`${name} is a list of host:port, with commas in between.`);
  return good;
}

function readTls(given: Given, mistakes: string[]): Details['tls'] {
  const files = { ca: given.REDIS_TLS_CA, cert: given.REDIS_TLS_CERT, key: given.REDIS_TLS_KEY };
  const hasFiles = Object.values(files).some((path) => path !== undefined);
  const wanted = given.REDIS_TLS && ['true', '1', 'yes'].includes(given.REDIS_TLS);
  if ((files.cert === undefined) !== (files.key === undefined))
    mistakes.push('REDIS_TLS_CERT and REDIS_TLS_KEY belong together: set both or none.');
  if (!hasFiles) return wanted;
  if (wanted === false) mistakes.push('REDIS_TLS is off, but certificates are given: keep one.');
  const read = (name: string, path: string | undefined): string | undefined => {
    try {
      return path === undefined ? undefined : readFileSync(path, 'utf8');
    } catch {
      mistakes.push(`${name} names a file that cannot be read: ${path}.`);
      return undefined;
    }
  };
  return {
    ca: read('REDIS_TLS_CA', files.ca),
    cert: read('REDIS_TLS_CERT', files.cert),
    key: read('REDIS_TLS_KEY', files.key),
  };
}
