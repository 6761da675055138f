/**
 * Whose queue does the analyses: this computer's own, or a team's. One board shows the jobs of both; the switch decides
 * where new ones go, and takes queued ones along.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { MachineState } from '../../../worker/machine/machine-state.ts';
import { AppError, type Failure } from '../../../worker/protocol/errors.ts';
import { isEnded } from '../../../worker/protocol/status.ts';
import type { JobEngine, StoredJob } from '../../../worker/queue/job-engine.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import type { JobView } from '../../contract/job-view.ts';
import type { QueuedJobsChoice, TeamState, TeamStatus } from '../../contract/team-views.ts';
import { openJobBoard } from '../jobs/job-board.ts';
import { createPlacedBoard, type PlacedBoard } from '../jobs/placed-board.ts';
import type { Library } from '../library/library.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { type MembershipStore, viewMembership } from './membership.ts';
import { openOutbox } from './outbox.ts';
import { createSharedWorkers, type SharedWorkersOptions } from './shared-workers.ts';
import { createTeamLink } from './team-link.ts';
import { createTeamMachines, type TeamCensus } from './team-machines.ts';
import { openTeamMoves } from './team-moves.ts';
import { readTeamQueue, type TeamQueue, teamQueueOf } from './team-queue.ts';
import { openTeamSession, type TeamSession } from './team-session.ts';
import { createTeamStatus } from './team-status.ts';
import { createTeamSubmit } from './team-submit.ts';
import { createTeamSwitch } from './team-switch.ts';
import { createTransferList } from './transfer-list.ts';

export interface TeamOptions {
  /** False where the queue ends with this run: then there is only this computer's own. */
  readonly isPossible: boolean;
  readonly membership: MembershipStore;
  /** Below the data folder. */
  readonly directory: string;
  readonly engine: JobEngine;
  readonly stores: FileStores;
  readonly library: Library;
  readonly settings: SettingsStore;
  /** This installation. */
  readonly owner: string;
  readonly version: string;
  readonly machine: MachineState;
  readonly workers: Pick<SharedWorkersOptions, 'runner' | 'workerScript' | 'settings' | 'count'>;
  readonly onChange: (view: JobView) => void;
  readonly onRemove: (id: string) => void;
  readonly onStatus: (status: TeamStatus) => void;
  readonly onLog: (line: string) => void;
}

export interface Team {
  readonly board: PlacedBoard;
  /** Keeps what waits for the team. */
  readonly outbox: JobEngine;
  status(): TeamStatus;
  /** While the switch is on and the team answers. */
  queue(): TeamQueue | undefined;
  /** Throws AppError INVALID_INPUT, PROTOCOL_MISMATCH, TEAM_REFUSED or TEAM_UNREACHABLE; then nothing has changed. */
  join(link: string): Promise<void>;
  /** Throws AppError INVALID_INPUT where no team was joined. */
  switch(isOn: boolean, queuedJobs: QueuedJobsChoice): Promise<void>;
  leave(queuedJobs: QueuedJobsChoice): Promise<void>;
  /** Whether workers of this computer have a job of the team in hand. */
  isBusy(): boolean;
  /** The settings have changed. */
  apply(): void;
  stop(): Promise<void>;
}

