/** The queue's memory or the disk is full: whoever asks hears it at once, nothing is lost, and room is enough to go on. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { App } from '../../src-main/core/app.ts';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import { defaultClipLimits } from '../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';
import { createSmallDisk, noSmallDisk, type SmallDisk } from './small-disk.ts';

const never = new AbortController().signal;
let bench: CoreBench;
let disk: SmallDisk | undefined;
let redis: RedisConnection | undefined;
afterEach(async () => {
  redis?.disconnect();
  await bench.close();
  disk?.remove();
  disk = undefined;
});

const isRunning = (name: string, stage: string): boolean =>
  bench.journal(name).some((line) => line.what === 'start' && line.name === stage);

/** Past what the core looks at before: straight to the queue. */
const submit = (app: App) =>
  app.board.submit({
    name: 'prepare-playback',
    id: 'playback-straight',
    payload: {
      protocolVersion,
      clip: { sha256: 'a'.repeat(64), mediaType: 'video/mp4', byteLength: 1 },
      clipName: 'straight.mp4',
      limits: defaultClipLimits,
    },
    priority: 1,
    isIntact: async () => true,
  });

describe.skipIf(process.platform === 'win32')('a full queue', () => {
  it('refuses the next job with QUEUE_FULL, lets what runs end, and takes jobs again when there is room', async () => {
    bench = createCoreBench();
    const app = await bench.start({ workers: 1 });
    const gate = bench.gate('finish');
    const running = await bench.analyse(app, 'running', { gates: { finish: gate.path } });
    await until('it is about to end', () => isRunning('running', 'finish'));

    redis = connectRedis({ kind: 'socket', path: join(bench.dataDirectory, 'redis', 'redis.sock') });
    const [, most] = (await redis.config('GET', 'maxmemory')) as string[];
    expect(Number(most)).toBeGreaterThanOrEqual(2 ** 27);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await redis.config('SET', 'maxmemory', '1mb');
    const full = { code: 'QUEUE_FULL', message: expect.stringContaining('queue is full') };
    await expect(bench.analyse(app, 'refused')).rejects.toMatchObject(full);
    await expect(submit(app)).rejects.toMatchObject(full);

    gate.open();
    expect((await app.board.waitFor(running.id, never)).status).toBe('done');

    await redis.config('SET', 'maxmemory', most ?? '');
    const next = await bench.analyse(app, 'refused');
    expect((await app.board.waitFor(next.id, never)).status).toBe('done');
  });
});

const noDisk = noSmallDisk ? ` (skipped: ${noSmallDisk})` : '';
describe.skipIf(noSmallDisk !== undefined)(`a full disk${noDisk}`, () => {
  it('is said once and at once; with room again, what ran and what waited goes on', async () => {
    disk = createSmallDisk(96);
    bench = createCoreBench({ dataDirectory: join(disk.path, 'data') });
    const app = await bench.start({ workers: 1 });
    const problems: string[] = [];
    app.events.on('app.problem', ({ failure }) => problems.push(failure.code));
    const gate = bench.gate('chunk-0');
    const running = await bench.analyse(app, 'running', { gates: { 'chunk-0': gate.path } });
    const waiting = await bench.analyse(app, 'waiting');
    await until('the chunk runs', () => isRunning('running', 'chunk-0'));

    const full = { code: 'DISK_FULL', message: expect.stringContaining('disk is full') };
    const { clipSha256: sha256 } = running;
    const clip = { sha256, mediaType: 'video/mp4', byteLength: 7 };
    // Nothing but a job: no file of it would meet the full disk.
    const onlyAJob = () => app.work.exportAnalysis({ clip, name: 'running.mp4' }, sha256, 'json');
    disk.fill();
    // Before Redis has noticed, and after.
    await expect(onlyAJob()).rejects.toMatchObject(full);
    await until('Redis could not write', () => problems.includes('DISK_FULL'));
    await expect(onlyAJob()).rejects.toMatchObject(full);
    await expect(bench.analyse(app, 'refused')).rejects.toMatchObject(full);
    expect(problems).toEqual(['DISK_FULL']);

    disk.free();
    gate.open();
    for (const { id } of [running, waiting]) expect((await app.board.waitFor(id, never)).status).toBe('done');
    const next = await bench.analyse(app, 'refused');
    expect((await app.board.waitFor(next.id, never)).status).toBe('done');
    expect(problems).toEqual(['DISK_FULL']);
  });
});
