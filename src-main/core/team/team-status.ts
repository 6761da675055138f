import type { TeamState, TeamStatus } from '../../contract/team-views.ts';

export interface TeamStatusOptions {
  readonly state: () => TeamState;
  readonly read: (state: TeamState) => Omit<TeamStatus, 'state' | 'since'>;
  readonly onStatus: (status: TeamStatus) => void;
}

/** What is said of the team: since when it is so, and only when it has changed. */
export function createTeamStatus({ state, read, onStatus }: TeamStatusOptions) {
  let last: { state: TeamState; since: string } = { state: 'local', since: new Date().toISOString() };
  let lastSaid = '';
  const status = (): TeamStatus => {
    const now = state();
    if (now !== last.state) last = { state: now, since: new Date().toISOString() };
    return { ...last, ...read(now) };
  };
  const changed = (): void => {
    const next = status();
    const text = JSON.stringify(next);
    if (text === lastSaid) return;
    lastSaid = text;
    onStatus(next);
  };
  return { status, changed };
}
