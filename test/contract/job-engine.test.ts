import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { until } from '../integration/app-under-test.ts';
import { createRedisBench, type RedisBench } from '../integration/redis-bench.ts';
import { testJobControl } from './job-control.conformance.ts';
import { testJobEngine } from './job-engine.conformance.ts';
import { openMemoryEngine, openRedisEngine } from './job-engines.ts';
import { testJobSchedules } from './job-schedules.conformance.ts';
import { testJobSharing } from './job-sharing.conformance.ts';
import { testJobWishes } from './job-wishes.conformance.ts';

let bench: RedisBench;
beforeAll(async () => {
  bench = createRedisBench();
  await bench.start();
}, 60_000);
afterAll(() => bench.close(), 60_000);

const suites = [testJobEngine, testJobControl, testJobWishes, testJobSharing, testJobSchedules];
for (const suite of suites) {
  suite('in this process', openMemoryEngine);
  suite('in Redis', () => openRedisEngine({ kind: 'socket', path: bench.socket }));
}

describe('a hold of the queues in Redis', () => {
  const prefix = `{test-${randomUUID()}}`;
  const open = (options = {}) => openBullEngine({ kind: 'socket', path: bench.socket }, prefix, options);

  it('ends with whoever has it, not because somebody opens the queue; the last of two resumes it', async () => {
    const [first, second] = [await open(), await open()];
    const holds = [await first.hold(), await second.hold()];
    const onlooker = await open();
    expect(await onlooker.isPaused('pose')).toBe(true);
    await holds[0]?.release();
    expect(await onlooker.isPaused('pose')).toBe(true);
    await holds[1]?.release();
    expect(await onlooker.isPaused('pose')).toBe(false);
    for (const engine of [first, second, onlooker]) await engine.close();
  });

  it('ends when its process has died and its lease is over, and leaves paused what was paused', async () => {
    const leased = { holdLeaseMilliseconds: 300 };
    const [witness, exporter] = [await open(leased), await open(leased)];
    await witness.pause('media');
    await exporter.hold();
    // What a process that dies does about its holds.
    await exporter.close();
    await until('the queue goes on', async () => !(await witness.isPaused('pose')));
    expect(await witness.isPaused('media')).toBe(true);
    await witness.close();
  });
});
