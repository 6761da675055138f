/** The calls of the bridge about the team. */
import type { TeamStatus } from '../../contract/team-views.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { Team } from './team.ts';

export type TeamCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `team.${string}`>>;

export function createTeamCalls(team: Pick<Team, 'join' | 'leave' | 'switch' | 'status'>): TeamCalls {
  const then = async (done: Promise<void>): Promise<{ status: TeamStatus }> => {
    await done;
    return { status: team.status() };
  };
  return {
    'team.join': ({ invitation }) => then(team.join(invitation)),
    'team.leave': ({ queuedJobs = 'along' }) => then(team.leave(queuedJobs)),
    'team.switch': ({ on, queuedJobs }) => then(team.switch(on, queuedJobs)),
    'team.status': async () => ({ status: team.status() }),
  };
}
