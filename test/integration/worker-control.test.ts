/** What is said to workers while they live: pause, resume, drain, stop, and which jobs are theirs at all. */
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema, type WorkerView } from '../../src-main/contract/calls.ts';
import type { App } from '../../src-main/core/app.ts';
import { connectRedis, type RedisConnection, type RedisTarget } from '../../worker/connection.ts';
import { createWorkerFleet, type WorkerFleet } from '../../worker/machine/worker-fleet.ts';
import { controlChannel, type Heartbeat, heartbeatKey, protocolKey } from '../../worker/protocol/control.ts';
import { chunkJobId } from '../../worker/protocol/jobs.ts';
import { defaultKeyPrefix as prefix, type QueueName } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { createJobPauses } from '../../worker/queue/job-pauses.ts';
import { until as untilAsked } from './app-under-test.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';

const never = new AbortController().signal;
let bench: CoreBench;
let redis: RedisConnection | undefined;
const queues = new Map<QueueName, Queue>();
const fleets: WorkerFleet[] = [];
beforeEach(() => {
  bench = createCoreBench();
});
afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.stop();
  for (const queue of queues.values()) await queue.close();
  queues.clear();
  redis?.disconnect();
  redis = undefined;
  await bench.close();
});

const target = (): RedisTarget => ({ kind: 'socket', path: join(bench.dataDirectory, 'redis', 'redis.sock') });
function client(): RedisConnection {
  redis ??= connectRedis(target());
  return redis;
}
function queueOf(name: QueueName): Queue {
  const queue = queues.get(name) ?? new Queue(name, { connection: client(), prefix });
  queues.set(name, queue);
  return queue;
}
const lines = (name: string, stage: string, what = 'start') =>
  bench.journal(name).filter((line) => line.what === what && line.name === stage);
const started = (name: string, stage: string): Promise<number> =>
  until(`${stage} of ${name} runs`, () => lines(name, stage).length > 0);
const viewWhere = (app: App, what: string, holds: (view: WorkerView) => boolean): Promise<WorkerView> =>
  untilAsked(what, async () => (await app.calls['workers.list']({})).workers.find(holds));
const onlyWorker = (app: App): string => app.fleet.list()[0]?.id ?? '';

