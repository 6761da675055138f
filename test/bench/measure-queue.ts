/** What the queue costs: a job put on the disk, a job picked up, and a hundred thousand jobs that are done. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'bullmq';
import { startLocalRedis } from '../../src-main/core/redis/local-redis.ts';
import { connectRedis, type RedisConnection, type RedisTarget } from '../../worker/connection.ts';
import { defaultClipLimits, type JobPayload, type JobResult, priorities } from '../../worker/protocol/jobs.ts';
import { defaultKeyPrefix, type QueueName } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { toBullJob } from '../../worker/queue/bullmq-job.ts';
import { openBullQueue } from '../../worker/queue/open-bull-queue.ts';
import { createCoreBench } from '../integration/core-bench.ts';

const prefix = defaultKeyPrefix;
const guardScript = resolve(import.meta.dirname, '../../worker/redis/guard-main.ts');
const runner = { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } };

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

function percentiles(milliseconds: readonly number[]): Percentiles {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

async function withRedis<T>(directory: string, use: (target: RedisTarget, client: RedisConnection) => Promise<T>) {
  const redis = await startLocalRedis({ directory, runner, guardScript, onLog: () => undefined });
  const client = connectRedis(redis.target);
  try {
    return await use(redis.target, client);
  } finally {
    client.disconnect();
    await redis.stop();
  }
}

/** `npm run bench -- --part queue`. */
export async function reportQueue(): Promise<void> {
  const count = 100_000;
  const show = ({ p50, p99 }: Percentiles): string => `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  const { always, everysec } = await measureEnqueue(1000);
  console.log(`job accepted: appendfsync always ${show(always)} | everysec ${show(everysec)}`);
  console.log(`asked for, until an idle local worker has begun: ${show(await measureEnqueueToStart(200))}`);
  const finished = await measureFinishedJobs(count);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${count} jobs done, ${Math.round(finished.jobsPerSecond)} a second: Redis ${megabytes(finished.redisBytes)}, ` +
      `its file ${megabytes(finished.fileBytes)}, ${finished.listedJobs} jobs still listed`,
  );
  console.log(
    `the core starts in ${finished.startSeconds.toFixed(2)} s with them, ` +
      `in ${finished.startSecondsEmpty.toFixed(2)} s without`,
  );
}

