/** The built app with real work: a job taken up again goes on from where it stopped, and its story shows it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobDetails } from '../../src-main/contract/queue-views.ts';
import {
  type AppUnderTest,
  createDataDirectory,
  notReady,
  removeDataDirectory,
  startLoopback,
  until,
} from './app-under-test.ts';
import { madeClips } from './media-made-clips.ts';
import { makePersonClip } from './person-clip.ts';

/** Four chunks: after the first is done there is time to stop the others. */
const frames = 500;
const parameters = { model: 'blazepose-lite', quality: 'fast' } as const;

describe.skipIf(notReady !== undefined)(`work that is taken up${notReady ? ` (skipped: ${notReady})` : ''}`, () => {
  const clips = madeClips();
  let clip: string;
  let dataDirectory: string;
  let app: AppUnderTest | undefined;
  beforeAll(async () => {
    clip = makePersonClip(clips, frames);
    dataDirectory = await createDataDirectory();
    await writeFile(join(dataDirectory, 'settings.json'), JSON.stringify({ workers: 1, ...parameters }));
  });
  afterEach(async () => void (await app?.end('SIGTERM')));
  afterAll(async () => {
    clips.remove();
    await removeDataDirectory(dataDirectory);
  });

  it('does no finished stage and no finished chunk again', async () => {
    const started = await startLoopback(dataDirectory);
    app = started;
    const clipSha256 = await started.importFile(clip);
    const { jobId } = await started.call('analysis.start', { clipSha256, parameters });
    const details = async (): Promise<JobDetails> => (await started.call('jobs.details', { jobId })).details;
    const before = await until('a chunk is done', async () => {
      const now = await details();
      return now.timeline.some(({ kind, chunk }) => kind === 'done' && chunk !== undefined) && now;
    });
    const finished = before.timeline.flatMap(({ kind, chunk }) =>
      kind === 'done' && chunk !== undefined ? [chunk] : [],
    );
    await started.call('jobs.cancel', { jobId });
    await until('it is cancelled', async () => (await started.job(jobId)).status === 'cancelled');
    await started.call('jobs.retry', { jobId });
    await until('it is done', async () => (await started.job(jobId)).status === 'done', 120);

    const { timeline, chunks } = await details();
    expect(chunks).toEqual({ done: 4, total: 4 });
    const second = timeline.slice(timeline.findIndex(({ kind }) => kind === 'retry'));
    const stagesOf = (wanted: number | undefined): string[] =>
      second.flatMap(({ kind, chunk, stage }) => (kind === 'stage' && chunk === wanted && stage ? [stage] : []));
    expect(timeline.map(({ stage }) => stage)).toContain('scout');
    expect(stagesOf(undefined)).toEqual(['clean', 'measure', 'store']);
    for (const chunk of finished) expect(stagesOf(chunk)).toEqual([]);
    const worked = [0, 1, 2, 3].filter((chunk) => stagesOf(chunk).length > 0);
    expect(worked.length).toBeGreaterThan(0);
    expect(second.filter(({ kind, chunk }) => kind === 'done' && chunk !== undefined)).toHaveLength(4);
  });
});
