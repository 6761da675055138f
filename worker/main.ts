/** One worker process: connect, take jobs, heed the control channel, leave in order. */
import { rm } from 'node:fs/promises';
import { Queue, Worker } from 'bullmq';
import { defaultModelId } from '../models/registry.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { measureSpeed } from './inference/pose-engine.ts';
import type { Ports } from './pipeline/ports.ts';
import { processJob, workerIsLeaving } from './processors.ts';
import {
  cancelKey,
  controlChannel,
  controlMessageSchema,
  type Heartbeat,
  heartbeatKey,
  heartbeatSeconds,
} from './protocol/control.ts';
import type { DeviceReport } from './protocol/devices.ts';
import { AppError } from './protocol/errors.ts';
import { protocolVersion } from './protocol/version.ts';
import { createWorkerPorts } from './worker-ports.ts';
import { type WorkerSettings, workerSettingsSchema, workerSettingsVariable } from './worker-settings.ts';

/** A job whose worker fell silent is given to another one after this long. */
const lockMilliseconds = 15_000;
const stalledCheckMilliseconds = 5_000;
/** A job that lost its worker this often is not tried again: it may be what kills them. */
const mostLosses = 2;
/** How long a leaving worker may go on with the chunk in hand. */
const drainMilliseconds = 10_000;

const settings = readSettings();
const connection = connectRedis(settings.redis);
const subscriber = connectRedis(settings.redis);
const ports = await createWorkerPorts(settings);
const running = new Set<string>();
const workers = startWorkers(settings, connection, ports);
const device = await measureDevice(ports);
let leaving = false;

await subscriber.subscribe(controlChannel(settings.keyPrefix));
subscriber.on('message', (_channel: string, text: string) => heed(text));
const heartbeat = setInterval(() => void beat(), heartbeatSeconds * 1000);
await beat();
process.send?.({ type: 'ready', device });

process.on('SIGTERM', () => void leave());
process.on('SIGINT', () => void leave());
// The app that started this worker is gone: nobody is left to end it.
process.on('disconnect', () => void leave());

function readSettings(): WorkerSettings {
  const text = process.env[workerSettingsVariable];
  if (text === undefined) throw new AppError('INVALID_INPUT', `${workerSettingsVariable} is not set.`);
  return workerSettingsSchema.parse(JSON.parse(text));
}

function startWorkers({ queues, keyPrefix }: WorkerSettings, redis: RedisConnection, workerPorts: Ports): Worker[] {
  const poseQueue = new Queue('pose', { connection: redis, prefix: keyPrefix });
  const isCancelled = async (jobId: string): Promise<boolean> =>
    (await redis.exists(cancelKey(keyPrefix, jobId))) === 1;
  return queues.map((queue) => {
    const worker = new Worker(
      queue,
      async (job, token, signal) => {
        const id = job.id ?? '';
        running.add(id);
        try {
          const abort = signal ?? new AbortController().signal;
          return await processJob(job, token ?? '', abort, { ports: workerPorts, poseQueue, isCancelled });
        } finally {
          running.delete(id);
        }
      },
      {
        connection: redis,
        prefix: keyPrefix,
        concurrency: 1,
        lockDuration: lockMilliseconds,
        stalledInterval: stalledCheckMilliseconds,
        maxStalledCount: mostLosses,
      },
    );
    worker.on('error', (error) => workerPorts.log('queue connection', { queue, error: error.message }));
    return worker;
  });
}

async function measureDevice(workerPorts: Ports): Promise<DeviceReport | undefined> {
  try {
    const engine = await workerPorts.poseEngine(defaultModelId);
    return { ...engine.device, inferencesPerSecond: await measureSpeed(engine) };
  } catch (error) {
    workerPorts.log('no pose model', { error: String(error) });
    return undefined;
  }
}

function heed(text: string): void {
  const message = controlMessageSchema.safeParse(JSON.parse(text)).data;
  if (message?.type === 'cancel') {
    for (const id of message.jobIds) if (running.has(id)) for (const worker of workers) worker.cancelJob(id);
  }
  if (message?.type === 'drain' && (message.workerId === undefined || message.workerId === settings.workerId))
    void leave();
}

async function beat(): Promise<void> {
  const report: Heartbeat = {
    workerId: settings.workerId,
    at: Date.now(),
    protocolVersion,
    appVersion: settings.appVersion,
    ...(device && { device }),
    currentJobs: [...running],
    memoryBytes: process.memoryUsage.rss(),
  };
  await connection
    .hset(heartbeatKey(settings.keyPrefix), settings.workerId, JSON.stringify(report))
    .catch(() => undefined);
}

/** Takes nothing new, lets the job in hand finish for a while, then hands it back. */
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  clearInterval(heartbeat);
  const deadline = setTimeout(() => process.exit(0), drainMilliseconds + 2000);
  deadline.unref();
  const closing = Promise.all(workers.map((worker) => worker.close()));
  const patience = setTimeout(() => {
    for (const worker of workers) worker.cancelAllJobs(workerIsLeaving);
  }, drainMilliseconds);
  await closing.catch(() => undefined);
  clearTimeout(patience);
  await connection.hdel(heartbeatKey(settings.keyPrefix), settings.workerId).catch(() => undefined);
  await rm(ports.temporaryDirectory, { recursive: true, force: true });
  process.exit(0);
}
