/** How long a job may take, and what becomes of one that takes longer or makes no progress. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LimitOverrides, StageLimits } from '../../worker/protocol/limits.ts';
import { until } from './core-bench.ts';
import { startWorkerBench, type WorkerBench } from './worker-bench.ts';

const never = new AbortController().signal;
let bench: WorkerBench;
afterEach(() => bench.close());

/** Far away, but for those given. Seconds. */
function pose(limits: { soft?: number; hard?: number; silence?: number }): LimitOverrides {
  const seconds = (base = 600): StageLimits['soft'] => ({ base, perFrame: 0 });
  return { pose: { soft: seconds(limits.soft), hard: seconds(limits.hard), silence: seconds(limits.silence) } };
}

describe('limits', () => {
  it('asks a stage to stop after its soft limit; the job fails once, with its code, and goes on when asked to', async () => {
    bench = await startWorkerBench({ workerSettings: { limits: pose({ soft: 1 }) } }, 2);
    const { app } = bench;
    const job = await bench.analyse(app, 'slow', { failures: { 'chunk-1': 'endless once' } });
    const ended = await app.board.waitFor(job.id, never);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'TIME_LIMIT' } });
    expect(bench.lines('slow', 'chunk-1')).toHaveLength(1);
    expect(bench.lines('slow', 'chunk-1', 'aborted')).toHaveLength(1);
    await app.board.retry(job.id);
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(app.fleet.list().map(({ restarts }) => restarts)).toEqual([0, 0]);
  });

  it('holds a job to the time limit of the settings, whatever its stages may take', async () => {
    bench = await startWorkerBench({ workerSettings: { jobTimeLimitSeconds: 1 } }, 1);
    const { app } = bench;
    const job = await bench.analyse(app, 'long', { failures: { plan: 'endless once' } });
    const ended = await app.board.waitFor(job.id, never);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'TIME_LIMIT' } });
  });

  it('notices a stage that makes no progress, and tries again', async () => {
    bench = await startWorkerBench({ workerSettings: { limits: pose({ silence: 1 }) } }, 2);
    const { app } = bench;
    const job = await bench.analyse(app, 'hung', { failures: { 'chunk-1': 'hangs once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(bench.lines('hung', 'chunk-1', 'aborted')).toHaveLength(1);
    expect(bench.lines('hung', 'chunk-0')).toHaveLength(1);
    expect(bench.logged('NO_PROGRESS')).toBe(true);
    expect(app.fleet.list().map(({ restarts }) => restarts)).toEqual([0, 0]);
  });

  it.each([
    ['does not stop when asked to', { limits: pose({ silence: 1 }), graceSeconds: 1 }],
    ['is over its hard limit', { limits: pose({ hard: 1 }) }],
  ])('ends the process of a stage that %s; the job goes to another', async (_what, workerSettings) => {
    bench = await startWorkerBench({ workerSettings }, 2);
    const { app } = bench;
    const job = await bench.analyse(app, 'deaf', { failures: { 'chunk-1': 'deaf once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(new Set(bench.lines('deaf', 'chunk-1').map(({ pid }) => pid)).size).toBe(2);
    expect(bench.logged('ended (77)')).toBe(true);
    expect(bench.logged(`given back: ${job.id}-chunk-1`)).toBe(true);
    await until('both workers run', () => bench.isRunning(2));
  });
});
