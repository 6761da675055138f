/** The team that this computer has joined: its invitation, kept for this user's eyes only, and where the switch is. */
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { decodeInvitation, type Invitation, invitationSchema } from '../../../worker/protocol/invitation.ts';
import { teamRoles } from '../../../worker/protocol/team.ts';
import type { TeamMembership } from '../../contract/team-views.ts';
import { createJsonFile, readJsonFile } from '../json-file.ts';
import { reachTeam } from './reach-team.ts';

const membershipSchema = z.object({
  /** Holds the token: it is read by nobody but the connection, and never shown or logged. */
  invitation: invitationSchema,
  joinedAt: z.string(),
  member: z.string().optional(),
  role: z.enum(teamRoles).optional(),
  /** Whether the switch is on. */
  isOn: z.boolean(),
  /** Whether jobs of this computer may still be in the team's queue while it is off. */
  hasLeftBehind: z.boolean().default(false),
});
export type Membership = z.infer<typeof membershipSchema>;

export interface MembershipStore {
  get(): Membership | undefined;
  /**
   * Asks the invitation's team server and keeps the invitation. Throws AppError INVALID_INPUT, PROTOCOL_MISMATCH,
   * TEAM_REFUSED or TEAM_UNREACHABLE; then nothing has changed.
   */
  join(link: string): Promise<Membership>;
  switch(to: Partial<Pick<Membership, 'isOn' | 'hasLeftBehind'>>): Promise<void>;
  leave(): Promise<void>;
}

export async function openMembershipStore(path: string): Promise<MembershipStore> {
  const file = createJsonFile(path, { mode: 0o600 });
  let membership = await readJsonFile(path, membershipSchema);
  const keep = async (next: Membership): Promise<Membership> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await chmod(dirname(path), 0o700);
    await file.write(next);
    membership = next;
    return next;
  };
  return {
    get: () => membership,
    async join(link) {
      const invitation = decodeInvitation(link);
      const { view, http } = await reachTeam(invitation);
      http.close();
      // The same team again, perhaps with a new token: the switch stays where it is.
      const isSame = membership?.invitation.team === invitation.team;
      const { isOn = false, hasLeftBehind = false } = (isSame && membership) || {};
      const joinedAt = new Date().toISOString();
      return await keep({ invitation, joinedAt, member: view.name, role: view.role, isOn, hasLeftBehind });
    },
    async switch(to) {
      if (membership) await keep({ ...membership, ...to });
    },
    async leave() {
      await file.remove();
      membership = undefined;
    },
  };
}

/** Without the token. */
export function viewMembership({ invitation, joinedAt, member, role }: Membership): TeamMembership {
  const { team, server, expiresAt } = invitation;
  return {
    team,
    server: addressOf(server),
    joinedAt,
    ...(member !== undefined && { member }),
    ...(role && { role }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  };
}

function addressOf({ host, port }: Invitation['server']): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
