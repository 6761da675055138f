/**
 * What one Redis core carries, for deploy/SCALE.md. The fleet and its Redis share this machine: where the simulated
 * workers need more of it than Redis does, the rate is theirs, and that of a full Redis core is computed from what a
 * chunk costs there.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalRedis } from '../../src-main/core/redis/local-redis.ts';
import { connectRedis } from '../../worker/connection.ts';
import { startHeartbeat } from '../../worker/heartbeat.ts';
import { currentNodeRunner } from '../../worker/node-runner.ts';
import { defaultKeyPrefix, queueNames } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { createBullSource } from '../../worker/queue/bullmq-source.ts';
import { measureFleet, spendingOf } from './fleet.ts';

export async function reportScale(folder: string): Promise<void> {
  // Real chunks take seconds, and report as often as they may; those of 20 ms are to fill a core.
  for (const [workers, chunkMilliseconds, coaches] of [
    [16, 5000, 1],
    [64, 5000, 1],
    [64, 5000, 20],
    [256, 5000, 1],
    [64, 20, 1],
  ] as const) {
    const own = join(folder, `${workers}-${chunkMilliseconds}-${coaches}`);
    await mkdir(own);
    const isFlatOut = chunkMilliseconds < 100;
    const request = {
      ...{ workers, chunkMilliseconds, coaches },
      analyses: isFlatOut ? 256 : workers,
      chunksPerAnalysis: isFlatOut ? 20 : 2,
    };
    const figures = await measureFleet({ ...request, folder: own });
    const rate = figures.chunks / figures.seconds;
    console.log(
      [
        `${workers} workers, ${coaches} watching, chunks of ${chunkMilliseconds} ms: ${rate.toFixed(0)} chunks/s`,
        `efficiency ${figures.efficiency.toFixed(3)}`,
        `overhead p50 ${figures.overheadP50.toFixed(0)} ms, p99 ${figures.overheadP99.toFixed(0)} ms`,
        `Redis ${figures.redisMillisecondsPerChunk.toFixed(2)} ms and ${(figures.redisBytesPerChunk / 1000).toFixed(1)} kB per chunk`,
        `Redis ${percent(figures.redisShare)} of a core, all workers ${percent(figures.workersShare)}`,
        `a full Redis core: ${(1000 / figures.redisMillisecondsPerChunk).toFixed(0)} chunks/s`,
      ].join(' | '),
    );
  }
  const idle = await measureIdleWorkers({ folder: join(folder, 'idle'), workers: 64, seconds: 20 });
  console.log(
    `an idle worker: ${(idle.microsecondsPerSecond / 1000).toFixed(2)} ms of a Redis core a second, ` +
      `${(idle.bytesPerSecond / 1000).toFixed(1)} kB/s, ${idle.connections.toFixed(0)} connections`,
  );
}

export interface IdleWorker {
  readonly microsecondsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly connections: number;
}

/** Workers that wait: their heartbeats, and how they ask for jobs. */
export async function measureIdleWorkers(request: {
  readonly folder: string;
  readonly workers: number;
  readonly seconds: number;
}): Promise<IdleWorker> {
  const { folder, workers, seconds } = request;
  await mkdir(folder, { recursive: true });
  const redis = await startLocalRedis({
    directory: folder,
    runner: { ...currentNodeRunner(), env: { NODE_OPTIONS: '--import tsx' } },
    guardScript: join(import.meta.dirname, '../../worker/redis/guard-main.ts'),
    onLog: () => undefined,
  });
  const control = connectRedis(redis.target);
  const connections = Number(/^connected_clients:(\d+)/m.exec(await control.info('clients'))?.[1]);
  const fleet = Array.from({ length: workers }, (_, i) => {
    const connection = connectRedis(redis.target);
    // As every worker has one for the control channel.
    const subscriber = connectRedis(redis.target);
    void subscriber.subscribe(`${defaultKeyPrefix}:control`);
    const source = createBullSource({
      ...{ connection, keyPrefix: defaultKeyPrefix, holder: `idle-${i}`, lockMilliseconds: 15_000 },
      ...{ stalledCheckMilliseconds: 5000, onError: () => undefined },
    });
    const consumers = queueNames.map((queue) => source.consume(queue, async () => ({ kind: 'handed-back' })));
    for (const consumer of consumers) void consumer.run().catch(() => undefined);
    const heartbeat = startHeartbeat({
      ...{ connection, keyPrefix: defaultKeyPrefix, workerId: `idle-${i}` },
      describe: () => ({
        ...{ workerId: `idle-${i}`, at: Date.now(), protocolVersion, appVersion: '0.0.0', currentJobs: [] },
        ...{ versions: { onnxruntime: '1.0.0' }, memoryBytes: process.memoryUsage.rss() },
      }),
      ...{ onAnswer: () => undefined, onTick: () => undefined },
    });
    return { connection, subscriber, consumers, heartbeat };
  });
  try {
    await pause(5000);
    const before = await spendingOf(control);
    await pause(seconds * 1000);
    const after = await spendingOf(control);
    const all = Number(/^connected_clients:(\d+)/m.exec(await control.info('clients'))?.[1]);
    const per = (figure: number): number => figure / workers / seconds;
    return {
      microsecondsPerSecond: per((after.cpuSeconds - before.cpuSeconds) * 1e6),
      bytesPerSecond: per(after.bytes - before.bytes),
      connections: (all - connections) / workers,
    };
  } finally {
    for (const { consumers, heartbeat } of fleet) {
      await heartbeat.stop();
      await Promise.all(consumers.map((consumer) => consumer.close()));
    }
    for (const { connection, subscriber } of fleet) {
      connection.disconnect();
      subscriber.disconnect();
    }
    control.disconnect();
    await redis.stop();
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
