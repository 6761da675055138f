/** The same core on both engines, and from one to the other with jobs in flight. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { App } from '../../src-main/core/app.ts';
import type { InProcessEngine } from '../../src-main/core/app-dependencies.ts';
import { exportJobsTo, finishJobsOf, importJobsFrom } from '../../src-main/move-jobs.ts';
import { runInProcessWorker } from '../../worker/in-process-worker.ts';
import { findFfmpeg } from '../../worker/media/find-ffmpeg.ts';
import { createProcessors } from '../../worker/processors.ts';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import { canTransition, type JobStatus } from '../../worker/protocol/status.ts';
import {
  builtFile,
  createDataDirectory,
  notReady,
  processesOf,
  removeDataDirectory,
  until as untilAnswered,
} from './app-under-test.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';
import { madeClips, testPicture } from './media-made-clips.ts';
import { makePersonClip } from './person-clip.ts';
import { stagedPorts, stagedStages } from './staged-stages.ts';

const never = new AbortController().signal;
const inProcess: InProcessEngine = {
  kind: 'in-process',
  startWorker: async (options) =>
    runInProcessWorker({
      ...options,
      ports: { ...stagedPorts(options.settings), log: () => undefined },
      processors: createProcessors(stagedStages),
      onEnd: async () => undefined,
    }),
};

describe('the core on either engine', () => {
  let bench: CoreBench;
  beforeEach(() => {
    bench = createCoreBench();
  });
  afterEach(() => bench.close());

  const starts = (name: string, stage: string): number =>
    bench.journal(name).filter((line) => line.what === 'start' && line.name === stage).length;
  const ends = (name: string): string[] =>
    bench.journal(name).flatMap((line) => (line.what === 'end' ? [line.name] : []));
  const orderOf = async (app: App, job: JobView): Promise<number[]> => {
    const document = await app.stores.analyses.read(job.clipSha256, 'analysis.json');
    return (JSON.parse(new TextDecoder().decode(document)) as string[]).map((text) => JSON.parse(text)[1]);
  };

  describe('in this process', () => {
    const start = (workers = 1): Promise<App> => bench.start({ workers, engine: inProcess });

    it('runs an analysis through its chunks, with any number of workers, and reports it without going back', async () => {
      const app = await start(2);
      const seen: JobView[] = [];
      app.events.on('job.changed', ({ job }) => seen.push(job));
      const job = await bench.analyse(app, 'throw', { chunks: 5 });
      expect(await app.board.waitFor(job.id, never)).toMatchObject({ status: 'done', analysisId: job.clipSha256 });
      expect(await orderOf(app, job)).toEqual([0, 1, 2, 3, 4]);
      const statuses = seen.map(({ status }) => status).filter((status, i, all) => status !== all[i - 1]);
      for (const [i, status] of statuses.entries())
        expect(i === 0 || canTransition(statuses[i - 1] as JobStatus, status)).toBe(true);
      const fractions = seen.flatMap(({ progress }) => progress?.fraction ?? []);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect((await app.calls['workers.list']({})).workers.map(({ id }) => id)).toEqual([
        'in-process-1',
        'in-process-2',
      ]);
      expect(await bench.analyse(app, 'throw', { chunks: 5 })).toMatchObject({ id: job.id, status: 'done' });
      expect(starts('throw', 'plan')).toBe(1);
      expect(bench.log.join()).not.toContain('redis');
      expect(await readdir(bench.dataDirectory)).toContain('analyses');
    });

    it.each(['plan', 'chunk-1', 'finish'])('cancels while %s runs, and retries on demand', async (stage) => {
      const app = await start();
      const gate = bench.gate(stage);
      const job = await bench.analyse(app, 'long', { gates: { [stage]: gate.path } });
      await until(`${stage} runs`, () => starts('long', stage) > 0);
      await app.board.cancel(job.id);
      const ended = await app.board.waitFor(job.id, never);
      expect(ended.status).toBe('cancelled');
      expect(ended.failure).toBeUndefined();
      gate.open();
      await app.board.retry(job.id);
      expect(await app.board.waitFor(job.id, never)).toMatchObject({ status: 'done' });
    });

    it('tries again what may pass, says why an analysis failed, and goes on with the next', async () => {
      const app = await start();
      const hiccup = await bench.analyse(app, 'hiccup', { failures: { 'chunk-0': 'once' } });
      const broken = await bench.analyse(app, 'broken', { failures: { 'chunk-0': 'refused' } });
      expect((await app.board.waitFor(hiccup.id, never)).status).toBe('done');
      expect(starts('hiccup', 'chunk-0')).toBe(2);
      expect(await app.board.waitFor(broken.id, never)).toMatchObject({
        status: 'failed',
        failure: { code: 'CLIP_NO_VIDEO' },
      });
      const next = await bench.analyse(app, 'next');
      expect((await app.board.waitFor(next.id, never)).status).toBe('done');
    });

    it('pauses and resumes a worker, and leaves in order with a job in hand', async () => {
      const app = await start();
      const gate = bench.gate('plan');
      await untilAnswered(
        'the worker is there',
        async () => (await app.calls['workers.list']({})).workers[0]?.status === 'idle',
      );
      await app.workerControl.pause('in-process-1');
      const job = await bench.analyse(app, 'later', { gates: { plan: gate.path } });
      expect((await app.calls['workers.list']({})).workers[0]).toMatchObject({ status: 'idle', paused: true });
      expect(app.board.get(job.id).status).toBe('queued');
      await app.workerControl.resume('in-process-1');
      await until('it runs', () => starts('later', 'plan') === 1);
      await app.stop();
      expect(bench.journal('later').map(({ what }) => what)).toEqual(['start', 'aborted']);
    });
  });

  it('goes from Redis into this process and back, with a chunk in hand each time, and does nothing twice', async () => {
    const file = join(bench.folder, 'jobs.json');
    const gates = { 'chunk-1': bench.gate('chunk-1'), 'chunk-2': bench.gate('chunk-2') };
    const plan = { chunks: 4, gates: { 'chunk-1': gates['chunk-1'].path, 'chunk-2': gates['chunk-2'].path } };

    const first = await bench.start({ workers: 1 });
    const job = await bench.analyse(first, 'moved', plan);
    await bench.analyse(first, 'behind', { gates: { plan: gates['chunk-1'].path } });
    await until('the second chunk is in hand', () => starts('moved', 'chunk-1') === 1);
    expect(await exportJobsTo(file, first)).toEqual({ exported: 2, left: 0 });
    expect(first.board.list()).toEqual([]);
    // Its workers live on, and have nothing to do.
    await first.stop();
    expect(ends('moved')).toEqual(['plan', 'chunk-0']);
    await expect(exportJobsTo(file, first)).rejects.toMatchObject({ code: 'INVALID_INPUT' });

    const second = await bench.start({ workers: 1, engine: inProcess });
    const abort = new AbortController();
    gates['chunk-1'].open();
    const finishing = finishJobsOf(file, second, abort.signal);
    await until('the third chunk is in hand', () => starts('moved', 'chunk-2') === 1);
    abort.abort();
    await expect(finishing).rejects.toMatchObject({ code: 'CANCELLED' });
    await second.stop();
    expect(ends('moved')).toEqual(['plan', 'chunk-0', 'chunk-1']);

    const third = await bench.start({ workers: 2 });
    gates['chunk-2'].open();
    await importJobsFrom(file, third);
    expect((await third.board.waitFor(job.id, never)).status).toBe('done');
    expect(ends('moved').sort()).toEqual(['chunk-0', 'chunk-1', 'chunk-2', 'chunk-3', 'finish', 'plan']);
    // The one behind may have ended in any of the three.
    for (const { id } of third.board.list()) expect((await third.board.waitFor(id, never)).status).toBe('done');
    expect(ends('behind').sort()).toEqual(['chunk-0', 'chunk-1', 'chunk-2', 'finish', 'plan']);
    expect(await orderOf(third, job)).toEqual([0, 1, 2, 3]);
    // Once more changes nothing.
    await importJobsFrom(file, third);
    expect((await third.board.waitFor(job.id, never)).status).toBe('done');
    expect(starts('moved', 'finish')).toBe(1);
  });
});

describe.skipIf(notReady !== undefined)(
  `the terminal on either engine${notReady ? ` (skipped: ${notReady})` : ''}`,
  () => {
    const clips = madeClips();
    let folder: string;
    beforeEach(async () => {
      folder = await createDataDirectory();
    });
    afterEach(() => removeDataDirectory(folder));
    afterAll(() => clips.remove());

    function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
      const child = spawn(process.execPath, [builtFile('cli.js'), ...args], {
        env: { ...process.env, SHADOW_TRAINER_DATA: join(folder, 'data'), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [output, errors] = ['', ''];
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
      });
      child.stderr.on('data', (data: Buffer) => {
        errors += data.toString();
      });
      const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors }));
      return { child, ended };
    }
    /** As on a machine that has none. */
    const withoutRedis = async (): Promise<NodeJS.ProcessEnv> => {
      const empty = join(folder, 'empty');
      await mkdir(empty, { recursive: true });
      return { PATH: empty, REDIS_SERVER_BIN: join(empty, 'redis-server'), FFMPEG_BIN: findFfmpeg() };
    };
    const arrays = async (of: string): Promise<string[]> => {
      const names = Object.values(analysisFiles).filter((name) => name.endsWith('.npy'));
      return await Promise.all(names.map(async (name) => (await readFile(join(of, name))).toString('base64')));
    };

    it('gives the same arrays in one process without Redis as with it', async () => {
      const clip = makePersonClip(clips, 130);
      const [here, redis] = [join(folder, 'here'), join(folder, 'redis')];
      const common = [clip, '--model', 'lite', '--quality', 'fast', '--workers', '2', '--json', '--out'];
      const missing = await start([...common, redis], await withoutRedis()).ended;
      expect(JSON.parse(missing.output)).toMatchObject({ error: { code: 'REDIS_MISSING' } });
      const first = await start([...common, here, '--engine', 'in-process'], await withoutRedis()).ended;
      expect(first.code, first.errors).toBe(0);
      expect(first.errors).toBe('');
      expect(existsSync(join(folder, 'data', 'redis'))).toBe(false);
      expect(processesOf(folder)).toEqual([]);
      const other = { SHADOW_TRAINER_DATA: join(folder, 'other') };
      const second = await start([...common, redis], other).ended;
      expect(second.code, second.errors).toBe(0);
      expect(await arrays(here)).toEqual(await arrays(redis));
    });

    it('in one process: ctrl-C ends it in order, kill -9 at once, and neither leaves anything behind', async () => {
      const picture = testPicture({ seconds: 60, size: '640x360' });
      const long = clips.make('long.mp4', ...picture, ...['-c:v', 'libx264', '-preset', 'ultrafast']);
      const atWork = () => processesOf(folder).some((command) => command.includes('ffmpeg'));
      const polite = start([long, '--engine', 'in-process', '--json']);
      await untilAnswered('ffmpeg runs', atWork);
      polite.child.kill('SIGINT');
      const { code, output } = await polite.ended;
      expect(code).toBe(1);
      expect(JSON.parse(output)).toMatchObject({ error: { code: 'CANCELLED' } });
      expect(processesOf(folder)).toEqual([]);
      expect(await readdir(join(folder, 'data', 'running'))).toEqual([]);

      const killed = start([long, '--engine', 'in-process']);
      await untilAnswered('ffmpeg runs again', atWork);
      killed.child.kill('SIGKILL');
      await untilAnswered('nothing is left', () => processesOf(folder).length === 0, 10);
    });

    it('says what is wrong with an engine, and with a file of jobs', async () => {
      const engine = await start(['--engine', 'steam']).ended;
      expect(engine).toMatchObject({ code: 1, errors: 'The engine is redis or in-process.\n' });
      const file = join(folder, 'jobs.json');
      await writeFile(file, '{}');
      const damaged = await start(['--import-jobs', file, '--engine', 'in-process']).ended;
      expect(damaged.code).toBe(1);
      expect(damaged.errors).toMatch(/^This is no file of jobs/);
      const there = await start(['--export-jobs', file]).ended;
      expect(there.errors).toMatch(/^There is a file .* already/);
      expect(await readFile(file, 'utf8')).toBe('{}');
    });

    it('moves jobs out of the queue of the data folder, into it, and does them at once', async () => {
      const file = join(folder, 'jobs.json');
      expect((await start(['--export-jobs', file]).ended).output).toBe(`0 unfinished jobs are in ${file} now.\n`);
      expect(JSON.parse((await start(['--import-jobs', file, '--json']).ended).output)).toEqual({ imported: 0 });
      const here = await start(['--import-jobs', file, '--json', '--engine', 'in-process']).ended;
      expect(JSON.parse(here.output)).toEqual({ imported: 0, done: 0, failed: 0, left: 0 });
    });
  },
);