describe('pause and resume', () => {
  it('of a worker: it finishes the job in hand, takes no other, also as a new process, and goes on when told to', async () => {
    const app = await bench.start({ workers: 1 });
    const id = onlyWorker(app);
    const gate = bench.gate('chunk-0');
    const first = await bench.analyse(app, 'first', { chunks: 2, gates: { 'chunk-0': gate.path } });
    await started('first', 'chunk-0');
    await app.workerControl.pause(id);
    await viewWhere(app, 'it is paused, and at work', (view) => view.paused === true && view.status === 'busy');
    gate.open();
    await viewWhere(app, 'it has nothing to do', (view) => view.status === 'idle');
    expect(lines('first', 'chunk-0', 'end')).toHaveLength(1);

    process.kill(app.fleet.list()[0]?.pid ?? 0, 'SIGKILL');
    await viewWhere(app, 'it was started again', ({ restarts, status }) => restarts === 1 && status === 'idle');
    expect((await viewWhere(app, 'it is there', () => true)).paused).toBe(true);
    expect(lines('first', 'chunk-1')).toEqual([]);

    await app.workerControl.resume(id);
    expect((await app.board.waitFor(first.id, never)).status).toBe('done');
    expect((await viewWhere(app, 'it takes jobs', (view) => view.status === 'idle')).paused).toBeUndefined();
  });

  it('of a queue: no worker takes anything from it', async () => {
    const app = await bench.start();
    await queueOf('pose').pause();
    const job = await bench.analyse(app, 'held');
    await untilAsked('the chunks wait', async () => (await queueOf('pose').getPrioritizedCount()) === 3);
    await viewWhere(app, 'both are idle', (view) => view.status === 'idle');
    expect(lines('held', 'chunk-0')).toEqual([]);
    await queueOf('pose').resume();
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
  });

  it('of an analysis: the chunk in hand is kept, no other begins, others overtake it, and it goes on from there', async () => {
    const app = await bench.start({ workers: 1 });
    const pauses = createJobPauses({ connection: client(), keyPrefix: prefix, queueOf });
    const gate = bench.gate('chunk-0');
    const job = await bench.analyse(app, 'long', { gates: { 'chunk-0': gate.path } });
    await started('long', 'chunk-0');
    await pauses.pause([job.id]);
    gate.open();
    await untilAsked('its other chunks are put back', async () => (await queueOf('pose').getDelayedCount()) === 2);
    const other = await bench.analyse(app, 'other');
    expect((await app.board.waitFor(other.id, never)).status).toBe('done');
    expect(lines('long', 'chunk-0', 'end')).toHaveLength(1);
    expect([...lines('long', 'chunk-1'), ...lines('long', 'chunk-2')]).toEqual([]);
    expect(await pauses.isPaused(job.id)).toBe(true);

    const chunks = [0, 1, 2].map((i) => ({ queue: 'pose', id: chunkJobId(job.id, i) }) as const);
    await pauses.resume([{ queue: 'analysis', id: job.id }, ...chunks]);
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(lines('long', 'chunk-0')).toHaveLength(1);
    expect(lines('long', 'plan')).toHaveLength(1);
  });

  it('of a job that waits: it is held until resumed, and a cancel ends it all the same', async () => {
    const app = await bench.start({ workers: 1 });
    const pauses = createJobPauses({ connection: client(), keyPrefix: prefix, queueOf });
    const gate = bench.gate('plan');
    const first = await bench.analyse(app, 'first', { gates: { plan: gate.path } });
    await started('first', 'plan');
    const [held, cancelled] = [await bench.analyse(app, 'held'), await bench.analyse(app, 'cancelled')];
    await pauses.pause([held.id, cancelled.id]);
    gate.open();
    await app.board.waitFor(first.id, never);
    await untilAsked('both are put back', async () => (await queueOf('analysis').getDelayedCount()) === 2);
    await app.board.cancel(cancelled.id);
    expect((await app.board.waitFor(cancelled.id, never)).status).toBe('cancelled');
    expect([...bench.journal('held'), ...bench.journal('cancelled')]).toEqual([]);
    await pauses.resume([{ queue: 'analysis', id: held.id }]);
    expect((await app.board.waitFor(held.id, never)).status).toBe('done');
  });
});

describe('restart, drain and stop', () => {
  it('are different: a restart and a drain finish the chunk in hand, as SIGTERM does, a stop hands it back', async () => {
    const app = await bench.start({ workers: 1 });
    for (const how of ['restart', 'drain', 'SIGTERM', 'stop'] as const) {
      const gate = bench.gate(how);
      const job = await bench.analyse(app, how, { chunks: 2, gates: { 'chunk-0': gate.path } });
      await started(how, 'chunk-0');
      const before = app.fleet.list()[0]?.restarts ?? 0;
      if (how === 'SIGTERM') process.kill(lines(how, 'chunk-0')[0]?.pid ?? 0, how);
      else await app.workerControl[how](onlyWorker(app));
      if (how !== 'stop') await viewWhere(app, 'it says that it ends', ({ leaving }) => leaving === true);
      else await until('it lets go', () => lines('stop', 'chunk-0', 'aborted').length === 1);
      gate.open();
      if (how === 'drain') {
        await viewWhere(
          app,
          'it is back, and takes nothing',
          ({ status, paused }) => status === 'idle' && paused === true,
        );
        expect(lines(how, 'chunk-1')).toEqual([]);
        await app.workerControl.resume(onlyWorker(app));
      }
      expect((await app.board.waitFor(job.id, never)).status).toBe('done');
      expect(lines(how, 'chunk-0')).toHaveLength(how === 'stop' ? 2 : 1);
      // Each ended its process, and the other chunk was the next one's. What was asked for is no death.
      expect(app.fleet.list()[0]?.restarts).toBe(before + (how === 'SIGTERM' ? 1 : 0));
      expect(lines(how, 'chunk-1')[0]?.pid).not.toBe(lines(how, 'chunk-0')[0]?.pid);
    }
  });
});

