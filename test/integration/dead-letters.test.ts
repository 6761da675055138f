/** What is known of a job after it went wrong, and what can be done with it: through the real queue and real workers. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { JobDetails } from '../../src-main/contract/queue-views.ts';
import type { App } from '../../src-main/core/app.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';

const never = new AbortController().signal;
let bench: CoreBench;
beforeEach(() => {
  bench = createCoreBench();
});
afterEach(async () => {
  await bench.close();
});

const detailsOf = async (app: App, { id }: JobView): Promise<JobDetails> =>
  (await app.calls['jobs.details']({ jobId: id })).details;
const story = ({ timeline }: JobDetails, chunk?: number): string[] =>
  timeline.filter((entry) => entry.chunk === chunk).map(({ kind }) => kind);
const noted = (name: string, stage: string, what: string) =>
  bench.journal(name).filter((line) => line.name === stage && line.what === what);
const ended = async (app: App, { id }: JobView): Promise<JobView> => await app.board.waitFor(id, never);

describe('a job that failed for good', () => {
  it('keeps cause, stage, worker, attempts and log, also over a restart of the app', async () => {
    const first = await bench.start();
    const job = await bench.analyse(first, 'broken', { failures: { 'chunk-1': 'always' } });
    const { failure } = await ended(first, job);
    const details = await detailsOf(first, job);
    expect(failure).toMatchObject({ code: 'FFMPEG_FAILED', message: 'The decoder failed.' });
    expect(details.origin).toMatchObject({ stage: 'pose', attempt: 3 });
    expect(first.fleet.list().map(({ id }) => id)).toContain(details.origin?.worker);
    expect(details.workers).toContain(details.origin?.worker);
    expect(failure?.origin).toEqual(details.origin);
    expect(story(details, 1).filter((kind) => kind !== 'stage')).toEqual([
      'started',
      'retry',
      'started',
      'retry',
      'started',
      'failed',
    ]);
    expect(story(details).at(-1)).toBe('failed');
    expect(details.notes.filter(({ text, chunk }) => chunk === 1 && /The decoder failed/.test(text))).toHaveLength(3);
    // What is finished is kept.
    expect(details.chunks).toEqual({ done: 2, total: 3 });
    await first.stop();

    const second = await bench.start();
    expect(await detailsOf(second, job)).toEqual(details);
  });

  it('is tried again with its story, alone or with all others, or discarded', async () => {
    const app = await bench.start();
    const gone: string[] = [];
    app.events.on('job.removed', ({ jobId }) => gone.push(jobId));
    const refused = { failures: { plan: 'refused' } } as const;
    const one = await bench.analyse(app, 'one', refused);
    const two = await bench.analyse(app, 'two', refused);
    for (const job of [one, two]) expect((await ended(app, job)).status).toBe('failed');

    expect(await app.calls['jobs.retryAll']({})).toEqual({ count: 2 });
    await until('both ran again', () => ['one', 'two'].every((name) => noted(name, 'plan', 'start').length === 2));
    for (const job of [one, two]) expect((await ended(app, job)).status).toBe('failed');
    const told = story(await detailsOf(app, one)).filter((kind) => kind !== 'stage');
    expect(told).toEqual(['queued', 'started', 'failed', 'queued', 'retry', 'started', 'failed']);

    await app.calls['jobs.discard']({ jobId: one.id });
    expect(app.board.list().map(({ id }) => id)).toEqual([two.id]);
    await expect(app.calls['jobs.details']({ jobId: one.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await app.calls['jobs.discardAll']({})).toEqual({ count: 1 });
    expect(gone).toEqual([one.id, two.id]);
    await app.stop();
    expect((await bench.start()).board.list()).toEqual([]);
  });

  it('can be discarded only once it has ended', async () => {
    const app = await bench.start({ workers: 1 });
    const gate = bench.gate('plan');
    const job = await bench.analyse(app, 'runs', { gates: { plan: gate.path } });
    await until('it runs', () => noted('runs', 'plan', 'start').length > 0);
    await expect(app.calls['jobs.discard']({ jobId: job.id })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    gate.open();
    expect((await ended(app, job)).status).toBe('done');
  });
});

describe('the story of a job', () => {
  it('tells which worker died on it, and who went on', async () => {
    const app = await bench.start();
    const job = await bench.analyse(app, 'killed', { failures: { 'chunk-1': 'dies once' } });
    expect((await ended(app, job)).status).toBe('done');
    const details = await detailsOf(app, job);
    const [killed] = noted('killed', 'chunk-1', 'start');
    expect(details.timeline.filter(({ kind }) => kind === 'stalled')).toEqual([
      expect.objectContaining({ chunk: 1, worker: killed?.worker, stage: 'pose' }),
    ]);
    expect(story(details, 1).filter((kind) => kind !== 'stage')).toEqual(['started', 'stalled', 'started', 'done']);
    expect(details.timeline.map(({ at }) => at)).toEqual(details.timeline.map(({ at }) => at).sort((a, b) => a - b));
  });

  it('has pause and resume in it: what is in hand lets go at once, and nothing begins until it goes on', async () => {
    const app = await bench.start({ workers: 1 });
    const gate = bench.gate('chunk-0');
    const job = await bench.analyse(app, 'paused', { gates: { 'chunk-0': gate.path } });
    await until('the chunk runs', () => noted('paused', 'chunk-0', 'start').length > 0);
    await app.calls['jobs.pause']({ jobId: job.id });
    expect(app.board.get(job.id).status).toBe('paused');
    await until('the chunk has let go', () => noted('paused', 'chunk-0', 'aborted').length > 0);
    gate.open();
    const other = await bench.analyse(app, 'other');
    expect((await ended(app, other)).status).toBe('done');
    expect(app.board.get(job.id).status).toBe('paused');
    expect(noted('paused', 'chunk-0', 'end')).toEqual([]);

    await app.calls['jobs.resume']({ jobId: job.id });
    expect((await ended(app, job)).status).toBe('done');
    const kinds = story(await detailsOf(app, job));
    expect(kinds.indexOf('resumed')).toBeGreaterThan(kinds.indexOf('paused'));
    expect(kinds).not.toContain('stalled');
  });
});

describe('the queue as a whole', () => {
  it('pauses and goes on, and counts what it did', async () => {
    const app = await bench.start({ workers: 1 });
    await app.calls['queue.pause']({});
    const job = await bench.analyse(app, 'held');
    const held = (await app.calls['queue.statistics']({})).statistics;
    expect(held).toMatchObject({ isPaused: true, depth: { queued: 1, running: 0 } });
    await app.calls['queue.resume']({});
    expect((await ended(app, job)).status).toBe('done');
    expect(noted('held', 'plan', 'start')).toHaveLength(1);

    const { statistics } = await app.calls['queue.statistics']({});
    expect(statistics).toMatchObject({ isPaused: false, depth: { queued: 0, running: 0 }, perHour: 1 });
    expect(statistics.all).toMatchObject({ done: 1, failed: 0, successRate: 1 });
    const { createdAt, startedAt = '', endedAt = '' } = app.board.get(job.id);
    expect([createdAt, startedAt, endedAt]).toEqual([createdAt, startedAt, endedAt].sort());
    // It was begun before its chunks, not with its last visit.
    expect(Date.parse(endedAt)).toBeGreaterThan(Date.parse(startedAt));
    expect(statistics.all.runSeconds?.p50).toBeCloseTo((Date.parse(endedAt) - Date.parse(startedAt)) / 1000, 6);
  });
});
