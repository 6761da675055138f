/**
 * A simulated fleet: the real queue on a real Redis, the real step jobs, and consumers whose pose stage only sleeps. What
 * is left beside the sleep is what the queue costs.
 */
import { join } from 'node:path';
import { startLocalRedis } from '../../src-main/core/redis/local-redis.ts';
import { connectRedis } from '../../worker/connection.ts';
import { currentNodeRunner } from '../../worker/node-runner.ts';
import type { Ports } from '../../worker/pipeline/ports.ts';
import { createProcessors, processJob, type Stages } from '../../worker/processors.ts';
import { defaultKeyPrefix } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { createBullSource } from '../../worker/queue/bullmq-source.ts';

export interface FleetRequest {
  readonly workers: number;
  readonly analyses: number;
  readonly chunksPerAnalysis: number;
  readonly chunkMilliseconds: number;
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
}

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
    async poseChunk() {
      const start = performance.now();
      await new Promise((resolve) => setTimeout(resolve, chunkMilliseconds));
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
  const ports: Ports = {
    media: { probe: refuse, index: refuse, decode: refuse, makePlayback: refuse, encode: refuse, version: refuse },
    assets: { putFile: refuse, putBytes: refuse, has: refuse, localPath: refuse, read: refuse },
    derived: { get: refuse, put: refuse },
    analyses: { has: refuse, folder: refuse, write: refuse, read: refuse },
    poseEngine: refuse,
    workerId: 'fleet',
    versions: { app: 'bench', onnxruntime: 'none' },
    temporaryDirectory: request.folder,
    log: () => undefined,
  };
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
    for (const { queues } of consumers) for (const consumer of queues) void consumer.run().catch(() => undefined);
    await allFinished;
  } finally {
    for (const { queues } of consumers) await Promise.all(queues.map((consumer) => consumer.close()));
    for (const { connection } of consumers) connection.disconnect();
    await engine.close();
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
  return {
    chunks: all.flat().length,
    seconds: (last - first) / 1000,
    efficiency: slept / (workers * (last - first)),
    overheadP50: quantile(0.5),
    overheadP99: quantile(0.99),
  };
}

function refuse(): never {
  throw new Error('The stages of a simulated fleet touch nothing.');
}
