/** Figures for Prometheus and notices, from the app as it runs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src-main/contract/calls.ts';
import type { QueueNotice } from '../../src-main/contract/queue-views.ts';
import type { App } from '../../src-main/core/app.ts';
import { dispatch } from '../../src-main/core/dispatch.ts';
import { type ReadFamily, readPrometheus } from '../unit/core/prometheus-lines.ts';
import { until as untilAsked } from './app-under-test.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';

const never = new AbortController().signal;
let bench: CoreBench;
beforeEach(() => {
  bench = createCoreBench({ host: 'loopback' });
});
afterEach(async () => {
  await bench.close();
});

const setMetrics = (app: App, metrics: { enabled: boolean; port: number }) =>
  app.calls['settings.set']({ settings: settingsSchema.parse({ metrics }) });
const addressOf = async (app: App): Promise<string | undefined> => (await app.calls['app.info']({})).metricsAddress;
const readValue = (families: ReadFamily[], name: string, wanted: Record<string, string>): number | undefined =>
  families
    .flatMap((family) => family.samples)
    .find(
      (sample) => sample.name === name && Object.entries(wanted).every(([key, value]) => sample.labels[key] === value),
    )?.value;

describe('metrics', () => {
  it('are served where the coach says, from when he says it, and count what workers do', async () => {
    const app = await bench.start();
    expect(await addressOf(app)).toBeUndefined();
    await setMetrics(app, { enabled: true, port: 0 });
    const address = (await addressOf(app)) ?? '';
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const scrape = async (): Promise<ReadFamily[]> => readPrometheus(await (await fetch(address)).text());

    const done = await bench.analyse(app, 'fine', { chunks: 4 });
    const failed = await bench.analyse(app, 'refused', { failures: { plan: 'refused' } });
    for (const job of [done, failed]) await app.board.waitFor(job.id, never);
    const total = (from: ReadFamily[], status: string) =>
      readValue(from, 'shadow_trainer_jobs_ended_total', { queue: 'analysis', status });
    const workers = app.fleet.list().map(({ id }) => id);
    const areUp = (from: ReadFamily[]) =>
      workers.every((worker) => readValue(from, 'shadow_trainer_worker_up', { worker }) === 1);
    const families = await untilAsked('both workers are up and have told what they did', async () => {
      const now = await scrape();
      const ofWorkers = now.find(({ name }) => name === 'shadow_trainer_worker_jobs_total')?.samples ?? [];
      const ended = ofWorkers.reduce((sum, { value }) => sum + value, 0);
      // Four chunks, one plan that failed, one end of an analysis.
      return areUp(now) && ended === 6 && total(now, 'done') === 1 && total(now, 'failed') === 1 && now;
    });
    expect(readValue(families, 'shadow_trainer_job_run_seconds_count', { queue: 'analysis' })).toBe(1);
    expect(readValue(families, 'shadow_trainer_queue_jobs', { queue: 'pose', status: 'completed' })).toBe(4);
    expect(readValue(families, 'shadow_trainer_queue_jobs', { queue: 'analysis', status: 'failed' })).toBe(1);
    const frames = workers.map((worker) => readValue(families, 'shadow_trainer_worker_frames_total', { worker }) ?? 0);
    expect(frames.reduce((sum, value) => sum + value, 0)).toBe(40);

    await setMetrics(app, { enabled: false, port: 0 });
    expect(await addressOf(app)).toBeUndefined();
    await expect(fetch(address)).rejects.toThrow();
  });

  it('are served again after a restart, and an address that cannot be used is said in a sentence', async () => {
    const first = await bench.start({ workers: 1 });
    const refused = await dispatch(
      first,
      'settings.set',
      { settings: { metrics: { enabled: true, port: 70_000 } } },
      () => undefined,
    );
    expect(refused).toMatchObject({
      ok: false,
      failure: { code: 'INVALID_INPUT', message: expect.stringMatching(/a port is a whole number from 0 to 65535/) },
    });
    await setMetrics(first, { enabled: true, port: 0 });
    const taken = Number(new URL((await addressOf(first)) ?? '').port);
    await first.stop();

    const second = await bench.start({ workers: 1 });
    expect(readPrometheus(await (await fetch((await addressOf(second)) ?? '')).text()).length).toBeGreaterThan(0);
    await setMetrics(second, { enabled: true, port: taken });
    expect(await addressOf(second)).toBe(`http://127.0.0.1:${taken}/metrics`);
  });
});

describe('notices', () => {
  it('tell of a batch that ended and of a job that died, unless they are switched off', async () => {
    const app = await bench.start();
    const notices: QueueNotice[] = [];
    app.events.on('queue.notice', ({ notice }) => notices.push(notice));
    const gate = bench.gate('plan');
    const gates = { plan: gate.path };
    for (const name of ['one', 'two']) await bench.analyse(app, name, { gates });
    await bench.analyse(app, 'bad', { gates, failures: { plan: 'refused' } });
    gate.open();
    await until('the batch has ended', () => notices.some(({ kind }) => kind === 'batch-ended'));
    expect(notices.map(({ kind, ready, failed }) => [kind, ready, failed])).toEqual([
      ['job-failed', 0, 1],
      ['batch-ended', 2, 1],
    ]);
    expect(notices[0]?.message).toMatch(/There is no video in this file\.$/);
    expect(notices[1]?.message).toBe('2 clips ready, 1 failed.');

    await app.calls['settings.set']({ settings: settingsSchema.parse({ notifications: false }) });
    const other = await bench.analyse(app, 'worse', { failures: { plan: 'refused' } });
    await app.board.waitFor(other.id, never);
    expect(notices).toHaveLength(2);
  });
});
