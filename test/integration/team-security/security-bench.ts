/** A team server with two teams and a clip, and what tests need that attack it. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { z } from 'zod';
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import { failureSchema } from '../../../worker/protocol/errors.ts';
import { decodeInvitation, type Invitation } from '../../../worker/protocol/invitation.ts';
import { redisUserOf, teamPaths } from '../../../worker/protocol/team.ts';
import { until } from '../app-under-test.ts';
import { createTeamServerBench, type RawAnswer, type TeamMachine, type TeamServerBench } from '../team-server-bench.ts';

export const host = '127.0.0.1';

const limits = {
  uploadBytes: 1_000_000,
  teamBytes: 3_000_000,
  unfinishedUploads: 4,
  slowSeconds: 1,
  leastBytesPerSecond: 10_000,
  headerSeconds: 1,
};

export interface SecurityBench {
  readonly bench: TeamServerBench;
  /** Of a coach of the team `aces`. */
  readonly invitation: Invitation;
  readonly operator: Invitation;
  readonly coach: TeamMachine;
  /** A coach's of the team `bears`. */
  readonly other: TeamMachine;
  /** On the server, of the team `aces`. */
  readonly clip: AssetReference;
  /** What was refused since the start. */
  refusals(): readonly string[];
  isLogged(reason: RegExp): Promise<void>;
  /** As the operator. */
  operate(method: string, path: string, body?: unknown): Promise<RawAnswer>;
  inviteOverHttps(wish: object): Promise<Invitation>;
  /** Headers of the coach for the tus protocol. */
  tusHeaders(sha256: string, size: number | undefined, mediaType?: string): Record<string, string>;
  canLogIn(who: Invitation): Promise<boolean>;
  /** A connection to the HTTPS port on which nothing was said yet. */
  openTls(): Promise<Socket>;
}

export async function createSecurityBench(): Promise<SecurityBench> {
  const bench = await createTeamServerBench({ limits });
  await bench.start();
  const invitation = await bench.invite('Ann', 'coach');
  const operator = await bench.invite('Op', 'operator');
  const coach = await bench.join(invitation);
  const other = await bench.join(await bench.invite('Bea', 'coach', '--team', 'bears'));
  const clip = await coach.stores.assets.putBytes(new Uint8Array(randomBytes(1000)), 'video/mp4');
  await coach.assets.upload(clip);

  const refusals = (): readonly string[] =>
    bench.log().flatMap(({ event, reason }) => (event === 'refused' && reason !== undefined ? [reason] : []));
  const operate: SecurityBench['operate'] = (method, path, body) =>
    bench.ask(method, path, { ...bearer(operator), 'content-type': 'application/json' }, JSON.stringify(body));
  return {
    ...{ bench, invitation, operator, coach, other, clip, refusals, operate },
    async isLogged(reason) {
      await until(`${reason} in the log`, () => refusals().some((text) => reason.test(text)));
    },
    async inviteOverHttps(wish) {
      const answer = await operate('POST', teamPaths.members, wish);
      expect(answer.status).toBe(201);
      return decodeInvitation(z.object({ link: z.string() }).parse(JSON.parse(answer.body.toString())).link);
    },
    tusHeaders(sha256, size, mediaType = 'video/mp4') {
      const encode = (text: string): string => Buffer.from(text).toString('base64');
      return {
        ...bearer(invitation),
        'tus-resumable': '1.0.0',
        ...(size !== undefined && { 'upload-length': String(size) }),
        'upload-metadata': `sha256 ${encode(sha256)},mediaType ${encode(mediaType)}`,
      };
    },
    async canLogIn({ token, team }) {
      const client = new Redis({
        ...{ host, port: bench.redisPort, username: redisUserOf(team, token), password: token },
        ...{ tls: { rejectUnauthorized: false }, lazyConnect: true, retryStrategy: () => null },
        maxRetriesPerRequest: 0,
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.ping();
        return true;
      } catch {
        return false;
      } finally {
        client.disconnect();
      }
    },
    async openTls() {
      const socket = connect({ host, port: bench.port, rejectUnauthorized: false });
      socket.on('error', () => undefined);
      await once(socket, 'secureConnect');
      socket.resume();
      return socket;
    },
  };
}

export function bearer({ token }: Pick<Invitation, 'token'>): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

export function assetPath(sha256: string): string {
  return `${teamPaths.assets}/${sha256}`;
}

export function newHash(): string {
  return createHash('sha256').update(randomBytes(8)).digest('hex');
}

/** A refusal with this code, and nothing else: a sentence, and no word of where or what the server is. */
export function expectRefusal({ status, body }: RawAnswer, expected: { status: number; code: string }): void {
  const failure = failureSchema.strict().parse(JSON.parse(body.toString()));
  expect({ status, code: failure.code }).toEqual(expected);
  expect(failure.message).toMatch(/^[A-Z][^/\\{}<>]{0,200}$/);
}
