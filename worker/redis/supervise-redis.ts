/** A redis-server of our own: started, watched, restarted when it dies, ended with its owner. */
import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { RedisConnection } from '../connection.ts';
import type { NodeRunner } from '../node-runner.ts';
import { AppError, type Failure } from '../protocol/errors.ts';
import { errorCodeOf } from '../storage/storage-error.ts';
import { canWrite, diskFullSentence, saysDiskFull } from './disk-room.ts';
import { gaveUpLoading, hasLostManifest, mendQueueFile, saysDamaged } from './queue-file.ts';
import { launchRedis, type RedisEnd, type RedisProcess } from './redis-process.ts';
import { isListening, leaveSocketFolder } from './socket-path.ts';

export interface SupervisedRedisOptions {
  /** Holds the append-only file. */
  readonly directory: string;
  readonly binary: string;
  readonly args: readonly string[];
  /** What the server reads on its standard input. */
  readonly secrets: string;
  /** Where its owner reaches it; undefined where that is a port. */
  readonly socketPath: string | undefined;
  /** A connection of its owner's, which waits for a lost server. */
  readonly connect: () => RedisConnection;
  readonly runner: NodeRunner;
  /** The built guard-main. */
  readonly guardScript: string;
  readonly onLog: (line: string) => void;
  /** Its file was damaged, the disk is full, or it dies again and again. */
  readonly onProblem?: (problem: Failure) => void;
}

export interface SupervisedRedis {
  /** Why it cannot take anything now; undefined while nothing is known to be wrong. */
  trouble(): Failure | undefined;
  stop(): Promise<void>;
}

/** Loading the largest queue that fits its memory takes a few seconds. */
const startTimeoutMilliseconds = 30_000;
const longestRestartDelayMilliseconds = 10_000;
/** How long a leftover server may take to end, and how often that is looked at. */
const leftoverMilliseconds = 10_000;
const leftoverPollMilliseconds = 20;
const roomPollMilliseconds = 1000;
const restartsForTrouble = 4;
/** After this long without dying, the next death is a first one again. */
const healthyMilliseconds = 60_000;

const diskFull: Failure = { code: 'DISK_FULL', message: diskFullSentence };
const keepsEnding: Failure = { code: 'REDIS_UNREACHABLE', message: 'The queue (redis-server) keeps ending.' };

/**
 * Throws AppError DISK_FULL, or REDIS_UNREACHABLE when it does not answer. A queue file that was damaged is mended
 * first, and reported as a problem.
 */
export async function superviseRedis(options: SupervisedRedisOptions): Promise<SupervisedRedis> {
  const { directory, binary, socketPath } = options;
  await mkdir(directory, { recursive: true });
  const stopping = new AbortController();
  let settleStart: (error?: AppError) => void = () => undefined;
  const started = new Promise<void>((resolve, reject) => {
    settleStart = (error) => (error === undefined ? resolve() : reject(error));
  });
  let running: RedisProcess | undefined;
  let trouble: Failure | undefined;
  let mended = 0;
  let deaths = 0;

  const setTrouble = (now: Failure | undefined): void => {
    if (now !== undefined && now.code !== trouble?.code) options.onProblem?.(now);
    if (now !== undefined) settleStart(new AppError(now.code, now.message));
    trouble = now;
  };
  const mend = async (): Promise<void> => {
    options.onProblem?.(await mendQueueFile({ directory, binary, putAside: mended++ > 0 }));
  };
  const waitForRoom = async (): Promise<void> => {
    setTrouble(diskFull);
    do await pause(roomPollMilliseconds, undefined, { signal: stopping.signal });
    while (!(await canWrite(directory)));
    setTrouble(undefined);
  };
  const recover = async ({ how, log }: RedisEnd, lived: number, hasAnswered: boolean): Promise<void> => {
    if (lived > healthyMilliseconds) deaths = mended = 0;
    if (saysDiskFull(log)) return await waitForRoom();
    // Emptied, mended, and still not readable: not a matter of the file.
    const isDamaged = saysDamaged(log) || (!hasAnswered && how === '1' && gaveUpLoading(log));
    if (isDamaged && mended < 2) return await mend();
    const delay = Math.min(longestRestartDelayMilliseconds, 100 * 2 ** deaths++);
    if (deaths >= restartsForTrouble) setTrouble(keepsEnding);
    options.onLog(`redis-server ended (${how}); starting it again in ${delay} ms`);
    await pause(delay, undefined, { signal: stopping.signal });
  };
  const runOnce = async (): Promise<void> => {
    // Where only the guard died, its server is still there.
    await endLeftover(options);
    if (await hasLostManifest({ directory })) await mend();
    const startedAt = Date.now();
    let hasAnswered = false;
    running = launchRedis(options);
    if (stopping.signal.aborted) running.end();
    const client = options.connect();
    client.ping().then(
      () => {
        hasAnswered = true;
        setTrouble(undefined);
        settleStart();
      },
      () => undefined,
    );
    const end = await running.ended;
    client.disconnect();
    running = undefined;
    if (!stopping.signal.aborted) await recover(end, Date.now() - startedAt, hasAnswered);
  };
  const supervise = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await runOnce().catch(async (error: unknown) => {
        if (stopping.signal.aborted) return;
        options.onLog(`redis-server: ${String(error)}`);
        await (errorCodeOf(error) === 'ENOSPC'
          ? waitForRoom()
          : recover({ how: String(error), log: '' }, 0, false)
        ).catch(() => undefined);
      });
    }
  };
  const supervised = supervise();
  const late = setTimeout(() => {
    settleStart(new AppError('REDIS_UNREACHABLE', 'The queue (redis-server) did not start.'));
  }, startTimeoutMilliseconds);

  const stop = async (): Promise<void> => {
    stopping.abort();
    running?.end();
    await supervised;
    if (socketPath !== undefined) await leaveSocketFolder(directory, socketPath);
  };
  try {
    await started;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return { trouble: () => trouble, stop };
}

/**
 * A server that outlived its owner would write to the same append-only file, and take the new one's socket away with
 * it when it ends: so not before it has.
 */
async function endLeftover({ socketPath, connect }: SupervisedRedisOptions): Promise<void> {
  if (socketPath === undefined || !(await isListening(socketPath))) return;
  const client = connect();
  // Its answer is that it is gone. What it was told is in its append-only file.
  client.call('SHUTDOWN', 'NOSAVE').catch(() => undefined);
  const deadline = Date.now() + leftoverMilliseconds;
  try {
    while (await isListening(socketPath)) {
      if (Date.now() > deadline) throw new Error('The last run of redis-server does not end.');
      await pause(leftoverPollMilliseconds);
    }
  } finally {
    client.disconnect();
  }
}
