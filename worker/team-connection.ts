/** From an invitation to what a desktop or a worker machine connects with. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { RedisTarget } from './connection.ts';
import { AppError } from './protocol/errors.ts';
import { type Invitation, teamRedisSchema } from './protocol/invitation.ts';
import { redisUserOf, teamKeyPrefix, teamNameSchema, teamPaths, teamRoles } from './protocol/team.ts';
import { protocolVersion } from './protocol/version.ts';
import { publicKeyPin } from './storage/public-key-pin.ts';
import { createTeamHttp, readRefusal, readText, type TeamHttp } from './storage/team-http.ts';

/** What the team server says of whoever asks. */
export const teamViewSchema = z.object({
  team: teamNameSchema,
  name: z.string(),
  role: z.enum(teamRoles),
  protocolVersion: z.number(),
  redis: teamRedisSchema,
  /** PEM of who vouches for the queue's certificate: it itself, where the queue is the team server's own. */
  redisCertificate: z.string().optional(),
  expiresAt: z.number().optional(),
});
export type TeamView = z.infer<typeof teamViewSchema>;

export interface TeamConnection {
  readonly view: TeamView;
  readonly redis: RedisTarget;
  readonly keyPrefix: string;
  readonly http: TeamHttp;
}

/**
 * Asks the team server who we are to it, and where its queue is by now. Throws AppError TEAM_UNREACHABLE,
 * TEAM_REFUSED, or PROTOCOL_MISMATCH.
 */
export async function connectTeam(invitation: Invitation, signal?: AbortSignal): Promise<TeamConnection> {
  const { server, team, token, pin } = invitation;
  const http = createTeamHttp({ server, token, pin });
  try {
    const answer = await http.ask({ method: 'GET', path: teamPaths.team }, signal);
    if (answer.statusCode !== 200) throw await readRefusal(answer);
    const parsed = teamViewSchema.safeParse(JSON.parse(await readText(answer)));
    if (!parsed.success || parsed.data.protocolVersion !== protocolVersion) throw otherVersion(parsed.error);
    const view = parsed.data;
    const access = { username: redisUserOf(team, token), password: token, ca: view.redisCertificate, pin };
    const redis = redisTargetOf(view.redis, access);
    return { view, redis, keyPrefix: teamKeyPrefix(team), http };
  } catch (error) {
    http.close();
    throw error;
  }
}

function otherVersion(cause: unknown): AppError {
  return new AppError(
    'PROTOCOL_MISMATCH',
    'The team server has another version of Shadow Trainer. Use the same version on both.',
    { cause },
  );
}

interface Access {
  readonly username: string;
  readonly password: string;
  /** Who vouches for the certificates, PEM; undefined where everybody trusts them. */
  readonly ca: string | undefined;
  /** Of the invitation. */
  readonly pin: string | undefined;
}

/** Where the queue has the team server's own certificate, the pin decides; elsewhere, authority and name. */
function redisTargetOf({ tls, ...redis }: TeamView['redis'], { ca, pin, ...credentials }: Access): RedisTarget {
  if (!tls) return { ...redis, ...credentials };
  if (ca === undefined) return { ...redis, ...credentials, tls: true };
  return { ...redis, ...credentials, tls: { ca, ...(pin !== undefined && pinOf(ca) === pin && { pin }) } };
}

/** Undefined for what cannot be read: connecting will say so. */
function pinOf(pem: string): string | undefined {
  try {
    return publicKeyPin(new X509Certificate(pem));
  } catch {
    return undefined;
  }
}
