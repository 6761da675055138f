import { useStore } from 'zustand';
import { mayOperate, type TeamStatus } from '../../../src-main/contract/team-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';

export interface ConnectedQueue {
  readonly name: string;
  /** Whether this computer may pause it, and tell its workers what to do. */
  readonly mayOperate: boolean;
  /** Undefined until it was counted. */
  readonly counts: TeamStatus['queue'];
}

/** The team's queue, while the team is connected: what is paused and counted on the screen is it. */
export function useTeamQueue(): ConnectedQueue | undefined {
  const { team } = useAppStores();
  const status = useStore(team, (state) => state.status);
  const { membership, state, queue } = status ?? {};
  if (state !== 'team' || membership === undefined) return undefined;
  const { team: name, role } = membership;
  return { name, mayOperate: role !== undefined && mayOperate(role), counts: queue };
}
