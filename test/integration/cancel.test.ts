/** Cancel, with the real stages at work: the job ends and its ffmpeg is gone, within a second. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { App } from '../../src-main/core/app.ts';
import type { StageName } from '../../worker/protocol/jobs.ts';
import { builtFile, notReady, processesOf } from './app-under-test.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';
import { madeClips } from './media-made-clips.ts';
import { makePersonClip } from './person-clip.ts';

const never = new AbortController().signal;
const parameters = { model: 'blazepose-lite' } as const;

describe.skipIf(notReady !== undefined)(`cancel at every stage${notReady ? ` (skipped: ${notReady})` : ''}`, () => {
  const clips = madeClips();
  let bench: CoreBench;
  let app: App;
  beforeAll(async () => {
    bench = createCoreBench({ workerScript: builtFile('worker.js') });
    app = await bench.start({ workers: 1 });
  });
  afterAll(async () => {
    await bench.close();
    clips.remove();
  });

  /** Resolves when the job reports the stage. */
  const reach = (jobId: string, stage: StageName): Promise<JobView> =>
    new Promise((done) => {
      const stop = app.events.on('job.changed', ({ job }) => {
        if (job.id !== jobId || job.progress?.stage !== stage) return;
        stop();
        done(job);
      });
    });
  const ffmpegs = (): string[] => processesOf(bench.dataDirectory).filter((command) => command.includes('ffmpeg'));

  async function cancelAt(job: JobView, stage: StageName): Promise<void> {
    await reach(job.id, stage);
    const asked = performance.now();
    await app.board.cancel(job.id);
    expect((await app.board.waitFor(job.id, never)).status).toBe('cancelled');
    await until('its ffmpeg has ended', () => ffmpegs().length === 0);
    expect(performance.now() - asked).toBeLessThan(1000);
  }

  // Clips of different lengths: the same one would not be analysed again.
  it.each([
    ['index', 300],
    ['scout', 310],
    ['pose', 320],
  ] as const)('%s of an analysis, which then runs to its end', async (stage, frames) => {
    const clip = await app.work.storeFile(makePersonClip(clips, frames), `${stage}.mp4`);
    await cancelAt(await app.work.analyse(clip, parameters), stage);
    const again = await app.work.analyse(clip, parameters);
    expect((await app.board.waitFor(again.id, never)).status).toBe('done');
  });

  it('playback of an import, and export of an overlay', async () => {
    const { clip } = await app.work.importFile(makePersonClip(clips, 330), 'import.mp4');
    const stored = { clip, name: 'import.mp4' };
    const jobs = app.board.list().filter((job) => job.clipSha256 === clip.sha256);
    const playback = jobs.find((job) => job.kind === 'prepare-playback');
    const analysis = jobs.find((job) => job.kind === 'analyse-clip');
    if (playback === undefined || analysis === undefined) throw new Error('The import started too few jobs.');
    await app.board.cancel(analysis.id);
    await cancelAt(playback, 'playback');

    await app.board.retry(analysis.id);
    const { analysisId = '' } = await app.board.waitFor(analysis.id, never);
    await cancelAt(await app.work.exportAnalysis(stored, analysisId, 'overlay'), 'export');
    const again = await app.work.exportAnalysis(stored, analysisId, 'overlay');
    expect((await app.board.waitFor(again.id, never)).exported?.suggestedName).toBe('import-overlay.mp4');
  });
});
