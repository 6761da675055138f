/**
 * A simulated fleet: the real queue on a real Redis, the real step jobs, and consumers whose pose stage only sleeps. What
 * is left beside the sleep is what the queue costs.
 */

import { join } from 'node:path';
import { startLocalRedis } from '../../src-main/core/redis/local-redis.ts';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import { currentNodeRunner } from '../../worker/node-runner.ts';
import { createProcessors, processJob, type Stages } from '../../worker/processors.ts';
import { defaultKeyPrefix } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { createBullSource } from '../../worker/queue/bullmq-source.ts';
import { refuse, refusingPorts } from '../integration/staged-stages.ts';

export interface FleetRequest {
  readonly workers: number;
  readonly analyses: number;
  readonly chunksPerAnalysis: number;
  readonly chunkMilliseconds: number;
  /** Apps that watch: every report of every worker goes to each. */
  readonly coaches?: number;
  readonly folder: string;
}

export interface FleetFigures {
  readonly chunks: number;
  readonly seconds: number;
  /** Slept time over the time that all workers had, from the first chunk's start to the last one's end. */
  readonly efficiency: number;
  /** From the end of a worker's chunk to the start of its next, milliseconds. */
  readonly overheadP50: number;
  readonly overheadP99: number;
  /** What Redis spent, with what the analyses around the chunks cost: of one of its cores, and on the wire. */
  readonly redisMillisecondsPerChunk: number;
  readonly redisBytesPerChunk: number;
  /** Of one core, while the chunks were done: of Redis, and of this process, which is all the workers at once. */
  readonly redisShare: number;
  readonly workersShare: number;
}

/** As often as a real stage may, see progressReporter. */
const reportMilliseconds = 200;

const sha256 = '0'.repeat(64);
const asset = { sha256, byteLength: 1, mediaType: 'text/plain' } as const;

