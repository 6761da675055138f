import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import { canTransition, type JobStatus } from '../../worker/protocol/status.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';

const never = new AbortController().signal;
let bench: CoreBench;
beforeEach(() => {
  bench = createCoreBench();
});
afterEach(async () => {
  await bench.close();
});

const starts = (name: string, stage: string): number =>
  bench.journal(name).filter((line) => line.what === 'start' && line.name === stage).length;
const isRunning = (name: string, stage: string): boolean => starts(name, stage) > 0;

describe('the queue, with real Redis and real workers', () => {
  it('runs an analysis through its chunks, reports it without ever going back, and never twice', async () => {
    const app = await bench.start();
    const seen: JobView[] = [];
    app.events.on('job.changed', ({ job }) => seen.push(job));
    const job = await bench.analyse(app, 'throw', { chunks: 5 });
    const ended = await app.board.waitFor(job.id, never);
    expect(ended).toMatchObject({ status: 'done', analysisId: job.clipSha256 });
    expect(ended.endedAt).toBeDefined();

    const statuses = seen.map(({ status }) => status).filter((status, i, all) => status !== all[i - 1]);
    expect(statuses[0]).toBe('queued');
    expect(statuses.at(-1)).toBe('done');
    for (let i = 1; i < statuses.length; i++)
      expect(canTransition(statuses[i - 1] as JobStatus, statuses[i] as JobStatus)).toBe(true);
    const fractions = seen.flatMap(({ progress }) => progress?.fraction ?? []);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const pose = seen.flatMap(({ progress }) => (progress?.stage === 'pose' ? [progress] : []));
    expect(pose.at(-1)).toMatchObject({ framesDone: 50, framesTotal: 50 });

    // Results arrive in order, whichever worker made them.
    const document = await app.stores.analyses.read(job.clipSha256, 'analysis.json');
    const order = (JSON.parse(new TextDecoder().decode(document)) as string[]).map((text) => JSON.parse(text)[1]);
    expect(order).toEqual([0, 1, 2, 3, 4]);

    const again = await bench.analyse(app, 'throw', { chunks: 5 });
    expect(again).toMatchObject({ id: job.id, status: 'done' });
    expect(starts('throw', 'plan')).toBe(1);
    expect(starts('throw', 'chunk-3')).toBe(1);
  });

  it.each(['plan', 'chunk-1', 'finish'])(
    'cancels within a second while %s runs, and retries on demand',
    async (stage) => {
      const app = await bench.start();
      const gate = bench.gate(stage);
      const job = await bench.analyse(app, 'long', { gates: { [stage]: gate.path } });
      await until(`${stage} runs`, () => isRunning('long', stage));
      const started = performance.now();
      await app.board.cancel(job.id);
      const ended = await app.board.waitFor(job.id, never);
      expect(ended.status).toBe('cancelled');
      expect(ended.failure).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(1000);
      await until('the stage has let go', () => bench.journal('long').some(({ what }) => what === 'aborted'), 1000);

      gate.open();
      await app.board.retry(job.id);
      expect(await app.board.waitFor(job.id, never)).toMatchObject({ status: 'done' });
    },
  );

  it('never runs a job that was cancelled while it waited', async () => {
    const app = await bench.start({ workers: 1 });
    const gate = bench.gate('first');
    const first = await bench.analyse(app, 'first', { gates: { plan: gate.path } });
    await until('the first job runs', () => isRunning('first', 'plan'));
    const second = await bench.analyse(app, 'second');
    expect(second.status).toBe('queued');
    await app.board.cancel(second.id);
    expect((await app.board.waitFor(second.id, never)).status).toBe('cancelled');
    gate.open();
    await app.board.waitFor(first.id, never);
    const third = await bench.analyse(app, 'third');
    await app.board.waitFor(third.id, never);
    expect(bench.journal('second')).toEqual([]);
  });

  it('tries again what may pass, and gives up on what cannot', async () => {
    const app = await bench.start();
    const hiccup = await bench.analyse(app, 'hiccup', { failures: { 'chunk-0': 'once' } });
    expect((await app.board.waitFor(hiccup.id, never)).status).toBe('done');
    expect(starts('hiccup', 'chunk-0')).toBe(2);

    const refused = await bench.analyse(app, 'refused', { failures: { plan: 'refused' } });
    const ended = await app.board.waitFor(refused.id, never);
    expect(ended).toMatchObject({
      status: 'failed',
      failure: { code: 'CLIP_NO_VIDEO', message: 'There is no video in this file.' },
    });
    expect(starts('refused', 'plan')).toBe(1);
  });

  it('says why an analysis failed when a chunk did, and leaves its other chunks alone', async () => {
    const app = await bench.start({ workers: 1 });
    const gate = bench.gate('chunk-2');
    const plan = { failures: { 'chunk-0': 'refused' }, gates: { 'chunk-2': gate.path } } as const;
    const job = await bench.analyse(app, 'broken', plan);
    expect(await app.board.waitFor(job.id, never)).toMatchObject({
      status: 'failed',
      failure: { code: 'CLIP_NO_VIDEO' },
    });
    const next = await bench.analyse(app, 'next');
    // Would wait for ever behind the gate if the chunk still held the only worker.
    expect((await app.board.waitFor(next.id, never)).status).toBe('done');
  });

  it('goes on with another worker when one is killed, without doing finished chunks again', async () => {
    const app = await bench.start();
    const job = await bench.analyse(app, 'killed', { chunks: 4, failures: { 'chunk-2': 'dies once' } });
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(starts('killed', 'chunk-2')).toBe(2);
    expect(starts('killed', 'chunk-0')).toBe(1);
    expect(starts('killed', 'plan')).toBe(1);
    await until('the worker is back', () => app.fleet.list().filter(({ status }) => status === 'running').length === 2);
    expect(Math.max(...app.fleet.list().map(({ restarts }) => restarts))).toBe(1);
  });

  it('goes on after Redis was killed', async () => {
    const app = await bench.start();
    const gate = bench.gate('chunk-1');
    const job = await bench.analyse(app, 'outage', { gates: { 'chunk-1': gate.path } });
    await until('the chunk runs', () => isRunning('outage', 'chunk-1'));
    const redis = bench.log.join('\n').match(/pid=(\d+), just started/)?.[1];
    process.kill(Number(redis), 'SIGKILL');
    await until('Redis was started again', () => /redis-server ended/.test(bench.log.join('\n')));
    gate.open();
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
  });

  it('keeps what is queued over a restart of the app, and hands back what ran', async () => {
    const gate = bench.gate('chunk-1');
    const first = await bench.start();
    const job = await bench.analyse(first, 'kept', { gates: { 'chunk-1': gate.path } });
    await until('the chunk runs', () => isRunning('kept', 'chunk-1'));
    await until('the others are done', () => bench.journal('kept').filter(({ what }) => what === 'end').length === 3);
    await first.stop();

    const second = await bench.start();
    expect(second.board.list().map(({ id }) => id)).toEqual([job.id]);
    gate.open();
    expect((await second.board.waitFor(job.id, never)).status).toBe('done');
    expect(starts('kept', 'plan')).toBe(1);
    expect(starts('kept', 'chunk-0')).toBe(1);
  });
});
