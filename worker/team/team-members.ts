/** Members come and go: their token, their Redis user on every node, and their open connections. */
import type { Failure } from '../protocol/errors.ts';
import { toFailure } from '../protocol/errors.ts';
import { encodeInvitation, type TeamRedis } from '../protocol/invitation.ts';
import type { TeamRole } from '../protocol/team.ts';
import { protocolVersion } from '../protocol/version.ts';
import { applyRedisUsers, type RedisNodes } from './redis-users.ts';
import type { ServerLog } from './server-log.ts';
import type { Member, TokenStore } from './token-store.ts';

export interface TeamMembersOptions {
  readonly tokens: TokenStore;
  readonly nodes: RedisNodes;
  readonly server: { readonly host: string; readonly port: number };
  readonly redis: TeamRedis;
  readonly pin: string | undefined;
  readonly defaultTeam: string;
  /** Ends what they have open here. */
  readonly onGone: (memberIds: ReadonlySet<string>) => void;
  readonly log: ServerLog;
}

export interface MemberView {
  readonly name: string;
  readonly team: string;
  readonly role: TeamRole;
  readonly createdAt: number;
  readonly expiresAt?: number | undefined;
  readonly lastUsedAt?: number | undefined;
}

export interface Invited {
  readonly member: MemberView;
  /** Carries the token; it is told this once. */
  readonly link: string;
  /** Where a Redis node could not be told yet; it will be. */
  readonly problem?: Failure;
}

export interface TeamMembers {
  invite(member: { name: string; role: TeamRole; team?: string; expiresInSeconds?: number }): Promise<Invited>;
  list(team?: string): MemberView[];
  /** False where there is nobody of that name. */
  revoke(name: string, team?: string): Promise<boolean>;
  /** Makes Redis and the open connections what the tokens say. Never throws: what failed is said, and tried again. */
  refresh(): Promise<Failure | undefined>;
  /** The same where a token has expired, or where the last time failed. */
  refreshWhereNeeded(): Promise<void>;
}

export function createTeamMembers(options: TeamMembersOptions): TeamMembers {
  const { tokens, nodes, log, defaultTeam } = options;
  /** Also those that have no member any more: their users are to be removed. */
  const teams = new Set([defaultTeam]);
  let known = new Map<string, Member>();
  let last: Promise<Failure | undefined> = Promise.resolve(undefined);

  const validMembers = (): Map<string, Member> =>
    new Map(
      tokens
        .list()
        .filter((member) => tokens.isValid(member))
        .map((member) => [member.id, member] as const),
    );
  const refreshOnce = async (): Promise<Failure | undefined> => {
    const valid = validMembers();
    for (const { team } of tokens.list()) teams.add(team);
    const gone = new Set([...known.keys()].filter((id) => !valid.has(id)));
    known = valid;
    if (gone.size > 0) options.onGone(gone);
    try {
      await applyRedisUsers(nodes, teams, [...valid.values()]);
      return undefined;
    } catch (error) {
      const failure = toFailure(error);
      log.error('redis users not applied', { reason: error instanceof Error ? error.message : String(error) });
      return failure;
    }
  };
  const refresh = (): Promise<Failure | undefined> => {
    last = last.then(refreshOnce);
    return last;
  };

  return {
    refresh,
    async refreshWhereNeeded() {
      const failed = (await last) !== undefined;
      const valid = validMembers();
      if (failed || valid.size !== known.size || [...valid.keys()].some((id) => !known.has(id))) await refresh();
    },
    async invite({ name, role, team = defaultTeam, expiresInSeconds }) {
      const expiresAt = expiresInSeconds === undefined ? undefined : Date.now() + expiresInSeconds * 1000;
      const { member, token } = await tokens.issue({ name, role, team, expiresAt });
      log.info('member invited', { team, name, role });
      const problem = await refresh();
      const link = encodeInvitation({
        server: options.server,
        team,
        token,
        ...(options.pin !== undefined && { pin: options.pin }),
        redis: options.redis,
        protocolVersion,
        ...(expiresAt !== undefined && { expiresAt }),
      });
      return { member: viewOf(member), link, ...(problem && { problem }) };
    },
    list: (team) => tokens.list(team).map(viewOf),
    async revoke(name, team = defaultTeam) {
      const member = await tokens.revoke(team, name);
      if (member === undefined) return false;
      log.info('member revoked', { team, name });
      await refresh();
      return true;
    },
  };
}

function viewOf({ name, team, role, createdAt, expiresAt, lastUsedAt }: Member): MemberView {
  return { name, team, role, createdAt, expiresAt, lastUsedAt };
}
