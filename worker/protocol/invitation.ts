/** The link that gives a machine everything to join a team: compact, versioned, with a checksum against bad copies. */
import { z } from 'zod';
import { AppError } from './errors.ts';
import { teamNameSchema, teamTokenSchema } from './team.ts';
import { protocolVersion } from './version.ts';

const nodeSchema = z.object({ host: z.string().min(1), port: z.number().int().min(1).max(65_535) });
const db = z.number().int().nonnegative().optional();
/** Where the queue is. User name and password come from the token. */
export const teamRedisSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('server'), ...nodeSchema.shape, tls: z.boolean(), db }),
  z.object({
    kind: z.literal('sentinel'),
    name: z.string(),
    sentinels: z.array(nodeSchema).min(1),
    tls: z.boolean(),
    db,
  }),
  z.object({ kind: z.literal('cluster'), nodes: z.array(nodeSchema).min(1), tls: z.boolean() }),
]);
export type TeamRedis = z.infer<typeof teamRedisSchema>;

/** SHA-256 of the public key in the server's certificate (SPKI, DER), base64url: a renewed certificate keeps it. */
export const pinSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const invitationSchema = z.object({
  server: nodeSchema,
  team: teamNameSchema,
  token: teamTokenSchema,
  /** Absent where the server's certificate is one that everybody trusts. */
  pin: pinSchema.optional(),
  redis: teamRedisSchema,
  protocolVersion: z.number().int().positive(),
  /** Milliseconds since 1970; absent where the token does not expire. */
  expiresAt: z.number().int().positive().optional(),
});
export type Invitation = z.infer<typeof invitationSchema>;

const formatVersion = 1;
const linkStart = 'shadow-trainer://join/';

/** The payload: fields in this order, so that no name is spelled out. */
const wireSchema = z.tuple([
  z.string(),
  z.number().int().positive(),
  z.string(),
  z.string(),
  z.string(),
  z.union([
    z.tuple([z.literal('r'), z.string(), z.number(), z.number()]),
    z.tuple([z.literal('s'), z.string(), z.array(z.string()), z.number(), z.number()]),
    z.tuple([z.literal('c'), z.array(z.string()), z.number()]),
  ]),
  z.number(),
]);
type Wire = z.infer<typeof wireSchema>;

export function encodeInvitation(invitation: Invitation): string {
  const { server, redis } = invitation;
  const wire: Wire = [
    addressText(server),
    invitation.protocolVersion,
    invitation.team,
    invitation.token,
    invitation.pin ?? '',
    encodeRedis(redis, server.host),
    Math.ceil((invitation.expiresAt ?? 0) / 1000),
  ];
  const payload = toBase64Url(new TextEncoder().encode(JSON.stringify(wire)));
  return `${linkStart}${formatVersion}.${payload}.${checksum(payload)}`;
}

/**
 * Reads a link as it was pasted, also one that a mail program broke into lines. Throws AppError INVALID_INPUT where it
 * is none or was damaged, PROTOCOL_MISMATCH where another version wrote it, TEAM_REFUSED where it has expired.
 */
export function decodeInvitation(text: string, now = Date.now()): Invitation {
  const link = text.replaceAll(/\s+/g, '');
  const [, version, payload = '', sum] =
    /^shadow-trainer:\/\/join\/(\d+)\.([A-Za-z0-9_-]+)\.([0-9a-f]{8})$/.exec(link) ?? [];
  if (version === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `This is no invitation to a team: it begins with ${linkStart} and must be whole.`,
    );
  }
  if (checksum(payload) !== sum) {
    throw new AppError('INVALID_INPUT', 'This invitation was damaged on its way. Copy all of it once more.');
  }
  if (Number(version) !== formatVersion) throw otherVersion(Number(version) > formatVersion);
  const invitation = readPayload(payload);
  if (invitation.protocolVersion !== protocolVersion) throw otherVersion(invitation.protocolVersion > protocolVersion);
  if (invitation.expiresAt !== undefined && invitation.expiresAt <= now) {
    throw new AppError('TEAM_REFUSED', 'This invitation has expired. Ask for a new one.');
  }
  return invitation;
}

function otherVersion(newer: boolean): AppError {
  const whose = newer ? 'this computer' : 'the team server';
  return new AppError(
    'PROTOCOL_MISMATCH',
    `This invitation is of a team server with another version of Shadow Trainer. Update Shadow Trainer on ${whose}.`,
  );
}

function readPayload(payload: string): Invitation {
  try {
    const wire = wireSchema.parse(JSON.parse(new TextDecoder().decode(fromBase64Url(payload))));
    const [serverText, version, team, token, pin, redis, expires] = wire;
    const server = parseAddress(serverText, '');
    return invitationSchema.parse({
      ...{ server, team, token, redis: decodeRedis(redis, server.host), protocolVersion: version },
      ...(pin !== '' && { pin }),
      ...(expires > 0 && { expiresAt: expires * 1000 }),
    });
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'This invitation cannot be understood. Ask for a new one.', { cause });
  }
}

function encodeRedis(redis: TeamRedis, serverHost: string): Wire[5] {
  const tls = redis.tls ? 1 : 0;
  const short = (node: z.infer<typeof nodeSchema>): string =>
    node.host === serverHost ? `:${node.port}` : addressText(node);
  switch (redis.kind) {
    case 'server':
      return ['r', short(redis), tls, redis.db ?? 0];
    case 'sentinel':
      return ['s', redis.name, redis.sentinels.map(short), tls, redis.db ?? 0];
    case 'cluster':
      return ['c', redis.nodes.map(short), tls];
  }
}

function decodeRedis(wire: Wire[5], serverHost: string): unknown {
  const node = (text: string) => parseAddress(text, serverHost);
  switch (wire[0]) {
    case 'r':
      return { kind: 'server', ...node(wire[1]), tls: wire[2] === 1, ...dbOf(wire[3]) };
    case 's':
      return { kind: 'sentinel', name: wire[1], sentinels: wire[2].map(node), tls: wire[3] === 1, ...dbOf(wire[4]) };
    case 'c':
      return { kind: 'cluster', nodes: wire[1].map(node), tls: wire[2] === 1 };
  }
}

function dbOf(number: number) {
  return number > 0 ? { db: number } : {};
}

function addressText({ host, port }: z.infer<typeof nodeSchema>): string {
  return `${host}:${port}`;
}

/** Of `host:port`; the host may be an IPv6 address, and may be missing where it is `otherHost`. */
function parseAddress(text: string, otherHost: string): z.infer<typeof nodeSchema> {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon) || otherHost, port: Number(text.slice(colon + 1)) };
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}

/** CRC-32 (IEEE 802.3): finds every slip of a copy; it protects from nothing else, nor need it. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (const letter of text) {
    crc ^= letter.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
