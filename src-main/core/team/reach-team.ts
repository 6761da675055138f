import { AppError, CancelledError } from '../../../worker/protocol/errors.ts';
import type { Invitation } from '../../../worker/protocol/invitation.ts';
import { unreachableSentence } from '../../../worker/storage/team-http.ts';
import { connectTeam, type TeamConnection } from '../../../worker/team-connection.ts';

const reachMilliseconds = 15_000;

/** Not for longer than a coach waits. Throws AppError TEAM_UNREACHABLE, TEAM_REFUSED or PROTOCOL_MISMATCH. */
export async function reachTeam(invitation: Invitation): Promise<TeamConnection> {
  try {
    return await connectTeam(invitation, AbortSignal.timeout(reachMilliseconds));
  } catch (error) {
    // Nobody cancelled anything: it took too long.
    if (!(error instanceof CancelledError)) throw error;
    throw new AppError('TEAM_UNREACHABLE', unreachableSentence, { cause: error });
  }
}
