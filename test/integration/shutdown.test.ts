/** However the app ends, nothing of it is left, and what was begun goes on at the next start. */
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const clips = madeClips();
let clip: string;
beforeAll(() => {
  if (notReady === undefined) clip = makePersonClip(clips, 130);
});
afterAll(() => clips.remove());

let dataDirectory: string;
let app: AppUnderTest | undefined;
beforeEach(async () => {
  dataDirectory = await createDataDirectory();
  await writeFile(join(dataDirectory, 'settings.json'), '{"model":"blazepose-lite","workers":1}');
});
afterEach(async () => {
  await app?.end('SIGTERM');
  app = undefined;
  await removeDataDirectory(dataDirectory);
});

const nothingLeft = (): Promise<true> =>
  until('every process of the app has ended', () => processesOf(dataDirectory).length === 0, 20).catch(() => {
    throw new Error(`Left behind:\n${processesOf(dataDirectory).join('\n')}`);
  });

/** Starts an analysis and waits until a worker is at it; resolves to the id of the job. */
async function beginAnalysis(of: AppUnderTest): Promise<string> {
  await of.importFile(clip);
  const begun = await until('the analysis is under way', async () => {
    const job = await of.jobOfKind('analyse-clip');
    return job?.progress && job.status === 'running' && job;
  });
  return begun.id;
}

async function endOf(of: AppUnderTest, jobId: string): Promise<string> {
  return await until('the job has ended', async () => {
    const { status, failure } = await of.job(jobId);
    if (failure) throw new Error(`${failure.code}: ${failure.message}\n${of.log()}`);
    return isEnded(status) && status;
  });
}

describe.skipIf(notReady !== undefined)(`shutting down${notReady ? ` (skipped: ${notReady})` : ''}`, () => {
  it('killed in the middle of an analysis: nothing is left, and the next start finishes it', async () => {
    app = await startLoopback(dataDirectory);
    const jobId = await beginAnalysis(app);
    const commands = processesOf(dataDirectory).join('\n');
    for (const part of ['loopback.js', 'redis-guard.js', 'redis-server', 'worker.js']) expect(commands).toContain(part);

    expect(await app.end('SIGKILL')).toBe('SIGKILL');
    await nothingLeft();

    app = await startLoopback(dataDirectory);
    expect((await app.call('library.list', {})).clips).toHaveLength(1);
    expect(await endOf(app, jobId)).toBe('done');
    // What the killed run left in the data folder is gone too.
    expect(await readdir(join(dataDirectory, 'running'))).toHaveLength(1);
    expect(await app.end('SIGTERM')).toBe(0);
    await nothingLeft();
  });

  it('killed and started again at once: the new one works, whatever of the old one still ends', async () => {
    app = await startLoopback(dataDirectory);
    const jobId = await beginAnalysis(app);
    await app.end('SIGKILL');
    app = await startLoopback(dataDirectory);
    expect(await endOf(app, jobId)).toBe('done');
  });

  it('told to end in the middle of an analysis: ends cleanly, and the next start finishes it', async () => {
    app = await startLoopback(dataDirectory);
    const jobId = await beginAnalysis(app);
    expect(existsSync(join(dataDirectory, 'redis', 'redis.sock'))).toBe(true);

    expect(await app.end('SIGTERM')).toBe(0);
    await nothingLeft();
    const left = await readdir(join(dataDirectory, 'redis'));
    expect(left.filter((name) => name.endsWith('.sock'))).toEqual([]);
    expect(await readdir(join(dataDirectory, 'running'))).toEqual([]);

    app = await startLoopback(dataDirectory);
    expect(await endOf(app, jobId)).toBe('done');
  });

  it('a second app on the same data folder is refused in one sentence, and the first goes on', async () => {
    app = await startLoopback(dataDirectory);
    await expect(startLoopback(dataDirectory)).rejects.toThrow('already running');
    expect((await app.call('library.list', {})).clips).toEqual([]);
  });
});
