/**
 * Jobs between this computer's queue and the team's. Whatever is on its way is in a file before it leaves one queue and
 * until it is in the other, so that none is ever in neither; and each is looked for in both before it is put into one,
 * so that none is done twice.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { CancelledError } from '../../../worker/protocol/errors.ts';
import { queueOfJob } from '../../../worker/protocol/queues.ts';
import { plannedChunksOf } from '../../../worker/queue/chunks-of-job.ts';
import {
  documentOf,
  type ExportedJob,
  type ExportedJobs,
  exportedJobsSchema,
} from '../../../worker/queue/exported-jobs.ts';
import type { JobAddress, StoredJob } from '../../../worker/queue/job-engine.ts';
import { isWantedByOthers } from '../../../worker/queue/job-wishes.ts';
import type { OpenBoard, PlacedBoard } from '../jobs/placed-board.ts';
import { createTurns } from '../jobs/turns.ts';
import { createJsonFile, readJsonFile } from '../json-file.ts';
import { conditionOf } from '../scheduling/condition-gate.ts';
import { assetsOf, type Outbox } from './outbox.ts';
import type { TeamSession } from './team-session.ts';

export interface TeamMovesOptions {
  readonly board: PlacedBoard;
  readonly local: OpenBoard;
  readonly outbox: Outbox;
  /** Of the files of jobs that were sent, and of those that come back. */
  readonly directory: string;
  readonly owner: string;
  /** From now on a job of the team is shown here. */
  readonly follow: (id: string) => void;
  readonly hasAnalysis: (id: string) => Promise<boolean>;
  /** Whether jobs go to the team at all. */
  readonly maySend: () => boolean;
  readonly onLog: (line: string) => void;
}

export interface TeamMoves {
  /** Everything that is done about one job. */
  take<T>(id: string, act: () => Promise<T>): Promise<T>;
  /** What waits goes to the team, one after the other. Throws AppError TEAM_UNREACHABLE and its like. */
  send(session: TeamSession): Promise<void>;
  /** A job that is being sent is not, any more. */
  stopSending(id: string): void;
  /** Queued jobs of this computer into the outbox. */
  toOutbox(): Promise<void>;
  /** What waits in the outbox into this computer's own queue. */
  fromOutbox(): Promise<void>;
  /**
   * After an outage. What waits in this computer's own queue and was given to the team too is left to the team; what
   * was sent to the team and is not there any more goes once more.
   */
  reconcile(session: TeamSession): Promise<void>;
  /** What this computer has queued in the team, and nobody has begun, into its own queue. */
  fromTeam(session: TeamSession): Promise<void>;
  /** Of what was given to the team, and has not ended as far as anybody here knows: as it was then. */
  sent(): readonly ExportedJob[];
  /** It has ended, and what it made is here. */
  ended(id: string): void;
  /** What was sent goes into this computer's own queue: the team will not be heard of any more. */
  recallSent(): Promise<void>;
  /** Whether jobs are on their way back that the team has to be asked about. */
  hasInbox(): boolean;
  /** Ends what a process that died in the middle of `fromTeam` has begun; without a session what can be done alone. */
  settleInbox(session: TeamSession | undefined): Promise<void>;
}

/** `isTaken`: they are no longer in the team's queue. */
const inboxSchema = z.object({ isTaken: z.boolean(), jobs: exportedJobsSchema });

