/** Turns in Redis when they run out, and what they cost. */
import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisConnection } from '../../worker/connection.ts';
import { createBullFairShare } from '../../worker/queue/bullmq-fair-share.ts';
import { createRedisBench, type RedisBench } from './redis-bench.ts';

let bench: RedisBench;
let connection: RedisConnection;
beforeAll(async () => {
  bench = createRedisBench();
  await bench.start();
  connection = bench.client();
}, 60_000);
afterAll(() => bench.close(), 60_000);

const tags = 16;

function openShare() {
  const keyPrefix = `{test-${randomUUID()}}`;
  const queue = new Queue('media', { connection, prefix: keyPrefix });
  const queueOf = (): Queue => queue;
  const share = createBullFairShare({ connection, keyPrefix, queueOf, tags });
  const add = (id: string, owner = 'coach', band = 1, more: { delay?: number } = {}): Promise<void> =>
    share.place({ queue: 'media', ids: [id], band, owner }, ([priority = 0]) =>
      queue.add('test', {}, { jobId: id, priority, ...more }),
    );
  const priorityOf = async (id: string): Promise<number> => (await queue.getJob(id))?.priority ?? -1;
  const order = (): Promise<string[]> => connection.zrange(queue.toKey('prioritized'), '0', '-1');
  /** Takes the first one out of the queue, as a worker does. */
  const begin = async (): Promise<string> => {
    const [id = ''] = await connection.zpopmin(queue.toKey('prioritized'));
    await connection.rpush(queue.toKey('active'), id);
    await share.started('media', id);
    return id;
  };
  return { queue, share, add, order, begin, priorityOf };
}

describe('turns in Redis', () => {
  it('go on when they run out: nobody is overtaken by what came later', async () => {
    const { add, begin, order } = openShare();
    const expected: string[] = [];
    const begun: string[] = [];
    for (let i = 0; i < 100; i++) {
      await add(`job-${i}`);
      expected.push(`job-${i}`);
      // Two or three wait all the time.
      if (i > 1) begun.push(await begin());
    }
    while ((await order()).length > 0) begun.push(await begin());
    expect(begun).toEqual(expected);
  });

  it('move what is delayed, at work and in the queue alike, and leave other bands alone', async () => {
    const { add, begin, priorityOf } = openShare();
    await add('other band', 'coach', 2);
    await add('later', 'coach', 1, { delay: 1e6 });
    for (let i = 0; i < 13; i++) {
      await add(`job-${i}`);
      await begin();
    }
    expect(await priorityOf('job-12')).toBe(tags + 14);
    await add('last fitting');
    expect(await priorityOf('last fitting')).toBe(tags + 15);
    await add('next');
    // By the 14 turns begun.
    expect(await priorityOf('next')).toBe(tags + 2);
    expect(await priorityOf('last fitting')).toBe(tags + 1);
    expect(await priorityOf('job-12')).toBe(tags + 1);
    expect(await priorityOf('later')).toBe(tags + 1);
    expect(await priorityOf('other band')).toBe(2 * tags + 1);
    await add('other owner', 'guest');
    expect(await priorityOf('other owner')).toBe(tags + 1);
  });

  it('are shared at the end by what waits behind more jobs than there are turns, in the order of arrival', async () => {
    const { add, begin, order, queue } = openShare();
    const ids = Array.from({ length: 40 }, (_, i) => `job-${i}`);
    for (const id of ids) await add(id);
    expect(await order()).toEqual(ids);
    const priorities = await Promise.all(ids.map(async (id) => (await queue.getJob(id))?.priority ?? 0));
    expect(Math.max(...priorities)).toBe(2 * tags - 1);
    for (const id of ids) expect(await begin()).toBe(id);
  });

  it('are taken again for a job that was on its way while they were moved', async () => {
    const { add, begin, share, queue, priorityOf } = openShare();
    for (let i = 0; i < 13; i++) {
      await add(`job-${i}`);
      await begin();
    }
    await share.place({ queue: 'media', ids: ['slow'], band: 1, owner: 'slow' }, async ([priority = 0]) => {
      expect(priority).toBe(tags + 14);
      for (let i = 0; i < 3; i++) await add(`fast-${i}`);
      await queue.add('test', {}, { jobId: 'slow', priority });
    });
    expect(await priorityOf('slow')).toBeLessThan(tags + 4);
  });
});
