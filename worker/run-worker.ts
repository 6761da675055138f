/** The life of one worker process: take jobs, heed the control channel, say how it is, leave in order. */
import { availableModels } from './available-models.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { listenForControl } from './control-listener.ts';
import { guardJobs } from './guard-jobs.ts';
import { startHeartbeat, tellParent } from './heartbeat.ts';
import { createJobRoutes } from './job-routes.ts';
import { createJobTally } from './job-tally.ts';
import type { Ports } from './pipeline/ports.ts';
import { type Processors, processJob } from './processors.ts';
import { type Heartbeat, heartbeatKey, workerExitCodes } from './protocol/control.ts';
import type { DeviceReport } from './protocol/devices.ts';
import { jobNames } from './protocol/jobs.ts';
import { protocolVersion } from './protocol/version.ts';
import { createBullSource } from './queue/bullmq-source.ts';
import { workerIsLeaving } from './queue/job-engine.ts';
import { createStartLedger } from './start-ledger.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** A job whose worker fell silent is given to another one after this long. */
const lockMilliseconds = 15_000;
const stalledCheckMilliseconds = 5_000;
/** How long a leaving worker may go on with the job in hand, and how long handing it back may take. */
const drainMilliseconds = 10_000;
const handBackMilliseconds = 2_000;
/** How long a process that ends at once may take to say which of its jobs are not to blame. */
const lastWordMilliseconds = 500;

export interface RunWorkerOptions {
  readonly settings: WorkerSettings;
  readonly ports: Ports;
  readonly processors: Processors;
  readonly measureDevice: () => Promise<DeviceReport | undefined>;
  /** Called last, before the process exits. */
  readonly onEnd: () => Promise<void>;
}

