/** The team's queue as a whole, while it is connected: who works for it, and who of its members may tell it what to do. */
import { AppError } from '../../../worker/protocol/errors.ts';
import type { TeamRole } from '../../../worker/protocol/team.ts';
import type { JobEngine } from '../../../worker/queue/job-engine.ts';
import type { WorkerView } from '../../contract/calls.ts';
import { mayOperate, type TeamStatus } from '../../contract/team-views.ts';
import { readQueueCounts } from '../metrics/queue-counts.ts';
import { createWorkerControl, type WorkerControl } from '../workers/worker-control.ts';
import type { TeamSession } from './team-session.ts';

export interface TeamQueue {
  readonly team: string;
  readonly engine: JobEngine;
  /** As they were heard of last. */
  readonly workers: readonly WorkerView[];
  readonly control: WorkerControl;
  /** Throws AppError TEAM_REFUSED. */
  assertMayOperate(): void;
}

export function teamQueueOf({ view, engine, connection, keyPrefix }: TeamSession, workers: WorkerView[]): TeamQueue {
  return {
    team: view.team,
    engine,
    workers,
    control: createWorkerControl(connection, keyPrefix),
    assertMayOperate: () => assertMayOperate(view.role),
  };
}

function assertMayOperate(role: TeamRole): void {
  if (mayOperate(role)) return;
  throw new AppError(
    'TEAM_REFUSED',
    'Only an operator of the team may pause its queue, or tell its workers what to do. Yours are your own jobs.',
  );
}

/** Jobs, without their chunks. Throws AppError REDIS_UNREACHABLE. */
export async function readTeamQueue({ engine }: TeamSession): Promise<NonNullable<TeamStatus['queue']>> {
  const queues = await readQueueCounts(engine);
  const ofJobs = queues.filter(({ name }) => name !== 'pose').map(({ counts }) => counts);
  const sum = (read: (counts: (typeof ofJobs)[number]) => number): number =>
    ofJobs.reduce((total, counts) => total + read(counts), 0);
  return {
    waiting: sum(({ waiting, delayed }) => waiting + delayed),
    running: sum((counts) => counts.active + counts['waiting-children']),
    isPaused: queues.every(({ isPaused }) => isPaused),
  };
}
