/** The app's own redis-server: started, watched, restarted when it dies, ended with the app. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, type RedisTarget } from '../../../worker/connection.ts';
import { AppError, type Failure } from '../../../worker/protocol/errors.ts';
import { errorCodeOf } from '../../../worker/storage/storage-error.ts';
import type { NodeRunner } from '../node-runner.ts';
import { canWrite, diskFullSentence, saysDiskFull } from './disk-room.ts';
import { findRedisServer } from './find-redis-server.ts';
import { gaveUpLoading, hasLostManifest, mendQueueFile, saysDamaged } from './queue-file.ts';
import { queueMemoryBytes, type RedisListening, redisArguments, redisSecrets } from './redis-arguments.ts';
import { launchRedis, type RedisEnd, type RedisProcess } from './redis-process.ts';
import { isListening, leaveSocketFolder, shortSocketPath } from './socket-path.ts';

export interface LocalRedisOptions {
  /** Holds the append-only file. */
  readonly directory: string;
  readonly runner: NodeRunner;
  /** The built guard-main. */
  readonly guardScript: string;
  readonly onLog: (line: string) => void;
  /** Its file was damaged, the disk is full, or it dies again and again. */
  readonly onProblem?: (problem: Failure) => void;
}

export interface LocalRedis {
  readonly target: RedisTarget;
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
const keepsEnding: Failure = { code: 'REDIS_UNREACHABLE', message: 'The local queue (redis-server) keeps ending.' };

/**
 * Throws AppError REDIS_MISSING, DISK_FULL, or REDIS_UNREACHABLE when it does not answer. A queue file that was
 * damaged is mended first, and reported as a problem.
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { directory } = options;
  const binary = findRedisServer(process.env);
  await mkdir(directory, { recursive: true });
  const listening = await chooseListening(directory);
  const password = listening.kind === 'port' ? randomBytes(24).toString('hex') : undefined;
  const target: RedisTarget =
    listening.kind === 'socket'
      ? { kind: 'socket', path: listening.path }
      : { kind: 'server', host: '127.0.0.1', port: listening.port, password };
  const args = redisArguments({ directory, listening, maximumMemoryBytes: queueMemoryBytes(totalmem()) });

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
    await endLeftover(target);
    if (await hasLostManifest({ directory })) await mend();
    const startedAt = Date.now();
    let hasAnswered = false;
    running = launchRedis({ ...options, binary, args, secrets: redisSecrets(password) });
    if (stopping.signal.aborted) running.end();
    const asking = whenItAnswers(target, () => {
      hasAnswered = true;
      setTrouble(undefined);
      settleStart();
    });
    const end = await running.ended;
    asking.stop();
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
    settleStart(new AppError('REDIS_UNREACHABLE', 'The local queue (redis-server) did not start.'));
  }, startTimeoutMilliseconds);

  const stop = async (): Promise<void> => {
    stopping.abort();
    running?.end();
    await supervised;
    if (target.kind === 'socket') await leaveSocketFolder(directory, target.path);
  };
  try {
    await started;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return { target, trouble: () => trouble, stop };
}

async function chooseListening(directory: string): Promise<RedisListening> {
  if (process.platform === 'win32') return { kind: 'port', port: await freePort() };
  return { kind: 'socket', path: await shortSocketPath(directory, 'redis.sock') };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * A server that outlived its app would write to the same append-only file, and take the new one's socket away with it
 * when it ends: so not before it has.
 */
async function endLeftover(target: RedisTarget): Promise<void> {
  if (target.kind !== 'socket' || !(await isListening(target.path))) return;
  const client = connectRedis(target);
  // Its answer is that it is gone. What it was told is in its append-only file.
  client.call('SHUTDOWN', 'NOSAVE').catch(() => undefined);
  const deadline = Date.now() + leftoverMilliseconds;
  try {
    while (await isListening(target.path)) {
      if (Date.now() > deadline) throw new Error('The last run of redis-server does not end.');
      await pause(leftoverPollMilliseconds);
    }
  } finally {
    client.disconnect();
  }
}

function whenItAnswers(target: RedisTarget, act: () => void): { stop(): void } {
  const client = connectRedis(target);
  client.ping().then(act, () => undefined);
  return { stop: () => client.disconnect() };
}
