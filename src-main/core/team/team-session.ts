/** One connection to a team: its queue, its files, and who is there. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectRedis, pingRedis, type RedisConnection, type RedisTarget } from '../../../worker/connection.ts';
import { assetReferenceSchema } from '../../../worker/protocol/assets.ts';
import { AppError } from '../../../worker/protocol/errors.ts';
import type { Invitation } from '../../../worker/protocol/invitation.ts';
import { queueNames } from '../../../worker/protocol/queues.ts';
import { teamPaths } from '../../../worker/protocol/team.ts';
import { openBullEngine } from '../../../worker/queue/bullmq-engine.ts';
import type { StoredJob } from '../../../worker/queue/job-engine.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import {
  createRemoteAssetStore,
  type RemoteAssetStore,
  type Transfer,
} from '../../../worker/storage/remote-asset-store.ts';
import { readRefusal, unreachableSentence } from '../../../worker/storage/team-http.ts';
import type { TeamView } from '../../../worker/team-connection.ts';
import { nameWantedAsset } from '../../../worker/wanted-assets.ts';
import type { JobView } from '../../contract/job-view.ts';
import { openJobBoard } from '../jobs/job-board.ts';
import type { OpenBoard } from '../jobs/placed-board.ts';
import { createHomecoming } from './homecoming.ts';
import { reachTeam } from './reach-team.ts';

export interface TeamSession extends OpenBoard {
  readonly view: TeamView;
  readonly redis: RedisTarget;
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly assets: RemoteAssetStore;
  /** Resolves when both answer, the queue and the server. Throws AppError TEAM_UNREACHABLE or TEAM_REFUSED. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface TeamSessionOptions {
  readonly invitation: Invitation;
  readonly stores: FileStores;
  /** Of transfers under way. */
  readonly directory: string;
  /** This installation: whose wishes count when several want the same job. */
  readonly member: string;
  /** Whether a job of the team is any business of this computer. */
  readonly concerns: (job: StoredJob) => boolean;
  readonly isWanted: (job: StoredJob) => boolean;
  readonly onChange: (view: JobView) => void;
  readonly onRemove: (id: string) => void;
  readonly onTransfer: (transfer: Transfer) => void;
  readonly onLog: (line: string) => void;
}

const openMilliseconds = 15_000;
const pingMilliseconds = 5000;
/** Of what came home: an analysis has a folder of its own, so that these are second copies. */
const cacheBytes = 256 * 2 ** 20;

/** Throws AppError TEAM_UNREACHABLE, TEAM_REFUSED or PROTOCOL_MISMATCH; then nothing stays open. */
export async function openTeamSession(options: TeamSessionOptions): Promise<TeamSession> {
  const { invitation, stores, onLog } = options;
  const directory = join(options.directory, 'transfers');
  await mkdir(directory, { recursive: true });
  const { view, redis, keyPrefix, http } = await reachTeam(invitation);
  const closing = new AbortController();
  const connection = connectRedis(redis, 'answer');
  const assets = createRemoteAssetStore({
    http,
    local: stores.assets,
    directory,
    name: (reference) => nameWantedAsset(connection, keyPrefix, reference),
    cacheBytes,
    keepsOwn: true,
    onTransfer: options.onTransfer,
  });
  const disconnect = (): void => {
    closing.abort();
    http.close();
    connection.disconnect();
  };
  try {
    await inTime(() => pingRedis(connection), openMilliseconds);
    const engine = await openInTime(redis, keyPrefix);
    const homecoming = createHomecoming({
      ...{ assets, stores, onLog, isWanted: options.isWanted, signal: closing.signal },
    });
    const { concerns, member } = options;
    const onChange = (view: JobView): void => {
      if (!closing.signal.aborted) options.onChange(view);
    };
    const onRemove = (id: string): void => {
      if (!closing.signal.aborted) options.onRemove(id);
    };
    const board = await openJobBoard({ engine, member, concerns, homecoming, onChange, onRemove }).catch(
      async (error) => {
        await engine.close();
        throw error;
      },
    );
    /** The team server lets go of files that nobody has used for long: ours go there again with their job. */
    const retry = async (id: string): Promise<void> => {
      const found = await Promise.all(queueNames.map((queue) => engine.get({ queue, id })));
      const named = found.flatMap((job) => [job?.data['clip'], ...Object.values(job?.data['files'] ?? {})]);
      for (const each of named) {
        const asset = assetReferenceSchema.safeParse(each).data;
        if (asset && (await stores.assets.has(asset))) await assets.upload(asset, closing.signal);
      }
      await board.retry(id);
    };
    return {
      ...{ view, redis, connection, keyPrefix, assets, engine },
      board: { ...board, retry },
      async ping() {
        // The server first: it says why somebody is not let in.
        const asked = { method: 'GET', path: teamPaths.team } as const;
        const answer = await inTime((signal) => http.ask(asked, signal), pingMilliseconds);
        if (answer.statusCode !== 200) throw await readRefusal(answer);
        answer.resume();
        await inTime(() => pingRedis(connection), pingMilliseconds);
      },
      async close() {
        disconnect();
        await board.close();
        await engine.close();
      },
    };
  } catch (error) {
    disconnect();
    throw error;
  }
}

/** The engine waits for its Redis as long as it takes; one that comes too late is closed again. */
async function openInTime(redis: RedisTarget, keyPrefix: string) {
  const opening = openBullEngine(redis, keyPrefix);
  try {
    return await inTime(() => opening, openMilliseconds);
  } catch (error) {
    opening.then(
      (engine) => engine.close(),
      () => undefined,
    );
    throw error;
  }
}

/** What is too late is given up, and with it a connection that has perhaps been broken for long. */
async function inTime<T>(ask: (signal: AbortSignal) => Promise<T>, milliseconds: number): Promise<T> {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('TEAM_UNREACHABLE', unreachableSentence));
      giveUp.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([ask(giveUp.signal), late]);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('TEAM_UNREACHABLE', unreachableSentence, { cause });
  } finally {
    clearTimeout(timer);
  }
}
