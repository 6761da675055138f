/** A worker in the process of whoever wants the work done: the same stages and limits, without a queue in Redis. */
import { rm } from 'node:fs/promises';
import { guardJobs } from './guard-jobs.ts';
import { createJobTally } from './job-tally.ts';
import type { Ports } from './pipeline/ports.ts';
import { type Processors, processJob, processors } from './processors.ts';
import { defaultGraceSeconds } from './protocol/limits.ts';
import { queueNames } from './protocol/queues.ts';
import { protocolVersion } from './protocol/version.ts';
import type { InProcessWorker, InProcessWorkerOptions } from './queue/in-process-worker.ts';
import { workerIsLeaving } from './queue/job-engine.ts';
import type { StartLedger } from './start-ledger.ts';
import { createWorkerPorts } from './worker-ports.ts';

/** How long a leaving worker may go on with the jobs in hand, and how long handing them back may take. */
const drainMilliseconds = 10_000;
const handBackMilliseconds = 2_000;

/** With this machine's ffmpeg, model and disk. */
export async function startInProcessWorker(options: InProcessWorkerOptions): Promise<InProcessWorker> {
  const ports = await createWorkerPorts(options.settings);
  const { workerId } = options.settings;
  return runInProcessWorker({
    ...options,
    processors,
    ports: {
      ...ports,
      log: (message, details) => options.onLog(JSON.stringify({ worker: workerId, message, ...details })),
    },
    onEnd: () => rm(ports.temporaryDirectory, { recursive: true, force: true }),
  });
}

export interface RunInProcessWorkerOptions extends InProcessWorkerOptions {
  readonly ports: Ports;
  readonly processors: Processors;
  /** Called last. */
  readonly onEnd: () => Promise<void>;
}

export function runInProcessWorker(options: RunInProcessWorkerOptions): InProcessWorker {
  const { source, settings, ports, onChange } = options;
  const { isCancelled } = source;
  const running = new Set<string>();
  let paused = false;
  let ffmpeg: string | undefined;

  const tally = createJobTally();
  const guarded = guardJobs({
    workerId: settings.workerId,
    ledger: withoutDeaths,
    mostDeaths: Number.POSITIVE_INFINITY,
    overrides: settings.limits ?? {},
    jobTimeLimitSeconds: settings.jobTimeLimitSeconds,
    graceSeconds: settings.graceSeconds ?? defaultGraceSeconds,
    isClosed: () => paused,
    isCancelled,
    belongsElsewhere: async () => false,
    onOtherProtocol: () => undefined,
    onDeafJob: options.onDeafJob,
    process: (job, signal) => processJob(job, signal, { ports, processors: options.processors, isCancelled }),
  });
  const counted = tally.around(guarded);
  const consumers = queueNames.map((queue) =>
    source.consume(queue, async (job, signal) => {
      running.add(job.id);
      onChange();
      try {
        return await counted(job, signal);
      } finally {
        running.delete(job.id);
        onChange();
      }
    }),
  );
  for (const consumer of consumers) void consumer.run();
  ports.media.version().then(
    (version) => {
      ffmpeg = version;
      onChange();
    },
    () => undefined,
  );

  return {
    heartbeat: () => ({
      workerId: settings.workerId,
      at: Date.now(),
      protocolVersion,
      appVersion: settings.appVersion,
      versions: { onnxruntime: ports.versions.onnxruntime, ...(ffmpeg !== undefined && { ffmpeg }) },
      currentJobs: [...running],
      memoryBytes: process.memoryUsage.rss(),
      totals: tally.totals(),
      ...(paused && { paused }),
    }),
    pause() {
      paused = true;
      for (const consumer of consumers) consumer.pause();
      onChange();
    },
    resume() {
      paused = false;
      for (const consumer of consumers) consumer.resume();
      onChange();
    },
    async leave(how) {
      const closed = Promise.all(consumers.map((consumer) => consumer.close()));
      if (how === 'drain') await atMost(drainMilliseconds, closed);
      for (const consumer of consumers) consumer.cancelAllJobs(workerIsLeaving);
      await atMost(handBackMilliseconds, closed);
      await options.onEnd();
    },
  };
}

/** Whatever dies here takes the engine along, so there is nothing to count. */
const withoutDeaths: StartLedger = {
  begin: async () => ({ deaths: 0, pausedAt: undefined, queueProtocol: undefined, end: () => undefined }),
  forgive: async () => undefined,
};

async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
