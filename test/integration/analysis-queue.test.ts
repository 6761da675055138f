/** The built app with the real pipeline: what queue.test.ts proves with stages of its own, here with real work. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import { decodeAnalysisFiles } from '../../worker/pipeline/analysis-files.ts';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import { isEnded } from '../../worker/protocol/status.ts';
import {
  type AppUnderTest,
  createDataDirectory,
  notReady,
  processesOf,
  removeDataDirectory,
  startLoopback,
  until,
} from './app-under-test.ts';
import { madeClips } from './media-made-clips.ts';
import { makePersonClip } from './person-clip.ts';

/** Two chunks, each long enough that a worker is seen at work on one. */
const frames = 260;
const parameters = { model: 'blazepose-lite', quality: 'fast' } as const;

describe.skipIf(notReady !== undefined)(`analyses in the queue${notReady ? ` (skipped: ${notReady})` : ''}`, () => {
  const clips = madeClips();
  let clip: string;
  beforeAll(() => {
    clip = makePersonClip(clips, frames);
  });
  afterAll(() => clips.remove());

  const folders: string[] = [];
  const apps: AppUnderTest[] = [];
  async function start(workers: number): Promise<{ app: AppUnderTest; dataDirectory: string }> {
    const dataDirectory = await createDataDirectory();
    folders.push(dataDirectory);
    await writeFile(join(dataDirectory, 'settings.json'), JSON.stringify({ workers, ...parameters }));
    const app = await startLoopback(dataDirectory);
    apps.push(app);
    return { app, dataDirectory };
  }
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.end('SIGTERM');
    for (const folder of folders.splice(0)) await removeDataDirectory(folder);
  });

  async function submit(app: AppUnderTest): Promise<string> {
    const clipSha256 = await app.importFile(clip);
    return (await app.call('analysis.start', { clipSha256, parameters })).jobId;
  }
  /** Every view until the job has ended. */
  async function watch(app: AppUnderTest, jobId: string): Promise<JobView[]> {
    const views: JobView[] = [];
    await until(
      'the job has ended',
      async () => {
        const view = await app.job(jobId);
        views.push(view);
        return isEnded(view.status);
      },
      120,
    );
    const { failure } = views.at(-1) ?? {};
    if (failure) throw new Error(`${failure.code}: ${failure.message}\n${app.log()}`);
    return views;
  }
  const reaches = (app: AppUnderTest, jobId: string, stage: string): Promise<JobView> =>
    until(`the job is at ${stage}`, async () => {
      const view = await app.job(jobId);
      if (isEnded(view.status)) throw new Error(`It is ${view.status} already: ${view.failure?.message}`);
      return view.progress?.stage === stage && view.progress.framesDone > 0 && view;
    });
  async function arrays(dataDirectory: string, analysisId = ''): Promise<Map<string, Uint8Array>> {
    const root = join(dataDirectory, 'analyses');
    const folder = (await readdir(root, { recursive: true })).find((name) => name.endsWith(analysisId)) ?? '';
    const names = Object.values(analysisFiles);
    return new Map(
      await Promise.all(
        names.map(async (name) => [name, new Uint8Array(await readFile(join(root, folder, name)))] as const),
      ),
    );
  }

  it('gives the same arrays, byte for byte, with one worker and with two of which one was killed', async () => {
    const one = await start(1);
    const views = await watch(one.app, await submit(one.app));
    const fractions = views.flatMap(({ progress }) => progress?.fraction ?? []);
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const { analysisId } = views.at(-1) ?? {};
    expect(await one.app.end('SIGTERM')).toBe(0);

    const two = await start(2);
    const jobId = await submit(two.app);
    await until('two workers are there', async () => (await two.app.workers()).length === 2);
    const busy = await until('a worker holds a chunk', async () =>
      (await two.app.workers()).find(({ currentJob }) => currentJob?.includes('-chunk-')),
    );
    process.kill(pidOf(busy.id, two.dataDirectory), 'SIGKILL');
    expect((await watch(two.app, jobId)).at(-1)).toMatchObject({ status: 'done', analysisId });
    await until('the worker is back', async () => {
      const worker = (await two.app.workers()).find(({ id }) => id === busy.id);
      return worker?.restarts === 1 && ['idle', 'busy'].includes(worker.status);
    });

    const [first, second] = [await arrays(one.dataDirectory, analysisId), await arrays(two.dataDirectory, analysisId)];
    for (const name of Object.values(analysisFiles).filter((file) => file.endsWith('.npy')))
      expect(Buffer.compare(first.get(name) ?? Buffer.of(), second.get(name) ?? Buffer.of()), name).toBe(0);
    const { document } = decodeAnalysisFiles(first);
    expect(document).toMatchObject({ frames, analysisId });
    expect(document.framesWithPose).toBeGreaterThan(0);
  });

  it('shows a cancel within a second at work and in the queue, ends it as no failure, and takes it up again', async () => {
    const { app, dataDirectory } = await start(1);
    const jobId = await submit(app);
    await reaches(app, jobId, 'pose');
    const behind = await app.call('analysis.start', {
      clipSha256: (await app.job(jobId)).clipSha256,
      parameters: { model: 'blazepose-full' },
    });
    for (const id of [behind.jobId, jobId]) {
      const asked = performance.now();
      await app.call('jobs.cancel', { jobId: id });
      expect(['cancelling', 'cancelled']).toContain((await app.job(id)).status);
      expect(performance.now() - asked).toBeLessThan(1000);
    }
    for (const id of [behind.jobId, jobId]) {
      const ended = (await watch(app, id)).at(-1);
      expect(ended?.status).toBe('cancelled');
      expect(ended?.failure).toBeUndefined();
    }
    await until(
      'no ffmpeg decodes for it',
      () => !processesOf(dataDirectory).some((command) => /ffmpeg.*rawvideo/.test(command)),
    );

    await app.call('jobs.retry', { jobId });
    expect((await watch(app, jobId)).at(-1)?.status).toBe('done');
    // The same again is there already: no job runs.
    const { jobId: again } = await app.call('analysis.start', {
      clipSha256: (await app.job(jobId)).clipSha256,
      parameters,
    });
    expect(again).toBe(jobId);
    expect(await app.job(again)).toMatchObject({ status: 'done', endedAt: (await app.job(jobId)).endedAt });
    expect((await app.job(behind.jobId)).status).toBe('cancelled');
  });
});

/** A worker's id is in its environment only: the first process whose settings carry it. */
function pidOf(workerId: string, dataDirectory: string): number {
  const found = processesOf(dataDirectory, `"workerId":"${workerId}"`).find((command) => command.includes('worker.js'));
  if (found === undefined) throw new Error(`There is no process of worker ${workerId}.`);
  return Number(found.split(' ')[0]);
}
