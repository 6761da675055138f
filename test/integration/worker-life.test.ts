/** What becomes of a job whose worker freezes, grows or dies: the job ends right, and the fleet lives. */
import { afterEach, describe, expect, it } from 'vitest';
import { until } from './core-bench.ts';
import { startWorkerBench, type WorkerBench } from './worker-bench.ts';

const never = new AbortController().signal;
let bench: WorkerBench;
afterEach(() => bench.close());

const isGone = (pid: number) => (): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('workers that die', () => {
  it('kills a worker that is frozen; another one goes on with its job', async () => {
    bench = await startWorkerBench({ frozenSeconds: 5 }, 2);
    const { app } = bench;
    const job = await bench.analyse(app, 'frozen', { failures: { 'chunk-1': 'freezes once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    const [first, second] = bench.lines('frozen', 'chunk-1').map(({ pid }) => pid);
    expect(second).not.toBe(first);
    await until('the frozen process has gone', isGone(first ?? 0));
    expect(bench.logged('is frozen')).toBe(true);
    await until('both workers run', () => bench.isRunning(2));
  });

  it('sets a job aside that kills its workers; its analysis fails, all others end', async () => {
    bench = await startWorkerBench({ workerSettings: { mostDeaths: 2 } }, 2);
    const { app } = bench;
    const poisoned = await bench.analyse(app, 'poison', { failures: { 'chunk-1': 'dies' } });
    const others = await Promise.all(['a', 'b', 'c'].map((name) => bench.analyse(app, name)));
    const ended = await app.board.waitFor(poisoned.id, never);
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'POISONED' } });
    expect(ended.failure?.message).toContain('died 2 times');
    for (const { id } of others) expect((await app.board.waitFor(id, never)).status).toBe('done');
    expect(bench.lines('poison', 'chunk-1')).toHaveLength(2);
    await until('both workers run', () => bench.isRunning(2));
    // Only a person may ask for it again: then it has its chances anew.
    await app.board.retry(poisoned.id);
    expect((await app.board.waitFor(poisoned.id, never)).failure?.code).toBe('POISONED');
    expect(bench.lines('poison', 'chunk-1')).toHaveLength(4);
  });

  it('does not take a job for poisoned that is interrupted again and again by something else', async () => {
    bench = await startWorkerBench({ workerSettings: { mostDeaths: 1 } }, 1);
    const { app } = bench;
    const gate = bench.gate('chunk-0');
    const job = await bench.analyse(app, 'innocent', { gates: { 'chunk-0': gate.path } });
    for (let round = 1; round <= 2; round++) {
      await until('the chunk runs', () => bench.lines('innocent', 'chunk-0').length === round);
      const [worker] = app.fleet.list();
      await app.workerControl.stop(worker?.id ?? '');
      await until('it was handed back', () => bench.lines('innocent', 'chunk-0', 'aborted').length === round);
    }
    gate.open();
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
  });
});

describe('memory', () => {
  it('starts a worker again that has grown, between two jobs', async () => {
    bench = await startWorkerBench({ workerSettings: { restartAboveBytes: 1 } }, 1);
    const { app } = bench;
    const job = await bench.analyse(app, 'grown', { chunks: 1 });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    await until('it has left', () => bench.logged('ended (75)'));
    await until('it is back', () => bench.isRunning(1));
    // In order: nothing was interrupted.
    for (const stage of ['plan', 'chunk-0', 'finish']) expect(bench.lines('grown', stage)).toHaveLength(1);
  });

  it('ends one that grows beyond all measure in the middle of a job; the job goes on', async () => {
    bench = await startWorkerBench({ workerSettings: { endAboveBytes: 650e6 } }, 1);
    const { app } = bench;
    const job = await bench.analyse(app, 'growing', { chunks: 1, failures: { 'chunk-0': 'grows once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(bench.logged('ended (76)')).toBe(true);
    expect(bench.lines('growing', 'chunk-0')).toHaveLength(2);
  });
});
