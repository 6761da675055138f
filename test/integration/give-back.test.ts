/** The jobs of a dead process go back at once; those of a living one never do. */
import { Worker } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { giveBackJobsOf } from '../../worker/queue/give-back.ts';
import { openBullQueue } from '../../worker/queue/open-bull-queue.ts';
import { until } from './app-under-test.ts';
import { createRedisBench, type RedisBench } from './redis-bench.ts';

const prefix = '{give-back}';
let bench: RedisBench;
const takers: Worker[] = [];
beforeEach(async () => {
  bench = createRedisBench();
  await bench.start();
});
afterEach(async () => {
  for (const taker of takers.splice(0)) await taker.close(true);
  await bench.stop();
  await bench.close();
});

/** Takes jobs by hand under that name, and never renews a lock. */
function taker(holder: string, lockDuration = 60_000): Worker {
  const options = { connection: bench.client(), prefix, name: holder, lockDuration, maxStalledCount: 9 };
  const worker = new Worker('pose', undefined, { ...options, stalledInterval: 50, autorun: false });
  takers.push(worker);
  return worker;
}

describe.skipIf(process.platform === 'win32')('giving back (needs a Unix socket)', () => {
  it('takes what the dead one held, from the front of its priority, and nothing that a living one holds', async () => {
    const queue = openBullQueue('pose', { connection: bench.client(), prefix });
    for (const id of ['a', 'b', 'c']) await queue.add('job', {}, { jobId: id, priority: 5 });
    await taker('dead').getNextJob('dead-token');
    await taker('alive').getNextJob('alive-token');
    await bench.client().del(queue.toKey('marker'));
    const given = await giveBackJobsOf({ connection: bench.client(), keyPrefix: prefix, holder: 'dead' });
    expect(given).toEqual(['a']);
    expect(await queue.getJobState('a')).toBe('prioritized');
    // What idle workers wait for.
    expect(await bench.client().zscore(queue.toKey('marker'), '0')).toBe('0');
    expect(await queue.getJobState('b')).toBe('active');
    const job = await taker('next').getNextJob('next-token');
    expect(job).toMatchObject({ id: 'a', attemptsMade: 0, stalledCounter: 0 });
    // Whoever asks again finds nothing of the dead one, though it once held this job.
    expect(await giveBackJobsOf({ connection: bench.client(), keyPrefix: prefix, holder: 'dead' })).toEqual([]);
    expect(await queue.getJobState('a')).toBe('active');
    await queue.close();
  });

  it('leaves a job alone that was taken again after the lock of the dead one had expired', async () => {
    const queue = openBullQueue('pose', { connection: bench.client(), prefix });
    await queue.add('job', {}, { jobId: 'a' });
    await taker('dead', 20).getNextJob('dead-token');
    const living = taker('alive');
    await living.startStalledCheckTimer();
    await until('it was found stalled', async () => (await queue.getJobState('a')) === 'waiting');
    await living.getNextJob('alive-token');
    expect(await giveBackJobsOf({ connection: bench.client(), keyPrefix: prefix, holder: 'dead' })).toEqual([]);
    expect(await queue.getJobState('a')).toBe('active');
    await queue.close();
  });
});