export async function openTeamMoves(options: TeamMovesOptions): Promise<TeamMoves> {
  const { board, local, outbox, owner, follow, onLog } = options;
  const turns = createTurns();
  const sending = new Map<string, AbortController>();
  const inboxPath = join(options.directory, 'inbox.json');
  const inboxFile = createJsonFile(inboxPath);
  let inbox = await readJsonFile(inboxPath, inboxSchema);
  const sentPath = join(options.directory, 'sent.json');
  const sentFile = createJsonFile(sentPath);
  const sent = new Map((await readJsonFile(sentPath, exportedJobsSchema))?.jobs.map((job) => [job.id, job]));
  const keepSent = (): Promise<void> => sentFile.write(documentOf([...sent.values()]));
  let underWay: Promise<void> | undefined;
  let settled: Promise<void> | undefined;
  const addressOf = ({ name, id }: ExportedJob): JobAddress => ({ queue: queueOfJob[name], id });
  const only =
    (id: string) =>
    (job: StoredJob): boolean =>
      job.id === id;
  const writeNothing = async (): Promise<void> => undefined;

  /** Whether this computer has done the job or is at it. One that waits in its queue is taken out of there. */
  const isDoneHere = async (address: JobAddress): Promise<boolean> => {
    const job = await local.engine.get(address);
    if (job === undefined || job.state === 'failed' || (await local.engine.isCancelled(job.id))) return false;
    if (job.state === 'completed') {
      const { analysisId } = job.result as { analysisId?: string };
      return analysisId !== undefined && (await options.hasAnalysis(analysisId));
    }
    if (plannedChunksOf(job.data) !== undefined) return true;
    const { taken } = await local.board.exportJobs(writeNothing, only(job.id));
    return taken.length === 0;
  };
  const isInTeam = async ({ engine }: TeamSession, address: JobAddress): Promise<boolean> => {
    const job = await engine.get(address);
    return job !== undefined && job.state !== 'failed' && !(await engine.isCancelled(job.id));
  };

  const sendOne = async (session: TeamSession, job: ExportedJob, signal: AbortSignal): Promise<void> => {
    const address = addressOf(job);
    // Where what it made once is gone from the team's store, the clip may be too.
    if (board.viewOn('team', job.id)?.status === 'failed' || !(await isInTeam(session, address)))
      for (const asset of assetsOf(job)) await session.assets.upload(asset, signal);
    await turns.take(job.id, async () => {
      // As it is by now: it may have been raised, paused or cancelled while its clip travelled.
      const current = (await outbox.jobs()).find(({ id }) => id === job.id);
      if (current === undefined || !options.maySend()) return;
      if (await isDoneHere(address)) return await outbox.remove([job.id]);
      follow(job.id);
      sent.set(job.id, current);
      await keepSent();
      await session.board.importJobs(documentOf([current]));
      await outbox.remove([job.id]);
    });
  };
  const sendAll = async (session: TeamSession): Promise<void> => {
    const tried = new Set<string>();
    for (;;) {
      const job = (await outbox.jobs()).find(({ id }) => !tried.has(id));
      if (job === undefined || !options.maySend()) return;
      tried.add(job.id);
      const abort = new AbortController();
      sending.set(job.id, abort);
      try {
        await sendOne(session, job, abort.signal);
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
      } finally {
        sending.delete(job.id);
      }
    }
  };

  const keepInbox = async (jobs: ExportedJobs, isTaken: boolean): Promise<void> => {
    inbox = { isTaken, jobs };
    await inboxFile.write(inbox);
  };
  const forgetSent = async (ids: readonly string[]): Promise<void> => {
    if (ids.filter((id) => sent.delete(id)).length > 0) await keepSent();
  };
  const emptyInbox = async (): Promise<void> => {
    if (inbox) await local.board.importJobs(inbox.jobs);
    await forgetSent(inbox?.jobs.jobs.map(({ id }) => id) ?? []);
    await inboxFile.remove();
    inbox = undefined;
  };

  const settle = async (session: TeamSession | undefined): Promise<void> => {
    if (inbox === undefined) return;
    if (!inbox.isTaken && session) {
      const back: ExportedJob[] = [];
      for (const job of inbox.jobs.jobs) {
        const { taken } = await session.board.exportJobs(writeNothing, only(job.id));
        if (taken.length > 0 || !(await isInTeam(session, addressOf(job)))) back.push(job);
        else follow(job.id);
      }
      await keepInbox(documentOf(back), true);
    }
    await emptyInbox();
  };

  return {
    take: turns.take,
    send: (session) =>
      (underWay ??= sendAll(session).finally(() => {
        underWay = undefined;
      })),
    stopSending: (id) => sending.get(id)?.abort(),
    async toOutbox() {
      let put: string[] = [];
      await local.board.exportJobs(async (jobs) => {
        const ids = jobs.jobs.map(({ id }) => id);
        await outbox.put(jobs);
        await outbox.remove(put.filter((id) => !ids.includes(id)));
        put = ids;
      }, mayTravel);
    },
    async fromOutbox() {
      for (const each of sending.values()) each.abort();
      for (const { id } of await outbox.jobs())
        await turns.take(id, async () => {
          const current = (await outbox.jobs()).find((job) => job.id === id);
          if (current === undefined) return;
          await local.board.importJobs(documentOf([current]));
          await outbox.remove([id]);
        });
    },
    async reconcile(session) {
      for (const job of [...sent.values()]) {
        if ((await session.engine.get(addressOf(job))) !== undefined) continue;
        // The team has lost it.
        await outbox.put(documentOf([job]));
        await forgetSent([job.id]);
        board.removed('team', job.id);
      }
      for (const { id, kind, status } of board.viewsOn('local')) {
        if (status !== 'queued' || !(await isInTeam(session, { queue: queueOfJob[kind], id }))) continue;
        const isIt = (job: StoredJob): boolean => job.id === id && mayTravel(job);
        await turns.take(id, async () => {
          follow(id);
          // Known there, before it is unknown here.
          await local.board.exportJobs(async (jobs) => void (await session.board.importJobs(jobs)), isIt);
        });
      }
    },
    async fromTeam(session) {
      // What others of the team want too stays there.
      const isOwn = (job: StoredJob): boolean =>
        mayTravel(job) && job.data['owner'] === owner && !isWantedByOthers(job, owner);
      await session.board.exportJobs((jobs) => keepInbox(jobs, false), isOwn);
      if (inbox === undefined) return;
      await keepInbox(inbox.jobs, true);
      for (const job of inbox.jobs.jobs)
        for (const asset of assetsOf(job))
          await session.assets
            .download(asset)
            // Without it the job begins anew, or says what is missing.
            .catch((error: unknown) => onLog(`${job.id} comes without a file: ${String(error)}`));
      await emptyInbox();
    },
    sent: () => [...sent.values()],
    ended: (id) => void forgetSent([id]).catch((error: unknown) => onLog(String(error))),
    async recallSent() {
      if (sent.size === 0) return;
      const ids = [...sent.keys()];
      await local.board.importJobs(documentOf([...sent.values()]));
      await forgetSent(ids);
      for (const id of ids) board.removed('team', id);
    },
    hasInbox: () => inbox !== undefined,
    settleInbox: (session) =>
      (settled ??= settle(session).finally(() => {
        settled = undefined;
      })),
  };
}
/** What the window needs at once, and what waits for this very machine, is done on it; an export that has no files too. */
export function mayTravel({ name, data }: Pick<StoredJob, 'name' | 'data'>): boolean {
  const isWhole = name === 'analyse-clip' || (name === 'export-analysis' && data['files'] !== undefined);
  return isWhole && conditionOf(data) === undefined;
}
