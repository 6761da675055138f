/** Who is next, with real Redis and real worker processes: coaches who share them, and what one coach waits for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../src-main/contract/calls.ts';
import type { App } from '../../src-main/core/app.ts';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import { defaultClipLimits, type Priority, priorities } from '../../worker/protocol/jobs.ts';
import { defaultKeyPrefix as prefix, type QueueName } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { bandOf } from '../../worker/queue/bullmq-fair-share.ts';
import { childrenPerTurn } from '../../worker/queue/fair-share.ts';
import { until as untilAsked } from './app-under-test.ts';
import { type CoreBench, createCoreBench, until } from './core-bench.ts';
import type { JournalLine, StagePlan } from './stage-plan.ts';

const never = new AbortController().signal;
let bench: CoreBench;
let redis: RedisConnection | undefined;
const queues: Queue[] = [];
beforeEach(() => {
  // Files are handed over by their paths.
  bench = createCoreBench({ files: { pathOf: (path) => path, release: async () => undefined } });
});
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
  redis?.disconnect();
  redis = undefined;
  await bench.close();
});

function queueOf(name: QueueName): Queue {
  redis ??= connectRedis({ kind: 'socket', path: join(bench.dataDirectory, 'redis', 'redis.sock') });
  const queue = new Queue(name, { connection: redis, prefix });
  queues.push(queue);
  return queue;
}

interface Wish extends Partial<StagePlan> {
  readonly owner: string;
  readonly priority?: Priority;
}

let count = 0;
/** All analyses of one owner write into one journal. */
async function analyse(app: App, { owner, priority = 'batch', ...plan }: Wish): Promise<JobView> {
  const id = `clip-${++count}`;
  const path = join(bench.folder, `${id}.mp4`);
  writeFileSync(path, id);
  const { clip } = await app.work.storeFile(path, id);
  const journal = join(bench.folder, `${owner}.journal`);
  const whole: StagePlan = { journal, chunks: 1, framesPerChunk: 1, gates: {}, failures: {}, ...plan };
  return await app.board.submit({
    name: 'analyse-clip',
    id: `analyse-${id}`,
    payload: {
      ...{ protocolVersion, owner, clip, clipName: JSON.stringify(whole), limits: defaultClipLimits },
      parameters: { model: 'blazepose-lite' },
    },
    priority: priorities[priority],
    isIntact: async () => true,
  });
}

/** Starts of chunks in the order of time, with their owners. */
function chunkStarts(...owners: string[]): (JournalLine & { owner: string })[] {
  return owners
    .flatMap((owner) => bench.journal(owner).map((line) => ({ ...line, owner })))
    .filter(({ what, name }) => what === 'start' && name.startsWith('chunk-'))
    .sort((a, b) => a.at - b.at);
}
const waiting = (queue: Queue, jobs: number): Promise<boolean> =>
  untilAsked(`${jobs} wait`, async () => (await queue.getPrioritizedCount()) === jobs);

describe('coaches who share workers', () => {
  it("begin one coach's only clip within the next few starts, though another has a hundred", async () => {
    const app = await bench.start();
    const pose = queueOf('pose');
    await pose.pause();
    for (let i = 0; i < 100; i++) await analyse(app, { owner: 'many' });
    await waiting(pose, 100);
    await pose.resume();
    await until('some have begun', () => chunkStarts('many').length >= 10);
    await pose.pause();
    await untilAsked('nothing is in hand', async () => (await pose.getActiveCount()) === 0);
    const before = chunkStarts('many').length;
    expect(before).toBeLessThan(90);

    const single = await analyse(app, { owner: 'single' });
    await untilAsked('it is planned', async () => await pose.getJob(`${single.id}-chunk-0`));
    await pose.resume();
    expect((await app.board.waitFor(single.id, never)).status).toBe('done');
    const starts = chunkStarts('many', 'single');
    const [own] = chunkStarts('single');
    // One turn of the other owner's, and what the two workers take in the same moment.
    expect(starts.findIndex(({ at }) => at === own?.at) - before).toBeLessThanOrEqual(4);
  });

  it('get equal parts of the workers while both have work', async () => {
    const app = await bench.start();
    const pose = queueOf('pose');
    await pose.pause();
    for (const owner of ['first', 'second']) for (let i = 0; i < 30; i++) await analyse(app, { owner });
    await waiting(pose, 60);
    await pose.resume();
    await until('all have begun', () => chunkStarts('first', 'second').length === 60);
    const starts = chunkStarts('first', 'second');
    for (const some of [10, 20, 40]) {
      const first = starts.slice(0, some).filter(({ owner }) => owner === 'first').length;
      expect(Math.abs(first - some / 2)).toBeLessThanOrEqual(2);
    }
  });

  it('are not held up by a long clip of one of them', async () => {
    const app = await bench.start({ workers: 1 });
    const pose = queueOf('pose');
    const gate = bench.gate('chunk-0');
    await analyse(app, { owner: 'long', chunks: 24, gates: { 'chunk-0': gate.path } });
    await until('it has begun', () => chunkStarts('long').length === 1);
    const short = await analyse(app, { owner: 'short', chunks: 2 });
    await waiting(pose, 25);
    gate.open();
    await app.board.waitFor(short.id, never);
    const owners = chunkStarts('long', 'short').map(({ owner }) => owner);
    const first = owners.indexOf('short');
    expect(first).toBeLessThanOrEqual(2 * childrenPerTurn);
    expect(owners.slice(first, first + 2)).toEqual(['short', 'short']);
  });
});