export async function measureFleet(request: FleetRequest): Promise<FleetFigures> {
  const { workers, analyses, chunksPerAnalysis, chunkMilliseconds } = request;
  const redis = await startLocalRedis({
    directory: join(request.folder, 'redis'),
    runner: { ...currentNodeRunner(), env: { NODE_OPTIONS: '--import tsx' } },
    guardScript: join(import.meta.dirname, '../../worker/redis/guard-main.ts'),
    onLog: () => undefined,
  });
  const engine = await openBullEngine(redis.target, defaultKeyPrefix);
  const watching = await Promise.all(
    Array.from({ length: request.coaches ?? 1 }, () => openBullEngine(redis.target, defaultKeyPrefix)),
  );
  for (const each of watching) each.listen({ onState: () => undefined, onProgress: () => undefined });
  const spans = new Map<number, { start: number; end: number }[]>();
  let finished = 0;
  let onAllFinished: () => void = () => undefined;
  const allFinished = new Promise<void>((resolve) => {
    onAllFinished = resolve;
  });

  const stagesOf = (worker: number): Stages => ({
    planAnalysis: async () => ({
      reused: false,
      analysisId: sha256,
      plan: asset,
      chunkCount: chunksPerAnalysis,
      frames: chunksPerAnalysis,
    }),
    async poseChunk({ onProgress }) {
      const start = performance.now();
      for (let slept = 0; slept < chunkMilliseconds; slept += reportMilliseconds) {
        const milliseconds = Math.min(reportMilliseconds, chunkMilliseconds - slept);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        if (chunkMilliseconds > reportMilliseconds) onProgress('pose', slept + milliseconds, chunkMilliseconds);
      }
      const own = spans.get(worker) ?? [];
      spans.set(worker, [...own, { start, end: performance.now() }]);
      const device = { requested: 'cpu', active: 'cpu' } as const;
      return { chunk: asset, device, workerId: String(worker), frames: 1, seconds: chunkMilliseconds / 1000 };
    },
    async finishAnalysis() {
      finished++;
      if (finished === analyses) onAllFinished();
      const frames = chunksPerAnalysis;
      return { analysisId: sha256, frames, framesWithPose: frames, people: 1, reused: false };
    },
    preparePlayback: async () => refuse(),
    exportAnalysis: async () => refuse(),
  });
  const ports = { ...refusingPorts, workerId: 'fleet', temporaryDirectory: request.folder };
  const control = connectRedis(redis.target);
  const consumers = Array.from({ length: workers }, (_, worker) => {
    const connection = connectRedis(redis.target);
    const source = createBullSource({
      connection,
      keyPrefix: defaultKeyPrefix,
      holder: `fleet-${worker}`,
      lockMilliseconds: 15_000,
      stalledCheckMilliseconds: 5_000,
      onError: () => undefined,
    });
    const processors = createProcessors(stagesOf(worker));
    const context = { ports, processors, isCancelled: (id: string) => source.isCancelled(id) };
    const queues = (['analysis', 'pose'] as const).map((queue) =>
      source.consume(queue, (job, signal) => processJob(job, signal, context)),
    );
    return { connection, queues };
  });
  let spent: RedisSpending = { cpuSeconds: 0, bytes: 0 };
  let workersSeconds = 0;
  try {
    for (let i = 0; i < analyses; i++) {
      await engine.add({
        queue: 'analysis',
        name: 'analyse-clip',
        id: `fleet-${i}`,
        priority: 1,
        data: {
          protocolVersion,
          clip: asset,
          clipName: 'fleet.mp4',
          limits: { maximumSeconds: 600, minimumPixels: 64 },
          parameters: { model: 'blazepose-lite' },
        },
      });
    }
    const before = await spendingOf(control);
    const own = process.cpuUsage();
    for (const { queues } of consumers) for (const consumer of queues) void consumer.run().catch(() => undefined);
    await allFinished;
    const after = await spendingOf(control);
    const { user, system } = process.cpuUsage(own);
    workersSeconds = (user + system) / 1e6;
    spent = { cpuSeconds: after.cpuSeconds - before.cpuSeconds, bytes: after.bytes - before.bytes };
  } finally {
    control.disconnect();
    for (const { queues } of consumers) await Promise.all(queues.map((consumer) => consumer.close()));
    for (const { connection } of consumers) connection.disconnect();
    for (const each of [engine, ...watching]) await each.close();
    await redis.stop();
  }

  const all = [...spans.values()];
  const first = Math.min(...all.flatMap((own) => own.map(({ start }) => start)));
  const last = Math.max(...all.flatMap((own) => own.map(({ end }) => end)));
  const slept = all.flat().reduce((sum, { start, end }) => sum + end - start, 0);
  const gaps = all
    .flatMap((own) => own.slice(1).map(({ start }, i) => start - (own[i]?.end ?? start)))
    .toSorted((a, b) => a - b);
  const quantile = (share: number): number => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? 0;
  const chunks = all.flat().length;
  const seconds = (last - first) / 1000;
  return {
    ...{ chunks, seconds },
    redisMillisecondsPerChunk: (spent.cpuSeconds * 1000) / chunks,
    redisBytesPerChunk: spent.bytes / chunks,
    redisShare: spent.cpuSeconds / seconds,
    workersShare: workersSeconds / seconds,
    efficiency: slept / (workers * (last - first)),
    overheadP50: quantile(0.5),
    overheadP99: quantile(0.99),
  };
}

export interface RedisSpending {
  readonly cpuSeconds: number;
  /** In and out. */
  readonly bytes: number;
}

/** Since the server started. */
export async function spendingOf(connection: RedisConnection): Promise<RedisSpending> {
  const text = `${await connection.info('cpu')}\n${await connection.info('stats')}`;
  const figure = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1]);
  return {
    // The thread that runs commands: writing to the disk has others.
    cpuSeconds: figure('used_cpu_sys_main_thread') + figure('used_cpu_user_main_thread'),
    bytes: figure('total_net_input_bytes') + figure('total_net_output_bytes'),
  };
}