describe('jobs that are not for this worker', () => {
  it('refuses to work for a queue that speaks another protocol, says why, and works when it no longer does', async () => {
    const app = await bench.start({ workers: 1 });
    await viewWhere(app, 'it takes jobs', (view) => view.status === 'idle');
    await client().set(protocolKey(prefix), String(protocolVersion + 1));
    const job = await bench.analyse(app, 'other');
    const { refusal, status } = await viewWhere(app, 'it refuses', (view) => view.refusal !== undefined);
    expect(refusal).toContain(`the queue version ${protocolVersion + 1}`);
    expect(status).toBe('idle');
    expect(bench.journal('other')).toEqual([]);
    await app.workerControl.announceProtocol();
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
  });

  it('hands a job back whose model it lacks, or that prefers a graphics processor, for one that has it', async () => {
    const app = await bench.start({ workers: 0 });
    const startWorker = (name: string, weightsDirectory: string): void => {
      const fleet = createWorkerFleet({
        runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
        workerScript: join(import.meta.dirname, 'staged-worker.ts'),
        settings: {
          ...{ appVersion: name, redis: target(), keyPrefix: prefix, queues: ['analysis', 'pose'], device: 'cpu' },
          ...{ dataDirectory: bench.dataDirectory, weightsDirectory, temporaryDirectory: bench.folder },
        },
        onLog: () => undefined,
        onChange: () => undefined,
        onTrouble: () => undefined,
      });
      fleets.push(fleet);
      fleet.resize(1);
    };
    // Only said to be there: it takes nothing.
    const ghost: Heartbeat = {
      ...{ workerId: 'ghost', at: Date.now(), protocolVersion, appVersion: '', versions: { onnxruntime: '' } },
      ...{ models: { 'blazepose-lite': 'sha256' }, currentJobs: [], memoryBytes: 0 },
    };
    await client().hset(heartbeatKey(prefix), 'ghost', JSON.stringify(ghost));
    startWorker('without', join(bench.folder, 'nothing'));
    const job = await bench.analyse(app, 'model');
    await untilAsked('it was put back', async () => (await queueOf('analysis').getDelayedCount()) === 1);
    expect(bench.journal('model')).toEqual([]);

    startWorker('with', bench.folder);
    await client().hdel(heartbeatKey(prefix), 'ghost');
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');

    // And of a graphics processor, where the job would rather have one.
    const device = { requested: 'cuda', active: 'cuda' } as const;
    await client().hset(heartbeatKey(prefix), 'ghost', JSON.stringify({ ...ghost, at: Date.now(), device }));
    await app.calls['settings.set']({ settings: settingsSchema.parse({ team: { prefersGpu: true } }) });
    const preferring = await bench.analyse(app, 'gpu');
    await untilAsked('it is left to it', async () => (await queueOf('analysis').getDelayedCount()) === 1);
    expect(bench.journal('gpu')).toEqual([]);
    await client().hdel(heartbeatKey(prefix), 'ghost');
    expect((await app.board.waitFor(preferring.id, never)).status).toBe('done');
    const [chunk] = await queueOf('pose').getJobs(['completed']);
    expect(chunk?.data).toMatchObject({ prefers: 'gpu' });
  });

  it('ignores what it does not understand on the control channel', async () => {
    const app = await bench.start({ workers: 1 });
    await viewWhere(app, 'it is idle', (view) => view.status === 'idle');
    for (const text of ['', '{}', '{"type":"explode"}', '[1]']) await client().publish(controlChannel(prefix), text);
    const job = await bench.analyse(app, 'after');
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    expect(app.fleet.list()[0]?.restarts).toBe(0);
  });
});