describe('what a coach waits for', () => {
  it('goes before a batch: after the chunk in hand, and no other', async () => {
    const app = await bench.start({ workers: 1 });
    const pose = queueOf('pose');
    const gate = bench.gate('chunk-1');
    await analyse(app, { owner: 'batch', chunks: 6, gates: { 'chunk-1': gate.path } });
    await until('the batch is at work', () => chunkStarts('batch').length === 2);
    const job = await analyse(app, { owner: 'window', chunks: 3, priority: 'interactive' });
    await waiting(pose, 7);
    gate.open();
    expect((await app.board.waitFor(job.id, never)).status).toBe('done');
    await until('all have begun', () => chunkStarts('batch', 'window').length === 9);
    const owners = chunkStarts('batch', 'window').map(({ owner }) => owner);
    expect(owners.slice(2, 5)).toEqual(['window', 'window', 'window']);
  });

  it('can be raised while it waits, with the chunks it has: "analyse this next"', async () => {
    const app = await bench.start({ workers: 1 });
    const pose = queueOf('pose');
    const gate = bench.gate('chunk-0');
    await analyse(app, { owner: 'batch', chunks: 4, priority: 'interactive', gates: { 'chunk-0': gate.path } });
    await until('it has begun', () => chunkStarts('batch').length === 1);
    const job = await analyse(app, { owner: 'wanted', chunks: 2 });
    await waiting(pose, 5);
    await app.calls['jobs.prioritize']({ jobId: job.id, priority: 'next' });
    gate.open();
    await app.board.waitFor(job.id, never);
    await until('all have begun', () => chunkStarts('batch', 'wanted').length === 6);
    const owners = chunkStarts('batch', 'wanted').map(({ owner }) => owner);
    expect(owners).toEqual(['batch', 'wanted', 'wanted', 'batch', 'batch', 'batch']);
  });

  it('is one clip, not an import of many; one of the many once it is asked for', async () => {
    const app = await bench.start({ workers: 1 });
    const names: readonly QueueName[] = ['analysis', 'media'];
    for (const name of names) await queueOf(name).pause();
    const files = ['one', 'two', 'three'].map((name) => {
      const id = join(bench.folder, `${name}.mp4`);
      writeFileSync(id, name);
      return { id, name: `${name}.mp4` };
    });
    const [one, ...others] = files;
    if (one === undefined) throw new Error('There is a file.');
    const bands = async (name: QueueName, clipName: string): Promise<number[]> =>
      (await queueOf(name).getPrioritized())
        .filter(({ data }) => data.clipName === clipName)
        .map(({ priority }) => bandOf(priority));
    await app.calls['library.import']({ files: others });
    await app.calls['library.import']({ files: [one] });
    for (const name of names) {
      expect(await bands(name, 'one.mp4')).toEqual([priorities.interactive]);
      expect(await bands(name, 'two.mp4')).toEqual([priorities.batch]);
    }
    const { clips } = await app.calls['library.list']({});
    const two = clips.find(({ name }) => name === 'two.mp4');
    const { settings } = await app.calls['settings.get']({});
    await app.calls['analysis.start']({
      clipSha256: two?.clip.sha256 ?? '',
      parameters: { model: settings.model, quality: settings.quality },
    });
    expect(await bands('analysis', 'two.mp4')).toEqual([priorities.interactive]);
    expect(await bands('analysis', 'three.mp4')).toEqual([priorities.batch]);
  });
});
