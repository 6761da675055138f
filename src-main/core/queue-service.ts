/** Where the jobs of an app are kept and by whom they are done: in a Redis of its own by processes, or in this process. */
import { randomUUID } from 'node:crypto';
import type { Configuration } from '../../worker/configuration.ts';
import { connectRedis } from '../../worker/connection.ts';
import { createWorkerFleet, type WorkerFleet } from '../../worker/machine/worker-fleet.ts';
import type { Heartbeat } from '../../worker/protocol/control.ts';
import type { Device } from '../../worker/protocol/devices.ts';
import type { ErrorCode, Failure } from '../../worker/protocol/errors.ts';
import { queueNames } from '../../worker/protocol/queues.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { createBullSource } from '../../worker/queue/bullmq-source.ts';
import { giveBackJobsOf } from '../../worker/queue/give-back.ts';
import type { StartInProcessWorker } from '../../worker/queue/in-process-worker.ts';
import type { JobEngine, JobSource } from '../../worker/queue/job-engine.ts';
import { createMemoryEngine } from '../../worker/queue/memory-engine.ts';
import { assertDiskRoom } from '../../worker/redis/disk-room.ts';
import type { AppDependencies } from './app-dependencies.ts';
import { startLocalRedis } from './redis/local-redis.ts';
import { assertQueueRoom } from './redis/queue-room.ts';
import { reachRemoteRedis } from './redis/remote-redis.ts';
import type { UndoStack } from './undo-stack.ts';
import { createInProcessFleet } from './workers/in-process-fleet.ts';
import { createWorkerControl, type WorkerControl } from './workers/worker-control.ts';
import { readHeartbeats } from './workers/worker-views.ts';

export interface QueueService {
  readonly engine: JobEngine;
  /** For jobs that the app does itself. */
  readonly source: JobSource;
  readonly fleet: WorkerFleet;
  readonly workerControl: WorkerControl;
  /** Of every worker that was heard of lately, by its id. */
  heartbeats(): Promise<ReadonlyMap<string, Heartbeat>>;
  /** Throws where there is no room for another job: AppError DISK_FULL or QUEUE_FULL, or why nothing works now. */
  assertRoom(): Promise<void>;
}

export interface QueueServiceOptions {
  readonly dependencies: AppDependencies;
  readonly configuration: Configuration;
  readonly redisDirectory: string;
  readonly temporaryDirectory: string;
  readonly device: Device;
  /** Gets what has to be undone, as soon as it has been done. */
  readonly undo: UndoStack;
  /** Something happened to a worker. */
  readonly onWorkerChange: () => void;
  readonly report: (code: ErrorCode, message: string) => void;
}

/**
 * Throws AppError REDIS_MISSING, REDIS_UNREACHABLE, DISK_FULL or CONFIGURATION_INVALID. No worker runs until the fleet
 * is given a size.
 */
export async function startQueueService(options: QueueServiceOptions): Promise<QueueService> {
  const { engine } = options.dependencies;
  return engine?.kind === 'in-process'
    ? startInProcessService(options, engine.startWorker)
    : await startRedisService(options);
}

async function startRedisService(options: QueueServiceOptions): Promise<QueueService> {
  const { dependencies, configuration, temporaryDirectory, device, undo, onWorkerChange, report } = options;
  const { keyPrefix, jobTimeLimitSeconds } = configuration;
  const { dataDirectory, onLog, runner } = dependencies;
  const onProblem = ({ code, message }: Failure): void => report(code, message);
  const redis = configuration.redis
    ? await reachRemoteRedis({ target: configuration.redis, onProblem })
    : await startLocalRedis({
        directory: options.redisDirectory,
        runner,
        guardScript: dependencies.redisGuardScript,
        onLog,
        onProblem,
      });
  undo.add(redis.stop);
  const connection = connectRedis(redis.target, 'answer');
  undo.add(async () => connection.disconnect());
  const engine = await openBullEngine(redis.target, keyPrefix);
  undo.add(engine.close);
  const waiting = connectRedis(redis.target);
  undo.add(async () => waiting.disconnect());
  const source = createBullSource({
    connection: waiting,
    keyPrefix,
    holder: `app/${randomUUID()}`,
    lockMilliseconds: 15_000,
    stalledCheckMilliseconds: 5_000,
    onError: (queue, error) => onLog(`queue ${queue}: ${error.message}`),
  });
  const workerControl = createWorkerControl(connection, keyPrefix);
  // A full queue takes no word either, and is told of when a job is added.
  await workerControl.announceProtocol().catch((error: unknown) => onLog(`protocol not announced: ${String(error)}`));
  const fleet = createWorkerFleet({
    runner,
    workerScript: dependencies.workerScript,
    settings: {
      appVersion: dependencies.version,
      redis: redis.target,
      keyPrefix,
      queues: [...queueNames],
      dataDirectory,
      weightsDirectory: dependencies.weightsDirectory,
      device,
      temporaryDirectory,
      redisPatienceSeconds: 60,
      ...(jobTimeLimitSeconds !== undefined && { jobTimeLimitSeconds }),
      ...dependencies.workerSettings,
    },
    onLog,
    onChange: onWorkerChange,
    onGone: async (holder) => {
      const given = await giveBackJobsOf({ connection, keyPrefix, holder });
      if (given.length > 0) onLog(`given back: ${given.join(', ')}`);
    },
    ...(dependencies.frozenSeconds !== undefined && { frozenSeconds: dependencies.frozenSeconds }),
    onTrouble: () => report('WORKER_LOST', 'A worker keeps ending. Try another model or device in the settings.'),
  });
  undo.add(fleet.stop);
  return {
    engine,
    source,
    fleet,
    workerControl,
    heartbeats: () => readHeartbeats(connection, keyPrefix),
    assertRoom: () => assertQueueRoom({ connection, directory: dataDirectory, trouble: redis.trouble }),
  };
}

function startInProcessService(options: QueueServiceOptions, startWorker: StartInProcessWorker): QueueService {
  const { dependencies, temporaryDirectory, device, undo, onWorkerChange, report } = options;
  const { jobTimeLimitSeconds } = options.configuration;
  const engine = createMemoryEngine();
  undo.add(engine.close);
  const fleet = createInProcessFleet({
    source: engine,
    startWorker,
    settings: {
      ...(jobTimeLimitSeconds !== undefined && { jobTimeLimitSeconds }),
      ...dependencies.workerSettings,
      appVersion: dependencies.version,
      dataDirectory: dependencies.dataDirectory,
      weightsDirectory: dependencies.weightsDirectory,
      device,
      temporaryDirectory,
    },
    onLog: dependencies.onLog,
    onChange: onWorkerChange,
    onDeafJob: () => report('NO_PROGRESS', 'A job does not stop when it is told to. Start Shadow Trainer again.'),
  });
  undo.add(fleet.stop);
  return {
    engine,
    source: engine,
    fleet,
    workerControl: fleet.control,
    heartbeats: async () => fleet.heartbeats(),
    assertRoom: () => assertDiskRoom(dependencies.dataDirectory),
  };
}
