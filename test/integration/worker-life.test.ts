/** What becomes of a job whose worker hangs, freezes, grows or dies: the job ends right, and the fleet lives. */
import { afterEach, describe, expect, it } from 'vitest';
import type { App } from '../../src-main/core/app.ts';
import type { AppDependencies } from '../../src-main/core/app-dependencies.ts';
import type { LimitOverrides, StageLimits } from '../../worker/protocol/limits.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';

const never = new AbortController().signal;
let bench: CoreBench;
afterEach(() => bench.close());

function startBench(dependencies: Partial<AppDependencies>, workers: number): Promise<App> {
  bench = createCoreBench(dependencies);
  return bench.start({ workers });
}
/** Far away, but for those given. Seconds. */
function pose(limits: { soft?: number; hard?: number; silence?: number }): LimitOverrides {
  const seconds = (base = 600): StageLimits['soft'] => ({ base, perFrame: 0 });
  return { pose: { soft: seconds(limits.soft), hard: seconds(limits.hard), silence: seconds(limits.silence) } };
}
const lines = (name: string, stage: string, what = 'start') =>
  bench.journal(name).filter((line) => line.what === what && line.name === stage);
const logged = (text: string): boolean => bench.log.some((line) => line.includes(text));
const isRunning = (app: App, workers: number) => () =>
  app.fleet.list().filter(({ status }) => status === 'running').length === workers;
const isGone = (pid: number) => (): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('limits', () => {
  it('asks a stage to stop after its soft limit; the job fails once, with its code, and goes on when asked to', async () => {
    const app = await startBench({ workerSettings: { limits: pose({ soft: 1 }) } }, 2);
    const job = await bench.analyse(app, 'slow', { failures: { 'chunk-1': 'endless once' } });
    const ended = await app.board.waitFor(job.id, never);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'TIME_LIMIT' } });
    expect(lines('slow', 'chunk-1')).toHaveLength(1);
    expect(lines('slow', 'chunk-1', 'aborted')).toHaveLength(1);
    await app.board.retry(job.id);
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(app.fleet.list().map(({ restarts }) => restarts)).toEqual([0, 0]);
  });

  it('holds a job to the time limit of the settings, whatever its stages may take', async () => {
    const app = await startBench({ workerSettings: { jobTimeLimitSeconds: 1 } }, 1);
    const job = await bench.analyse(app, 'long', { failures: { plan: 'endless once' } });
    const ended = await app.board.waitFor(job.id, never);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'TIME_LIMIT' } });
  });

  it('notices a stage that makes no progress, and tries again', async () => {
    const app = await startBench({ workerSettings: { limits: pose({ silence: 1 }) } }, 2);
    const job = await bench.analyse(app, 'hung', { failures: { 'chunk-1': 'hangs once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(lines('hung', 'chunk-1', 'aborted')).toHaveLength(1);
    expect(lines('hung', 'chunk-0')).toHaveLength(1);
    expect(logged('NO_PROGRESS')).toBe(true);
    expect(app.fleet.list().map(({ restarts }) => restarts)).toEqual([0, 0]);
  });

  it.each([
    ['does not stop when asked to', { limits: pose({ silence: 1 }), graceSeconds: 1 }],
    ['is over its hard limit', { limits: pose({ hard: 1 }) }],
  ])('ends the process of a stage that %s; the job goes to another', async (_what, workerSettings) => {
    const app = await startBench({ workerSettings }, 2);
    const job = await bench.analyse(app, 'deaf', { failures: { 'chunk-1': 'deaf once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(new Set(lines('deaf', 'chunk-1').map(({ pid }) => pid)).size).toBe(2);
    expect(logged('ended (77)')).toBe(true);
    expect(logged(`given back: ${job.id}-chunk-1`)).toBe(true);
    await until('both workers run', isRunning(app, 2));
  });
});

describe('workers that die', () => {
  it('kills a worker that is frozen; another one goes on with its job', async () => {
    const app = await startBench({ frozenSeconds: 5 }, 2);
    const job = await bench.analyse(app, 'frozen', { failures: { 'chunk-1': 'freezes once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    const [first, second] = lines('frozen', 'chunk-1').map(({ pid }) => pid);
    expect(second).not.toBe(first);
    await until('the frozen process has gone', isGone(first ?? 0));
    expect(logged('is frozen')).toBe(true);
    await until('both workers run', isRunning(app, 2));
  });

  it('sets a job aside that kills its workers; its analysis fails, all others end', async () => {
    const app = await startBench({ workerSettings: { mostDeaths: 2 } }, 2);
    const poisoned = await bench.analyse(app, 'poison', { failures: { 'chunk-1': 'dies' } });
    const others = await Promise.all(['a', 'b', 'c'].map((name) => bench.analyse(app, name)));
    const ended = await app.board.waitFor(poisoned.id, never);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'POISONED' } });
    expect(ended.failure?.message).toContain('died 2 times');
    for (const { id } of others) expect((await app.board.waitFor(id, never)).status).toBe('done');
    expect(lines('poison', 'chunk-1')).toHaveLength(2);
    await until('both workers run', isRunning(app, 2));
    // Only a person may ask for it again: then it has its chances anew.
    await app.board.retry(poisoned.id);
    expect((await app.board.waitFor(poisoned.id, never)).failure?.code).toBe('POISONED');
    expect(lines('poison', 'chunk-1')).toHaveLength(4);
  });

  it('does not take a job for poisoned that is interrupted again and again by something else', async () => {
    const app = await startBench({ workerSettings: { mostDeaths: 1 } }, 1);
    const gate = bench.gate('chunk-0');
    const job = await bench.analyse(app, 'innocent', { gates: { 'chunk-0': gate.path } });
    for (let round = 1; round <= 2; round++) {
      await until('the chunk runs', () => lines('innocent', 'chunk-0').length === round);
      const [worker] = app.fleet.list();
      await app.workerControl.stop(worker?.id ?? '');
      await until('it was handed back', () => lines('innocent', 'chunk-0', 'aborted').length === round);
    }
    gate.open();
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
  });
});

describe('memory', () => {
  it('starts a worker again that has grown, between two jobs', async () => {
    const app = await startBench({ workerSettings: { restartAboveBytes: 1 } }, 1);
    const job = await bench.analyse(app, 'grown', { chunks: 1 });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    await until('it has left', () => logged('ended (75)'));
    await until('it is back', isRunning(app, 1));
    // In order: nothing was interrupted.
    for (const stage of ['plan', 'chunk-0', 'finish']) expect(lines('grown', stage)).toHaveLength(1);
  });

  it('ends one that grows beyond all measure in the middle of a job; the job goes on', async () => {
    const app = await startBench({ workerSettings: { endAboveBytes: 650e6 } }, 1);
    const job = await bench.analyse(app, 'growing', { chunks: 1, failures: { 'chunk-0': 'grows once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(logged('ended (76)')).toBe(true);
    expect(lines('growing', 'chunk-0')).toHaveLength(2);
  });
});
