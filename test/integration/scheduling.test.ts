/** What comes later, with real Redis and real worker processes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { ScheduleView, When } from '../../src-main/contract/schedule-views.ts';
import type { App } from '../../src-main/core/app.ts';
import { connectRedis } from '../../worker/connection.ts';
import { defaultKeyPrefix as prefix } from '../../worker/protocol/queues.ts';
import type { UpkeepName } from '../../worker/protocol/upkeep.ts';
import { until as untilAsked } from './app-under-test.ts';
import { type CoreBench, createCoreBench } from './core-bench.ts';
import type { StagePlan } from './stage-plan.ts';

const never = new AbortController().signal;
const hourMilliseconds = 3600 * 1000;
let bench: CoreBench;
/** What the machine is like. */
let machine: { onMains: boolean; idleSeconds: number };
beforeEach(() => {
  machine = { onMains: false, idleSeconds: 0 };
  bench = createCoreBench({ machine: { read: async () => machine } });
});
afterEach(() => bench.close());

async function analyse(app: App, name: string, when?: When, gates: StagePlan['gates'] = {}): Promise<JobView> {
  const path = join(bench.folder, `${name}.mp4`);
  writeFileSync(path, name);
  const journal = join(bench.folder, `${name}.journal`);
  const plan: StagePlan = { journal, chunks: 1, framesPerChunk: 1, gates, failures: {} };
  const { clip } = await app.work.storeFile(path, `${name}.mp4`);
  return await app.work.analyse({ clip, name: JSON.stringify(plan) }, { model: 'blazepose-lite' }, { when });
}
const hasBegun = (name: string): boolean => bench.journal(name).length > 0;
const ends = async (app: App, { id }: JobView): Promise<string> => (await app.board.waitFor(id, never)).status;
const inAnHour = (): string => new Date(Date.now() + hourMilliseconds).toISOString();

describe('a job with a time', () => {
  it('begins then, and says until then what it waits for', async () => {
    const app = await bench.start({ workers: 1 });
    const at = Date.now() + 700;
    const job = await analyse(app, 'later', { at: new Date(at).toISOString() });
    expect(job).toMatchObject({ status: 'queued', when: { at: new Date(at).toISOString() } });
    expect(await ends(app, job)).toBe('done');
    expect(bench.journal('later')[0]?.at).toBeGreaterThanOrEqual(at - 2);
    expect(app.board.get(job.id).when).toBeUndefined();
  });

  it('begins at once when somebody wants it now, one way or the other, and never when it is cancelled', async () => {
    const app = await bench.start({ workers: 1 });
    const jobs = {
      asked: await analyse(app, 'asked', { at: inAnHour() }),
      again: await analyse(app, 'again', { at: inAnHour() }),
    };
    const cancelled = await analyse(app, 'cancelled', { at: inAnHour() });
    await app.calls['jobs.runNow']({ jobId: jobs.asked.id });
    expect(await ends(app, jobs.asked)).toBe('done');
    await analyse(app, 'again');
    expect(await ends(app, jobs.again)).toBe('done');
    await app.calls['jobs.cancel']({ jobId: cancelled.id });
    await app.calls['jobs.runNow']({ jobId: cancelled.id });
    expect(await ends(app, cancelled)).toBe('cancelled');
    expect(hasBegun('cancelled')).toBe(false);
  });
});

describe('a job with a condition', () => {
  it('is held until the machine is so, over a restart too', async () => {
    const first = await bench.start({ workers: 1 });
    const mains = await analyse(first, 'mains', { condition: 'mains' });
    const idle = await analyse(first, 'idle', { condition: 'idle' });
    expect(idle).toMatchObject({ status: 'queued', when: { condition: 'idle' } });
    expect(await ends(first, await analyse(first, 'other'))).toBe('done');
    await first.stop();

    machine = { onMains: true, idleSeconds: 0 };
    const second = await bench.start({ workers: 1 });
    expect(await ends(second, mains)).toBe('done');
    expect(hasBegun('idle')).toBe(false);
    machine = { onMains: false, idleSeconds: 600 };
    expect(await ends(second, idle)).toBe('done');
  });

  it('begins with few others, so that few go on when the coach comes back', async () => {
    const app = await bench.start({ workers: 1 });
    const gate = bench.gate('plan');
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) await analyse(app, name, { condition: 'mains' }, { plan: gate.path });
    machine = { onMains: true, idleSeconds: 0 };
    await untilAsked('one has begun', () => names.some(hasBegun));
    machine = { onMains: false, idleSeconds: 0 };
    gate.open();
    const statuses = (): string[] => app.board.list().map(({ status }) => status);
    await untilAsked('two are done', () => statuses().filter((status) => status === 'done').length === 2);
    expect(app.board.list().filter(({ when }) => when && 'condition' in when)).toHaveLength(2);
  });
});

