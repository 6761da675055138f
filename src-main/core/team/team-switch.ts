/** Joining a team, the switch itself, and leaving: what becomes of the jobs each time. */
import { AppError, type Failure } from '../../../worker/protocol/errors.ts';
import { decodeInvitation } from '../../../worker/protocol/invitation.ts';
import { rightsOfRole } from '../../../worker/protocol/team.ts';
import type { QueuedJobsChoice } from '../../contract/team-views.ts';
import type { MembershipStore } from './membership.ts';
import type { TeamLink } from './team-link.ts';
import type { TeamMoves } from './team-moves.ts';

export interface TeamSwitchOptions {
  readonly isPossible: boolean;
  readonly membership: MembershipStore;
  readonly moves: TeamMoves;
  readonly link: TeamLink;
  readonly isOn: () => boolean;
  /** Jobs of the team that this computer waits for. */
  readonly unfinished: () => number;
  /** Why the team does not answer; undefined while it does. */
  readonly problem: () => Failure | undefined;
  /** The switch is off from now on: the others are told. */
  readonly onOff: () => Promise<void>;
  readonly onChange: () => void;
}

/** See Team for what each of them throws. */
export interface TeamSwitch {
  join(link: string): Promise<void>;
  turn(isOn: boolean, queuedJobs: QueuedJobsChoice): Promise<void>;
  leave(queuedJobs: QueuedJobsChoice): Promise<void>;
  /** Jobs are on their way from one queue to the other. */
  isTurning(): boolean;
}

export function createTeamSwitch(options: TeamSwitchOptions): TeamSwitch {
  const { isPossible, membership, moves, link, isOn, unfinished, problem, onOff, onChange } = options;
  let turning = 0;
  let last = Promise.resolve();
  /** One after the other: a second click waits for the first. */
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const done = last.then(async () => {
      turning++;
      onChange();
      try {
        await act();
      } finally {
        turning--;
        await link.look();
        onChange();
      }
    });
    last = done.catch(() => undefined);
    return done;
  };
  const turnOff = async (queuedJobs: QueuedJobsChoice): Promise<void> => {
    await membership.switch({ isOn: false, hasLeftBehind: link.session() === undefined || unfinished() > 0 });
    await onOff();
    await moves.fromOutbox();
    const session = link.session();
    if (queuedJobs === 'along' && session && problem() === undefined) await moves.fromTeam(session);
  };

  return {
    join: (text) =>
      inTurn(async () => {
        const before = membership.get()?.invitation.team;
        // Its queued jobs must not be left in a team that is no longer ours.
        if (isOn() && before !== decodeInvitation(text).team) await turnOff('along');
        await membership.join(text);
        link.reopen();
      }),
    turn: (wanted, queuedJobs) =>
      inTurn(async () => {
        const joined = membership.get();
        if (joined === undefined) throw new AppError('INVALID_INPUT', 'This computer has joined no team yet.');
        if (joined.role && !rightsOfRole[joined.role].includes('queue')) {
          throw new AppError(
            'TEAM_REFUSED',
            'This invitation lets you look at the team, not work with it. Ask for another one.',
          );
        }
        if (!isPossible) throw new AppError('INVALID_INPUT', 'The queue of this run cannot join a team.');
        if (wanted === isOn()) return;
        if (!wanted) return await turnOff(queuedJobs);
        await membership.switch({ isOn: true });
        if (queuedJobs === 'along') await moves.toOutbox();
      }),
    leave: (queuedJobs) =>
      inTurn(async () => {
        if (isOn()) await turnOff(queuedJobs);
        if (problem() === undefined && unfinished() > 0) {
          const message =
            'Analyses are still under way in the team. Leave it when they have ended, or cancel them first.';
          throw new AppError('INVALID_INPUT', message);
        }
        // A team that does not answer is never heard of again.
        await moves.recallSent();
        await membership.leave();
      }),
    isTurning: () => turning > 0,
  };
}
