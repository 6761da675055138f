/** An ffmpeg that the system has stopped: noticed because nothing moves, ended, and its job tried again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../src-main/core/app.ts';
import { builtFile, notBuilt } from './app-under-test.ts';
import { type CoreBench, createCoreBench, hasProcesses, processesNaming, until } from './core-bench.ts';
import { madeClips, testPicture } from './media-made-clips.ts';

const never = new AbortController().signal;
const reason = notBuilt ?? (hasProcesses ? undefined : 'needs /proc');

describe.skipIf(reason !== undefined)(`a frozen ffmpeg${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const clips = madeClips();
  let bench: CoreBench;
  let app: App;
  beforeAll(async () => {
    const far = { base: 600, perFrame: 0 };
    bench = createCoreBench({
      runner: { execPath: process.execPath, env: {} },
      workerScript: builtFile('worker.js'),
      redisGuardScript: builtFile('redis-guard.js'),
      workerSettings: { limits: { playback: { soft: far, hard: far, silence: { base: 3, perFrame: 0 } } } },
    });
    app = await bench.start({ workers: 1 });
  });
  afterAll(async () => {
    await bench.close();
    clips.remove();
  });

  it('is ended after a while without progress, and the job goes well when it is tried again', async () => {
    const path = clips.make(
      'frozen.mp4',
      ...testPicture({ seconds: 20, size: '1280x720' }),
      ...['-c:v', 'libx264', '-preset', 'ultrafast'],
    );
    const atPlayback = new Promise<string>((resolve) =>
      app.events.on('job.changed', ({ job }) => job.progress?.stage === 'playback' && resolve(job.id)),
    );
    await app.work.importFile(path, 'frozen.mp4');
    const analysis = app.board.list().find(({ kind }) => kind === 'analyse-clip');
    await app.board.cancel(analysis?.id ?? '');
    const jobId = await atPlayback;
    const frozen = processesNaming('proxy.mp4').filter((pid) => processesNaming(bench.dataDirectory).includes(pid));
    expect(frozen).toHaveLength(1);
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');

    await until('it has gone', () => !processesNaming('proxy.mp4').some((pid) => frozen.includes(pid)));
    expect((await app.board.waitFor(jobId, never)).status).toBe('done');
    expect(bench.log.join('\n')).toContain('NO_PROGRESS');
    expect(app.fleet.list().map(({ restarts }) => restarts)).toEqual([0]);
  });
});
