/** The life of one worker process: take jobs, heed the control channel, say how it is, leave in order. */
import { connectRedis, type RedisConnection } from './connection.ts';
import type { Ports } from './pipeline/ports.ts';
import { type Processors, processJob } from './processors.ts';
import {
  controlChannel,
  type Heartbeat,
  heartbeatKey,
  heartbeatSeconds,
  parseControlMessage,
} from './protocol/control.ts';
import type { DeviceReport } from './protocol/devices.ts';
import { jobNames } from './protocol/jobs.ts';
import { protocolVersion } from './protocol/version.ts';
import { createBullSource } from './queue/bullmq-source.ts';
import { type JobConsumer, workerIsLeaving } from './queue/job-engine.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** A job whose worker fell silent is given to another one after this long. */
const lockMilliseconds = 15_000;
const stalledCheckMilliseconds = 5_000;
/** How long a leaving worker may go on with the job in hand, and how long handing it back may take. */
const drainMilliseconds = 10_000;
const handBackMilliseconds = 2_000;

export interface RunWorkerOptions {
  readonly settings: WorkerSettings;
  readonly ports: Ports;
  readonly processors: Processors;
  readonly measureDevice: () => Promise<DeviceReport | undefined>;
  /** Called last, before the process exits. */
  readonly onEnd: () => Promise<void>;
}

/** Resolves when the worker takes jobs. The process ends by itself: told to, orphaned, or without a queue for good. */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { settings, ports } = options;
  for (const name of jobNames)
    if (options.processors[name] === undefined) throw new Error(`No processor for the job ${name}.`);

  const running = new Set<string>();
  const connection = connectRedis(settings.redis);
  const subscriber = connectRedis(settings.redis);
  const workers = openWorkers(options, connection, running);
  let heartbeat: NodeJS.Timeout | undefined;
  let leaving = false;

  /** Hands what is in hand back to the queue, and ends even when the queue does not answer. */
  const hasten = (exitCode: number): void => {
    for (const worker of workers) worker.cancelAllJobs(workerIsLeaving);
    setTimeout(() => process.exit(exitCode), handBackMilliseconds);
  };
  /** Takes nothing new. What is in hand may be finished for a while (drain), or goes back at once (stop). */
  const leave = async (how: 'drain' | 'stop', exitCode = 0): Promise<void> => {
    if (how === 'stop') hasten(exitCode);
    if (leaving) return;
    leaving = true;
    clearInterval(heartbeat);
    if (how === 'drain') setTimeout(() => hasten(exitCode), drainMilliseconds);
    await Promise.all(workers.map((worker) => worker.close())).catch(() => undefined);
    await connection.hdel(heartbeatKey(settings.keyPrefix), settings.workerId).catch(() => undefined);
    await options.onEnd();
    process.exit(exitCode);
  };

  process.on('SIGTERM', () => void leave('drain'));
  process.on('SIGINT', () => void leave('drain'));
  // The app that started this worker is gone, and its queue with it: nobody waits for anything.
  process.on('disconnect', () => void leave('stop'));
  endWithoutQueue(connection, settings.redisPatienceSeconds, () => void leave('stop', 1));

  // Before the first job, so that nothing else is measured.
  const device = await options.measureDevice();
  const ffmpeg = await ports.media.version().catch(() => undefined);
  subscriber.on('message', (_channel: string, text: string) => {
    const message = parseControlMessage(text);
    if (message?.type === 'cancel') {
      for (const id of message.jobIds) if (running.has(id)) for (const worker of workers) worker.cancelJob(id);
    } else if (message && (message.workerId === undefined || message.workerId === settings.workerId)) {
      if (message.type === 'drain' || message.type === 'stop') void leave(message.type);
    }
  });
  const beat = async (): Promise<void> => {
    const report: Heartbeat = {
      workerId: settings.workerId,
      at: Date.now(),
      protocolVersion,
      appVersion: settings.appVersion,
      versions: { onnxruntime: ports.versions.onnxruntime, ...(ffmpeg !== undefined && { ffmpeg }) },
      ...(device && { device }),
      currentJobs: [...running],
      memoryBytes: process.memoryUsage.rss(),
    };
    await connection
      .hset(heartbeatKey(settings.keyPrefix), settings.workerId, JSON.stringify(report))
      .catch(() => undefined);
  };
  heartbeat = setInterval(() => void beat(), heartbeatSeconds * 1000);
  await subscriber.subscribe(controlChannel(settings.keyPrefix));
  if (leaving) return;
  for (const worker of workers) worker.run().catch((error: unknown) => ports.log('worker', { error: String(error) }));
  await beat();
  process.send?.({ type: 'ready' });
}

/** One job at a time from each queue. They are started by `run`, when cancelling can be heard. */
function openWorkers(
  { settings, ports, processors }: RunWorkerOptions,
  connection: RedisConnection,
  running: Set<string>,
): JobConsumer[] {
  const source = createBullSource({
    connection,
    keyPrefix: settings.keyPrefix,
    holder: `${settings.workerId}/${process.pid}`,
    lockMilliseconds,
    stalledCheckMilliseconds,
    onError: (queue, error) => ports.log('queue', { queue, error: error.message }),
  });
  const { isCancelled } = source;
  return settings.queues.map((queue) =>
    source.consume(queue, async (job, signal) => {
      running.add(job.id);
      try {
        return await processJob(job, signal, { ports, processors, isCancelled });
      } finally {
        running.delete(job.id);
      }
    }),
  );
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
