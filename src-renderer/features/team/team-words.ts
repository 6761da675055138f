/** What a coach reads about the team. */
import type { TeamMachine, TeamStatus } from '../../../src-main/contract/team-views.ts';
import type { TeamRole } from '../../../worker/protocol/team.ts';

export const roleWords: Readonly<Record<TeamRole, string>> = {
  coach: 'Coach',
  worker: 'Machine that computes',
  operator: 'Operator',
  viewer: 'Looks at the monitor',
};

export const roleHints: Readonly<Record<TeamRole, string>> = {
  coach: 'Adds clips and sees the team at work, from a computer of their own.',
  worker: 'A computer without a window: it only works for the team.',
  operator: 'Like a coach, and invites, removes, and acts in the monitor.',
  viewer: 'Sees the monitor in a browser, and changes nothing.',
};

/** Beside the switch: a few words. */
export function stateWords({ state, membership, isSwitching }: TeamStatus): string {
  if (isSwitching) return 'Switching…';
  if (membership === undefined || state === 'local') return 'This computer';
  return state === 'team' ? `Team ${membership.team}` : `Reconnecting to ${membership.team}`;
}

/** In the panel: what it means now. */
export function stateSentence({ state, membership, isSwitching, outbox }: TeamStatus, waits: boolean): string {
  if (membership === undefined) return 'This computer has joined no team.';
  if (isSwitching) return 'The queue is being switched. Nothing is lost: each job is in one queue or the other.';
  switch (state) {
    case 'local':
      return 'The switch is off. Your clips stay on this computer and are analysed here.';
    case 'team':
      return 'Connected. New jobs go to the team’s queue; results come back to this computer.';
    case 'reconnecting': {
      const meanwhile = waits
        ? 'New jobs wait here and are sent when it is back'
        : 'New jobs are done on this computer meanwhile';
      return `The team server does not answer; it is tried again all the time. ${meanwhile}.${
        outbox > 0 ? ` ${jobsInWords(outbox)} ${outbox === 1 ? 'waits' : 'wait'} for it.` : ''
      }`;
    }
  }
}

/** "The team’s queue: 3 jobs waiting, 1 running. It is paused: nothing new is begun." */
export function queueSentence({ waiting, running, isPaused }: NonNullable<TeamStatus['queue']>): string {
  const pause = isPaused ? ' It is paused: nothing new is begun.' : '';
  return `The team’s queue: ${jobsInWords(waiting)} waiting, ${running} running.${pause}`;
}

export function jobsInWords(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`;
}

/** "Ann’s computer", or the machine's own name. */
export function machineWords({ name, person, isThis }: TeamMachine): string {
  const whose = person === undefined ? '' : ` · ${person}`;
  return `${name}${whose}${isThis ? ' (this computer)' : ''}`;
}

/** What it does: "No workers", "Idle", "2 of 4 working". */
export function workWords({ workers, busy }: TeamMachine): string {
  if (workers === 0) return 'No workers';
  if (busy === 0) return workers === 1 ? 'Idle' : `${workers} workers, idle`;
  return workers === 1 ? 'Working' : `${busy} of ${workers} working`;
}

/** "12.4 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}