/** Milliseconds until a job is accepted, one after the other, under each fsync policy in turn. */
export async function measureEnqueue(count: number): Promise<Record<'always' | 'everysec', Percentiles>> {
  const directory = await mkdtemp(join(tmpdir(), 'shadow-trainer-bench-'));
  try {
    return await withRedis(directory, async (_target, client) => {
      const queue = openBullQueue('analysis', { connection: client, prefix });
      const measure = async (policy: string): Promise<Percentiles> => {
        await client.config('SET', 'appendfsync', policy);
        const took: number[] = [];
        for (let i = 0; i < count; i++) {
          const job = analyseJob(`${policy}-${i}`);
          const { name, data, opts } = toBullJob(job, prefix);
          const started = performance.now();
          await queue.add(name, data, opts);
          took.push(performance.now() - started);
        }
        return percentiles(took);
      };
      await measure('everysec');
      const result = { always: await measure('always'), everysec: await measure('everysec') };
      await queue.close();
      return result;
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Milliseconds from asking for an analysis until an idle worker process has begun it. */
export async function measureEnqueueToStart(count: number): Promise<Percentiles> {
  const bench = createCoreBench();
  try {
    const app = await bench.start({ workers: 1 });
    const took: number[] = [];
    for (let i = -5; i < count; i++) {
      const asked = performance.timeOrigin + performance.now();
      const job = await bench.analyse(app, `clip-${i}`, { chunks: 1, framesPerChunk: 1 });
      await app.board.waitFor(job.id, new AbortController().signal);
      const began = bench.journal(`clip-${i}`).find(({ what, name }) => what === 'start' && name === 'plan');
      // The first few warm the worker up.
      if (began && i >= 0) took.push(began.at - asked);
    }
    return percentiles(took);
  } finally {
    await bench.close();
  }
}

export interface FinishedJobs {
  readonly redisBytes: number;
  readonly fileBytes: number;
  readonly listedJobs: number;
  readonly jobsPerSecond: number;
  readonly startSeconds: number;
  readonly startSecondsEmpty: number;
}

/** Runs that many jobs of realistic size through the queues, then starts the app on what is left of them. */
export async function measureFinishedJobs(count: number): Promise<FinishedJobs> {
  const bench = createCoreBench();
  try {
    const startSecondsEmpty = await measureStart(bench.start);
    const started = performance.now();
    const filled = await withRedis(join(bench.dataDirectory, 'redis'), async (target, client) => {
      await finishJobs(target, client, count);
      const seconds = (performance.now() - started) / 1000;
      const memory = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
      return { redisBytes: memory, jobsPerSecond: count / seconds };
    });
    const fileBytes = await folderBytes(join(bench.dataDirectory, 'redis', 'appendonlydir'));
    let listedJobs = 0;
    const startSeconds = await measureStart(async () => {
      const app = await bench.start({ workers: 1 });
      listedJobs = app.board.list().length;
      return app;
    });
    return { ...filled, fileBytes, listedJobs, startSeconds, startSecondsEmpty };
  } finally {
    await bench.close();
  }
}

async function measureStart(start: () => Promise<{ stop(): Promise<void> }>): Promise<number> {
  const started = performance.now();
  const app = await start();
  const seconds = (performance.now() - started) / 1000;
  await app.stop();
  return seconds;
}

/** A clip in ten seconds' length: its analysis in four chunks, its playback, and an export. */
const jobsOfClip = 7;

async function finishJobs(target: RedisTarget, client: RedisConnection, count: number): Promise<void> {
  const queueNames: readonly QueueName[] = ['analysis', 'pose', 'media'];
  const queues = new Map(queueNames.map((name) => [name, openBullQueue(name, { connection: client, prefix })]));
  const connection = connectRedis(target);
  const workers = queueNames.map(
    (name) => new Worker(name, async (job) => resultOf(job.name), { connection, prefix, concurrency: 20 }),
  );
  let done = 0;
  for (const worker of workers) worker.on('completed', () => done++);
  for (let clip = 0; clip * jobsOfClip < count; clip++) {
    const jobs = jobsFor(clip).slice(0, count - clip * jobsOfClip);
    await Promise.all(
      jobs.map((job) => {
        const { name, data, opts } = toBullJob(job, prefix);
        return queues.get(job.queue)?.add(name, data, opts);
      }),
    );
    // Not more at once than a folder of clips.
    while (clip * jobsOfClip - done > 2000) await new Promise((next) => setTimeout(next, 20));
  }
  while (done < count) await new Promise((next) => setTimeout(next, 20));
  await Promise.all([...workers, ...queues.values()].map((each) => each.close()));
  connection.disconnect();
}

const hash = (): string => randomBytes(32).toString('hex');
const asset = (mediaType: string) => ({ sha256: hash(), mediaType, byteLength: 1_234_567 });
const seconds = 10;
const framesPerSecond = 60;

function clipInput() {
  return { protocolVersion, clip: asset('video/mp4'), clipName: 'bullpen 2026-05-14 pitch 017.mp4' } as const;
}

function analyseJob(id: string) {
  const data: JobPayload<'analyse-clip'> = {
    ...clipInput(),
    limits: defaultClipLimits,
    parameters: { model: 'blazepose-full' },
  };
  return { queue: 'analysis', name: 'analyse-clip', id: `analyse-${id}`, data, priority: priorities.batch } as const;
}

function jobsFor(clip: number) {
  const analyse = analyseJob(`${clip}-${hash().slice(0, 24)}`);
  const chunks = Array.from({ length: 4 }, (_, chunkIndex) => {
    const { parameters } = analyse.data;
    const data: JobPayload<'pose-chunk'> = { ...clipInput(), parameters, plan: asset('application/json'), chunkIndex };
    const id = `${analyse.id}-chunk-${chunkIndex}`;
    return { queue: 'pose', name: 'pose-chunk', id, data, priority: priorities.batch } as const;
  });
  const playback: JobPayload<'prepare-playback'> = { ...clipInput(), limits: defaultClipLimits };
  const file: JobPayload<'export-analysis'> = { ...clipInput(), analysisId: hash(), kind: 'overlay' };
  const media = { queue: 'media', priority: priorities.batch } as const;
  return [
    analyse,
    ...chunks,
    { ...media, name: 'prepare-playback', id: `playback-${hash().slice(0, 32)}`, data: playback } as const,
    { ...media, name: 'export-analysis', id: `export-${hash().slice(0, 32)}`, data: file } as const,
  ];
}

function resultOf(name: string): unknown {
  const frames = seconds * framesPerSecond;
  if (name === 'analyse-clip') {
    const result: JobResult<'analyse-clip'> = {
      analysisId: hash(),
      frames,
      framesWithPose: frames - 3,
      people: 2,
      reused: false,
    };
    return result;
  }
  if (name === 'pose-chunk') {
    const device = { requested: 'cpu', active: 'cpu' } as const;
    const result: JobResult<'pose-chunk'> = {
      chunk: asset('application/x-npy'),
      device,
      workerId: 'local-12345-1',
      frames: frames / 4,
      seconds: 3.123456,
    };
    return result;
  }
  if (name === 'export-analysis') return { file: asset('video/mp4'), suggestedName: 'pitch 017 overlay.mp4' };
  const pictures = { proxy: asset('video/mp4'), poster: asset('image/jpeg'), filmstrip: asset('image/jpeg') };
  const times = Array.from({ length: frames }, (_, frame) => Number((frame / framesPerSecond).toFixed(6)));
  return {
    probe: { widthPixels: 1920, heightPixels: 1080, durationSeconds: seconds, codec: 'h264', framesPerSecond },
    playback: { ...pictures, proxyWidth: 1280, proxyHeight: 720, filmstripTiles: 20, frameTimesSeconds: times },
  };
}

async function folderBytes(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