describe('what is done by itself', () => {
  const scheduleOf = async (app: App, kind: UpkeepName): Promise<ScheduleView> => {
    const { schedules } = await app.calls['schedules.list']({});
    const found = schedules.find((schedule) => schedule.kind === kind);
    if (found === undefined) throw new Error(`There is no ${kind}.`);
    return found;
  };
  const isAt = (time: string | undefined): string | undefined => time && new Date(time).toTimeString().slice(0, 5);

  it('follows the settings, and is kept over a restart', async () => {
    const first = await bench.start({ workers: 1 });
    expect(isAt((await scheduleOf(first, 'clean-up')).nextAt)).toBe('02:00');
    expect(await scheduleOf(first, 're-analyse')).toEqual({ kind: 're-analyse', enabled: false, runs: [] });
    let changes = 0;
    first.events.on('schedules.changed', () => void changes++);
    const { settings } = await first.calls['settings.get']({});
    await first.calls['settings.set']({ settings: { ...settings, nightlyReAnalysis: true, nightlyTime: '03:15' } });
    await untilAsked('both are moved', async () => {
      const { schedules } = await first.calls['schedules.list']({});
      return schedules.every(({ nextAt }) => isAt(nextAt) === '03:15');
    });
    expect(changes).toBeGreaterThan(0);
    await first.calls['schedules.cancel']({ kind: 'clean-up' });
    expect((await first.calls['settings.get']({})).settings.nightlyCleanUp).toBe(false);
    await first.stop();
    const second = await bench.start({ workers: 1 });
    expect(await scheduleOf(second, 'clean-up')).toMatchObject({ enabled: false });
    expect(await scheduleOf(second, 're-analyse')).toMatchObject({ enabled: true });
  });

  it('runs when it is asked to, in the app, and tells what it did', async () => {
    const app = await bench.start({ workers: 1 });
    expect(await ends(app, await analyse(app, 'clip'))).toBe('done');
    const { jobId } = await app.calls['schedules.runNow']({ kind: 'clean-up' });
    const run = await untilAsked('it is done', async () => {
      const [latest] = (await scheduleOf(app, 'clean-up')).runs;
      return latest?.status === 'done' && latest;
    });
    expect(run).toMatchObject({ jobId, cleanedUp: { assets: 0, bytes: 0 } });
    expect(run.endedAt).toBeDefined();
    await app.calls['schedules.runNow']({ kind: 're-analyse' });
    await untilAsked('it has looked', async () => (await scheduleOf(app, 're-analyse')).runs[0]?.reAnalysed);
  });

  it('makes up for a night that the machine was off, once, and then waits for the next one', async () => {
    const first = await bench.start({ workers: 1 });
    const redis = connectRedis({ kind: 'socket', path: join(bench.dataDirectory, 'redis', 'redis.sock') });
    const queue = new Queue('upkeep', { connection: redis, prefix });
    const [planned] = await queue.getDelayed();
    // As if its time, and two more nights, had passed by the next start.
    await redis.zadd(queue.toKey('delayed'), (Date.now() - 3 * 24 * hourMilliseconds) * 0x1000, planned?.id ?? '');
    await queue.close();
    redis.disconnect();
    await first.stop();

    const second = await bench.start({ workers: 1 });
    const [run] = await untilAsked('it ran', async () => {
      const { runs } = await scheduleOf(second, 'clean-up');
      return runs[0]?.status === 'done' && runs;
    });
    expect(run?.jobId).toBe(planned?.id);
    const { runs, nextAt } = await scheduleOf(second, 'clean-up');
    expect(runs).toHaveLength(1);
    expect(Date.parse(nextAt ?? '')).toBeGreaterThan(Date.now());
    expect(isAt(nextAt)).toBe('02:00');
  });
});
