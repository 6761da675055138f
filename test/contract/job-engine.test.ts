import { afterAll, beforeAll } from 'vitest';
import { createRedisBench, type RedisBench } from '../integration/redis-bench.ts';
import { testJobEngine } from './job-engine.conformance.ts';
import { openMemoryEngine, openRedisEngine } from './job-engines.ts';
import { testJobSchedules } from './job-schedules.conformance.ts';
import { testJobSharing } from './job-sharing.conformance.ts';

let bench: RedisBench;
beforeAll(async () => {
  bench = createRedisBench();
  await bench.start();
}, 60_000);
afterAll(() => bench.close(), 60_000);

testJobEngine('in this process', openMemoryEngine);
testJobEngine('in Redis', () => openRedisEngine({ kind: 'socket', path: bench.socket }));

testJobSharing('in this process', openMemoryEngine);
testJobSharing('in Redis', () => openRedisEngine({ kind: 'socket', path: bench.socket }));

testJobSchedules('in this process', openMemoryEngine);
testJobSchedules('in Redis', () => openRedisEngine({ kind: 'socket', path: bench.socket }));