export async function openTeam(options: TeamOptions): Promise<Team> {
  const { membership, directory, stores, library, settings, owner, onLog } = options;
  const asked = new Set<string>();
  const transfers = createTransferList({ nameOf, onChange: () => changed() });
  let problem: Failure | undefined;
  let census: TeamCensus & Pick<TeamStatus, 'queue'> = { machines: [], workers: [] };
  /** Since the team was reached. */
  let isReconciled = false;

  const isOn = (): boolean => options.isPossible && membership.get()?.isOn === true;
  const board = createPlacedBoard({
    onChange: options.onChange,
    onRemove: options.onRemove,
    submit: (request) => moves.take(request.id, () => submit(request)),
    take: (id, act) => moves.take(id, act),
    onCancel: (id) => moves.stopSending(id),
    onRetry: () => void link.look(),
  });
  const opened = (name: 'local' | 'outbox') => ({
    onChange: (view: JobView) => board.changed(name, view),
    onRemove: (id: string) => board.removed(name, id),
  });
  const local = { engine: options.engine, board: await openJobBoard({ engine: options.engine, ...opened('local') }) };
  board.attach('local', local);
  const outbox = await openOutbox({ path: join(directory, 'outbox.json'), ...opened('outbox') });
  board.attach('outbox', outbox);
  const moves = await openTeamMoves({
    ...{ board, local, outbox, owner, onLog },
    directory,
    follow: (id) => void asked.add(id),
    hasAnalysis: stores.analyses.has,
    maySend: isOn,
  });
  /** Its own jobs, those it was asked for, and whatever analysis is made of a clip that it has. */
  const concerns = ({ name, id, data }: StoredJob): boolean => {
    const { sha256 } = (data['clip'] ?? {}) as { sha256?: string };
    const isKnownClip = (): boolean => library.list().some(({ clip }) => clip.sha256 === sha256);
    const isOwn = data['owner'] === owner || asked.has(id);
    return name === 'analyse-clip' ? isOwn || isKnownClip() : name === 'export-analysis' && isOwn;
  };
  /** An export that somebody waited for once has been saved, or is asked for again. */
  const isWanted = (job: StoredJob): boolean => (job.name === 'analyse-clip' ? concerns(job) : asked.has(job.id));
  const unfinished = (): number => board.viewsOn('team').filter(({ status }) => !isEnded(status)).length;
  const link = createTeamLink({
    isNeeded: () => isOn() || (options.isPossible && (membership.get()?.hasLeftBehind === true || moves.hasInbox())),
    async open() {
      const joined = membership.get();
      if (joined === undefined) throw new AppError('INVALID_INPUT', 'This computer has joined no team.');
      const { invitation } = joined;
      return await openTeamSession({
        ...{ invitation, stores, directory, concerns, onLog, isWanted, member: owner },
        onChange(view) {
          board.changed('team', view);
          if (isEnded(view.status)) moves.ended(view.id);
        },
        onRemove: (id) => board.removed('team', id),
        onTransfer: transfers.report,
      });
    },
    onOpen(session) {
      board.attach('team', session);
      // What was sent and is not there any more is sent again, or taken back, before it is said to be gone.
      const known = new Set([...session.board.list(), ...moves.sent()].map(({ id }) => id));
      for (const { id } of board.viewsOn('team')) if (!known.has(id)) board.removed('team', id);
      shared.follow(session, membership.get()?.invitation);
    },
    onClose() {
      shared.follow(undefined, undefined);
      board.detach('team');
      census = { machines: [], workers: [] };
    },
    onReached(session) {
      background(tend(session));
      if (isOn()) background(lookAround(session));
    },
    onLook(found) {
      problem = found;
      if (found) isReconciled = false;
      if (found && moves.hasInbox() && link.session() === undefined) background(moves.settleInbox(undefined));
      changed();
    },
  });
  const shared = createSharedWorkers({
    ...options.workers,
    idPrefix: `${hostname()}-${owner.slice(0, 8)}`,
    thisMachine: () => ({ id: owner, name: hostname(), person: person() }),
    machine: options.machine,
    isAllowed: () => isOn() && problem === undefined && settings.get().team.shareWorkers,
    onLog,
    onChange: () => changed(),
  });
  const person = (): string => membership.get()?.member ?? '';
  const lookout = createTeamMachines({ id: owner, person, machine: hostname(), version: options.version });

  const lookAround = async (session: TeamSession): Promise<void> => {
    const [found, queue] = await Promise.all([
      lookout.look(session.connection, session.keyPrefix),
      readTeamQueue(session),
    ]);
    census = { ...found, queue };
    changed();
  };
  /** What can be done while the team is reached. */
  const tend = async (session: TeamSession): Promise<void> => {
    if (moves.hasInbox() && !turning.isTurning()) await moves.settleInbox(session);
    if (isOn()) {
      if (!isReconciled) {
        isReconciled = true;
        await moves.reconcile(session);
      }
      await moves.send(session);
      changed();
    } else if (!turning.isTurning()) {
      const known = new Set(session.board.list().map(({ id }) => id));
      if (board.viewsOn('team').some(({ id, status }) => known.has(id) && !isEnded(status))) return;
      // What it does not know of any more is still to be done.
      await moves.recallSent();
      await membership.switch({ hasLeftBehind: false });
    }
  };
  const background = (work: Promise<void>): void => {
    work.catch((error: unknown) => onLog(`team: ${error instanceof Error ? error.message : String(error)}`));
  };

  function nameOf(sha256: string): string | undefined {
    return library.list().find(({ clip }) => clip.sha256 === sha256)?.name;
  }
  const state = (): TeamState => {
    if (!isOn()) return 'local';
    return link.session() !== undefined && problem === undefined ? 'team' : 'reconnecting';
  };
  const { status, changed } = createTeamStatus({
    read: (now) => {
      const joined = membership.get();
      return {
        isSwitching: turning.isTurning(),
        ...(joined && { membership: viewMembership(joined) }),
        machines: now === 'local' ? [] : census.machines,
        ...(now === 'team' && census.queue && { queue: census.queue }),
        ...(problem && isOn() && { problem }),
        transfers: transfers.list(),
        outbox: outbox.count(),
        isSharing: shared.isSharing(),
        leftBehind: now === 'local' ? unfinished() : 0,
      };
    },
    state,
    onStatus: options.onStatus,
  });

  const submit = createTeamSubmit({
    ...{ board, local, outbox, stores, isOn, state },
    session: () => link.session(),
    isLocalMeanwhile: () => settings.get().team.whenUnreachable === 'local',
    onSend(id) {
      asked.add(id);
      void link.look();
      changed();
    },
  });

  const sayGoodbye = async (): Promise<void> => {
    const session = link.session();
    if (session) await lookout.leave(session.connection, session.keyPrefix);
  };
  const turning = createTeamSwitch({
    ...{ isPossible: options.isPossible, membership, moves, link, isOn, unfinished },
    problem: () => problem,
    async onOff() {
      await shared.look();
      await sayGoodbye();
    },
    onChange: () => changed(),
  });

  // What a process that died has left: the switch is where its note says.
  if (!isOn()) await moves.fromOutbox();
  if (!options.isPossible || membership.get() === undefined) await moves.settleInbox(undefined);
  for (const { id } of moves.sent()) asked.add(id);
  // As they were when they were sent, until the team says how they are.
  for (const job of isOn() || membership.get()?.hasLeftBehind ? moves.sent() : []) {
    const { id, name: kind, createdAt, payload } = job;
    const known = { clipSha256: payload.clip.sha256, clipName: payload.clipName };
    board.changed('team', { id, kind, ...known, status: 'queued', createdAt: new Date(createdAt).toISOString() });
  }
  void link.look();

  return {
    ...{ board, status, outbox: outbox.engine },
    queue() {
      const session = link.session();
      return session && state() === 'team' ? teamQueueOf(session, census.workers) : undefined;
    },
    ...{ join: turning.join, switch: turning.turn, leave: turning.leave },
    isBusy: () => shared.isSharing() && census.machines.some(({ isThis, busy }) => isThis && busy > 0),
    apply() {
      void shared.look();
    },
    async stop() {
      for (const { id } of outbox.board.list()) moves.stopSending(id);
      await shared.stop();
      await sayGoodbye();
      await link.stop();
      await outbox.close();
      await board.close();
    },
  };
}
