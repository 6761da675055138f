/** The engines of the product as the conformance suite takes them, with workers in this process. */
import { randomUUID } from 'node:crypto';
import { connectRedis, type RedisConnection, type RedisTarget } from '../../worker/connection.ts';
import { listenForControl } from '../../worker/control-listener.ts';
import type { WorkerQueueName } from '../../worker/protocol/queues.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { createBullSource } from '../../worker/queue/bullmq-source.ts';
import { type JobConsumer, type JobSource, type ProcessJob, workerIsLeaving } from '../../worker/queue/job-engine.ts';
import { createMemoryEngine } from '../../worker/queue/memory-engine.ts';
import type { JobEngineUnderTest, TestWorker } from './job-engine-bench.ts';

interface OpenWorker extends TestWorker {
  readonly all: readonly JobConsumer[];
}

function openWorker(source: JobSource, process: ProcessJob): OpenWorker {
  const consumers: Readonly<Record<WorkerQueueName, JobConsumer>> = {
    analysis: source.consume('analysis', process),
    pose: source.consume('pose', process),
    media: source.consume('media', process),
  };
  const all = Object.values(consumers);
  return {
    consumers,
    all,
    async leave() {
      for (const consumer of all) consumer.cancelAllJobs(workerIsLeaving);
      await Promise.all(all.map((consumer) => consumer.close()));
    },
  };
}

export async function openMemoryEngine(): Promise<JobEngineUnderTest> {
  const engine = createMemoryEngine();
  return {
    engine,
    async startWorker(process) {
      const worker = openWorker(engine, process);
      for (const consumer of worker.all) void consumer.run();
      return worker;
    },
    close: () => engine.close(),
  };
}

/** Under a prefix of its own; what it leaves there goes with the server. */
export async function openRedisEngine(
  target: RedisTarget,
  keyPrefix = `{test-${randomUUID()}}`,
): Promise<JobEngineUnderTest> {
  const engine = await openBullEngine(target, keyPrefix);
  const connections: RedisConnection[] = [];
  const connect = (): RedisConnection => {
    const connection = connectRedis(target);
    connections.push(connection);
    return connection;
  };
  return {
    engine,
    async startWorker(process) {
      const workerId = `worker-${randomUUID()}`;
      const source = createBullSource({
        connection: connect(),
        keyPrefix,
        holder: workerId,
        lockMilliseconds: 15_000,
        stalledCheckMilliseconds: 5_000,
        onError: () => undefined,
      });
      const worker = openWorker(source, process);
      await listenForControl({
        subscriber: connect(),
        keyPrefix,
        workerId,
        onStop(jobIds, reason) {
          for (const id of jobIds) for (const consumer of worker.all) consumer.cancelJob(id, reason);
        },
        onLeave: () => void worker.leave(),
        onMark: () => undefined,
      });
      for (const consumer of worker.all) consumer.run().catch(() => undefined);
      return worker;
    },
    async close() {
      await engine.close();
      // Jobs that a test left open will never end: their workers are cut off.
      for (const connection of connections) connection.disconnect();
    },
  };
}