/**
 * Resolves when the worker takes jobs. The process ends by itself: told to, orphaned, without a queue for good, grown
 * too large, or with a job that does not stop (see `workerExitCodes`).
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { settings, ports } = options;
  const { workerId, keyPrefix, holder = `${workerId}/${process.pid}` } = settings;
  for (const name of jobNames)
    if (options.processors[name] === undefined) throw new Error(`No processor for the job ${name}.`);

  const running = new Set<string>();
  const connection = connectRedis(settings.redis);
  const ledger = createStartLedger({ connection, keyPrefix, holder });
  const source = createBullSource({
    connection,
    keyPrefix,
    holder,
    lockMilliseconds,
    stalledCheckMilliseconds,
    onError: (queue, error) => ports.log('queue', { queue, error: error.message }),
  });
  let leaving = false;
  let ending = false;
  let paused = false;
  let refusal: string | undefined;

  const routes = createJobRoutes({
    own: () => ({ models, device }),
    readHeartbeats: () => connection.hvals(heartbeatKey(keyPrefix)),
  });
  const tally = createJobTally();
  const guarded = guardJobs({
    workerId,
    ledger,
    mostDeaths: settings.mostDeaths,
    overrides: settings.limits ?? {},
    jobTimeLimitSeconds: settings.jobTimeLimitSeconds,
    graceSeconds: settings.graceSeconds,
    isClosed: () => paused || refusal !== undefined,
    isCancelled: source.isCancelled,
    belongsElsewhere: (job) => routes.belongsElsewhere(job.data),
    onOtherProtocol: (queueProtocol) => follow({ paused, queueProtocol }),
    bytesMoved: ports.team?.bytesMoved,
    onDeafJob: (jobId) => void endNow(workerExitCodes.deafJob, jobId),
    process: (job, signal) =>
      processJob(job, signal, { ports, processors: options.processors, isCancelled: source.isCancelled }),
  });
  const counted = tally.around(guarded);
  const consumers = settings.queues.map((queue) =>
    source.consume(queue, async (job, signal) => {
      running.add(job.id);
      void heartbeat.changed();
      try {
        return await counted(job, signal);
      } finally {
        running.delete(job.id);
        void heartbeat.changed();
        if (running.size === 0 && isAbove(settings.restartAboveBytes)) void leave('finish', workerExitCodes.grown);
      }
    }),
  );

  /** Hands what is in hand back to the queue, and ends even when the queue does not answer. */
  const hasten = (exitCode: number): void => {
    void ledger.forgive();
    for (const consumer of consumers) consumer.cancelAllJobs(workerIsLeaving);
    setTimeout(() => process.exit(exitCode), handBackMilliseconds);
  };
  /**
   * Takes nothing new. What is in hand is finished, however long that takes (finish), or for a while (drain), or goes
   * back at once (stop).
   */
  const leave = async (how: 'finish' | 'drain' | 'stop', exitCode = 0): Promise<void> => {
    if (how === 'stop') hasten(exitCode);
    if (how === 'drain') setTimeout(() => hasten(exitCode), drainMilliseconds);
    if (leaving) return;
    leaving = true;
    void heartbeat.changed();
    await Promise.all(consumers.map((consumer) => consumer.close())).catch(() => undefined);
    await heartbeat.stop();
    await options.onEnd();
    process.exit(exitCode);
  };
  /** In the middle of a job, which is given to another worker; `guilty` is the one that made it necessary. */
  const endNow = async (exitCode: number, guilty?: string): Promise<void> => {
    if (ending) return;
    ending = true;
    ports.log('worker ends itself', { exitCode, guilty, memoryBytes: process.memoryUsage.rss() });
    const lastWord = guilty === undefined ? undefined : ledger.forgive(guilty);
    // Ends their ffmpeg too.
    for (const consumer of consumers) consumer.cancelAllJobs(workerIsLeaving);
    setTimeout(() => process.exit(exitCode), lastWordMilliseconds);
    await lastWord;
    process.exit(exitCode);
  };
  const follow = (wish: { paused: boolean; queueProtocol: number | undefined }): void => {
    const wasClosed = paused || refusal !== undefined;
    const before = `${paused} ${refusal}`;
    ({ paused } = wish);
    const { queueProtocol = protocolVersion } = wish;
    refusal = queueProtocol === protocolVersion ? undefined : otherProtocol(queueProtocol);
    const isClosed = paused || refusal !== undefined;
    if (`${paused} ${refusal}` !== before) void heartbeat.changed();
    if (isClosed === wasClosed) return;
    for (const consumer of consumers)
      if (isClosed) consumer.pause();
      else consumer.resume();
  };

  process.on('SIGTERM', () => void leave('drain'));
  process.on('SIGINT', () => void leave('drain'));
  // The app that started this worker is gone, and its queue with it: nobody waits for anything.
  process.on('disconnect', () => void leave('stop'));
  endWithoutQueue(connection, settings.redisPatienceSeconds, () => void leave('stop', workerExitCodes.failed));

  let device: DeviceReport | undefined;
  let ffmpeg: string | undefined;
  let models: Awaited<ReturnType<typeof availableModels>> = {};
  const heartbeat = startHeartbeat({
    connection,
    keyPrefix,
    workerId,
    describe: (): Heartbeat => ({
      workerId,
      ...(settings.machine && { machine: settings.machine }),
      at: Date.now(),
      protocolVersion,
      appVersion: settings.appVersion,
      versions: { onnxruntime: ports.versions.onnxruntime, ...(ffmpeg !== undefined && { ffmpeg }) },
      models,
      ...(device && { device }),
      currentJobs: [...running],
      memoryBytes: process.memoryUsage.rss(),
      totals: tally.totals(),
      ...(paused && { paused }),
      ...(leaving && { leaving }),
      ...(refusal !== undefined && { refusal }),
    }),
    onAnswer: follow,
    onTick() {
      if (isAbove(settings.endAboveBytes)) void endNow(workerExitCodes.tooMuchMemory);
    },
  });
  // Before the first job, so that nothing else is measured.
  device = await options.measureDevice();
  ffmpeg = await ports.media.version().catch(() => undefined);
  models = await availableModels(settings.weightsDirectory);

  await listenForControl({
    subscriber: connectRedis(settings.redis),
    keyPrefix,
    workerId,
    onStop(jobIds, reason) {
      for (const id of jobIds) if (running.has(id)) for (const consumer of consumers) consumer.cancelJob(id, reason);
    },
    onLeave: (how) => void leave(how === 'restart' ? 'finish' : how, workerExitCodes.asked),
    onMark: () => void heartbeat.changed(),
  });
  // Whether it is to be paused is known before the first job.
  await heartbeat.changed();
  if (leaving) return;
  for (const consumer of consumers)
    consumer.run().catch((error: unknown) => ports.log('worker', { error: String(error) }));
  tellParent('ready');
}

function isAbove(bytes: number | undefined): boolean {
  return bytes !== undefined && process.memoryUsage.rss() > bytes;
}

function otherProtocol(queueProtocol: number): string {
  return `This worker speaks version ${protocolVersion} of the protocol, the queue version ${queueProtocol}. Use the same version of Shadow Trainer on both.`;
}

function endWithoutQueue(connection: RedisConnection, patienceSeconds: number, end: () => void): void {
  let timer: NodeJS.Timeout | undefined = setTimeout(end, patienceSeconds * 1000);
  connection.on('ready', () => {
    clearTimeout(timer);
    timer = undefined;
  });
  connection.on('close', () => {
    timer ??= setTimeout(end, patienceSeconds * 1000);
  });
}
