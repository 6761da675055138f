/** How a team server is set up: one JSON file, then the environment, which wins; secrets belong there. */
import { readFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { redisTargetSchema } from '../connection.ts';
import { AppError } from '../protocol/errors.ts';
import { teamRedisSchema } from '../protocol/invitation.ts';
import { teamNameSchema } from '../protocol/team.ts';

const port = z.number().int().min(1).max(65_535);
const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an IP address, without https:// or a port');

const redisSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** A redis-server of its own, in the data folder. */
    kind: z.literal('embedded'),
    port: port.default(7444),
    maximumMemoryBytes: z
      .number()
      .int()
      .min(2 ** 20)
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('existing'),
    /** How this server reaches it, with the credentials of a user that may manage users. */
    target: redisTargetSchema,
    /** How the members reach it, where that differs. */
    public: teamRedisSchema.optional(),
  }),
]);

const assetsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('disk') }),
  z.strictObject({
    kind: z.literal('s3'),
    endpoint: z.url(),
    region: z.string().default('us-east-1'),
    bucket: z.string().min(1),
    /** Before every object's name. */
    prefix: z.string().default(''),
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
  }),
]);
export type S3Configuration = Extract<z.infer<typeof assetsSchema>, { kind: 's3' }>;

const gibibyte = 2 ** 30;
const limitsSchema = z.strictObject({
  uploadBytes: z
    .number()
    .int()
    .positive()
    .default(16 * gibibyte),
  /** Of all assets of a team, with the uploads under way. */
  teamBytes: z
    .number()
    .int()
    .positive()
    .default(500 * gibibyte),
  /** A file that nobody has used for this long is removed, unless a job that has not ended names it. */
  unusedSeconds: z
    .number()
    .positive()
    .default(30 * 24 * 3600),
  /** What was used within this time stays, however little room is left. */
  recentSeconds: z
    .number()
    .positive()
    .default(24 * 3600),
  /** Uploads of a team that are not finished. */
  unfinishedUploads: z.number().int().positive().default(64),
  /** An upload to which nothing came for this long is thrown away. */
  unfinishedSeconds: z
    .number()
    .positive()
    .default(48 * 3600),
  /** A request whose body comes slower than this, on average over `slowSeconds`, is cut off. */
  leastBytesPerSecond: z.number().nonnegative().default(1024),
  slowSeconds: z.number().positive().default(30),
  /** For the headers of a request, and for the TLS handshake. */
  headerSeconds: z.number().positive().default(10),
  connections: z.number().int().positive().default(2000),
});

const configurationSchema = z.strictObject({
  dataDirectory: z.string().min(1),
  /** Under which members reach this server. */
  address: host,
  port: port.default(7443),
  /** The network address to listen on. */
  bind: host.default('0.0.0.0'),
  team: teamNameSchema.default('team'),
  /** PEM files; without them a certificate is made. */
  tls: z.strictObject({ certificateFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  redis: redisSchema.prefault({ kind: 'embedded' }),
  assets: assetsSchema.prefault({ kind: 'disk' }),
  limits: limitsSchema.prefault({}),
});
export type TeamConfiguration = z.infer<typeof configurationSchema>;
export type TeamLimits = TeamConfiguration['limits'];

const environmentPrefix = 'SHADOW_TRAINER_TEAM_';
/** Where each variable belongs in the file. */
const variables: Readonly<Record<string, { readonly path: readonly string[]; readonly isNumber?: boolean }>> = {
  DATA: { path: ['dataDirectory'] },
  ADDRESS: { path: ['address'] },
  PORT: { path: ['port'], isNumber: true },
  BIND: { path: ['bind'] },
  NAME: { path: ['team'] },
  REDIS_PORT: { path: ['redis', 'port'], isNumber: true },
  REDIS_USERNAME: { path: ['redis', 'target', 'username'] },
  REDIS_PASSWORD: { path: ['redis', 'target', 'password'] },
  S3_ACCESS_KEY_ID: { path: ['assets', 'accessKeyId'] },
  S3_SECRET_ACCESS_KEY: { path: ['assets', 'secretAccessKey'] },
};

/**
 * `file`: where it was named; else `SHADOW_TRAINER_TEAM_CONFIG`, else what is built in.
 * Throws AppError CONFIGURATION_INVALID with a sentence for each mistake.
 */
export async function readTeamConfiguration(options: {
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}): Promise<TeamConfiguration> {
  const file = options.file ?? options.environment[`${environmentPrefix}CONFIG`];
  const given = file === undefined ? {} : await readObject(file);
  const defaults = { dataDirectory: join(homedir(), '.shadow-trainer-team'), address: hostname() };
  const merged = withEnvironment({ ...defaults, ...given }, options.environment);
  const parsed = configurationSchema.safeParse(merged);
  if (!parsed.success) throw invalid(parsed.error.issues.map(sentenceOf), parsed.error);
  const configuration = { ...parsed.data, dataDirectory: resolve(parsed.data.dataDirectory) };
  const mistakes = mistakesOf(configuration);
  if (mistakes.length > 0) throw invalid(mistakes);
  return configuration;
}

function mistakesOf({ redis, port: webPort }: TeamConfiguration): string[] {
  if (redis.kind === 'embedded') {
    return redis.port === webPort ? [`redis.port and port must differ: both are ${webPort}.`] : [];
  }
  const isLocal = redis.target.kind === 'socket';
  return isLocal && redis.public === undefined
    ? ['redis.public is missing: members cannot reach a Redis that is given as a socket.']
    : [];
}

function sentenceOf({ path, message, code, ...issue }: z.core.$ZodIssue): string {
  if (code === 'unrecognized_keys' && 'keys' in issue && Array.isArray(issue.keys)) {
    return `There is no setting ${issue.keys.map((key) => [...path, key].join('.')).join(', ')}.`;
  }
  return `${path.join('.') || 'The configuration'}: ${message}.`;
}

function invalid(mistakes: readonly string[], cause?: unknown): AppError {
  return new AppError('CONFIGURATION_INVALID', `The team server's configuration is not valid. ${mistakes.join(' ')}`, {
    cause,
  });
}

async function readObject(file: string): Promise<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw invalid([`${file} cannot be read as a JSON object.`], cause);
  }
}

function withEnvironment(given: Record<string, unknown>, environment: NodeJS.ProcessEnv): unknown {
  let merged: unknown = given;
  for (const [name, { path, isNumber }] of Object.entries(variables)) {
    const text = environment[`${environmentPrefix}${name}`];
    if (text !== undefined && text !== '') merged = withValue(merged, path, isNumber ? Number(text) : text);
  }
  return merged;
}

function withValue(into: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const before: Record<string, unknown> = typeof into === 'object' && into !== null ? { ...into } : {};
  // What kind of Redis or store a value belongs to need not be said where there is only the built-in one.
  if (Object.keys(before).length === 0 && key === 'port' && rest.length === 0) before['kind'] = 'embedded';
  return { ...before, [key]: withValue(before[key], rest, value) };
}
