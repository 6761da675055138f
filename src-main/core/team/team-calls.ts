/** The calls of the bridge about the team. */
import { AppError } from '../../../worker/protocol/errors.ts';
import type { TeamStatus } from '../../contract/team-views.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { type MembershipStore, viewMembership } from './membership.ts';

export type TeamCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `team.${string}`>>;

export interface TeamCallsOptions {
  readonly membership: MembershipStore;
  readonly onChange: (status: TeamStatus) => void;
}

export function createTeamCalls({ membership, onChange }: TeamCallsOptions): TeamCalls {
  const since = new Date().toISOString();
  const status = (): TeamStatus => {
    const joined = membership.get();
    return {
      state: 'local',
      since,
      isSwitching: false,
      ...(joined && { membership: viewMembership(joined) }),
      ...{ machines: [], transfers: [], outbox: 0, isSharing: false, leftBehind: 0 },
    };
  };
  const changed = (): { status: TeamStatus } => {
    onChange(status());
    return { status: status() };
  };
  return {
    async 'team.join'({ invitation }) {
      await membership.join(invitation);
      return changed();
    },
    async 'team.leave'() {
      await membership.leave();
      return changed();
    },
    async 'team.switch'({ on }) {
      if (on) throw new AppError('TEAM_UNREACHABLE', 'The switch to a team server is not part of this version yet.');
      return changed();
    },
    'team.status': async () => ({ status: status() }),
  };
}
