/** The queue of one team as the monitor sees it: the core's own job board, figures and workers, looking on. */

import { askRedis, connectRedis, type RedisTarget } from '../../../worker/connection.ts';
import { AppError } from '../../../worker/protocol/errors.ts';
import type { MetricFamily } from '../../../worker/protocol/prometheus-text.ts';
import { teamKeyPrefix } from '../../../worker/protocol/team.ts';
import { openBullEngine } from '../../../worker/queue/bullmq-engine.ts';
import type { AppCalls } from '../../contract/bridge.ts';
import type { CallHandlers } from '../../core/call-handlers.ts';
import { createEventHub, type EventHub } from '../../core/event-hub.ts';
import { openJobBoard } from '../../core/jobs/job-board.ts';
import { createJobMeter } from '../../core/metrics/job-meter.ts';
import { readQueueCounts } from '../../core/metrics/queue-counts.ts';
import { queueMetrics } from '../../core/metrics/queue-metrics.ts';
import { createQueueCalls } from '../../core/queue-calls.ts';
import { createUndoStack } from '../../core/undo-stack.ts';
import { createWorkerCalls } from '../../core/workers/worker-calls.ts';
import { createWorkerControl } from '../../core/workers/worker-control.ts';
import { listWorkers, readHeartbeats, watchWorkers } from '../../core/workers/worker-views.ts';

/** What the monitor answers; the rest of the bridge belongs to an app with clips of its own. */
export type MonitorCalls = Pick<
  CallHandlers,
  Extract<keyof AppCalls, `jobs.${string}` | `queue.${string}` | `workers.${string}`> | 'library.list'
>;

export interface TeamWatch {
  readonly calls: MonitorCalls;
  readonly events: EventHub;
  /** Throws AppError REDIS_UNREACHABLE. */
  metrics(): Promise<MetricFamily[]>;
  close(): Promise<void>;
}

export interface TeamWatchOptions {
  readonly redis: RedisTarget;
  readonly team: string;
  readonly version: string;
}

/** Throws AppError REDIS_UNREACHABLE. */
export async function openTeamWatch({ redis, team, version }: TeamWatchOptions): Promise<TeamWatch> {
  const keyPrefix = teamKeyPrefix(team);
  const undo = createUndoStack();
  try {
    const connection = connectRedis(redis, 'answer');
    undo.add(async () => connection.disconnect());
    // Before the engine, which waits for as long as it takes.
    await askRedis(() => connection.ping());
    const engine = await openBullEngine(redis, keyPrefix);
    undo.add(engine.close);
    const events = createEventHub();
    const meter = createJobMeter(Date.now());
    const board = await openJobBoard({
      engine,
      isOnlooker: true,
      onChange(job) {
        meter.observe(job);
        events.emit('job.changed', { job });
      },
      onRemove: (jobId) => events.emit('job.removed', { jobId }),
    });
    undo.add(board.close);
    // None of them is the team server's own.
    const workerViews = async () =>
      listWorkers({ list: () => [] }, await askRedis(() => readHeartbeats(connection, keyPrefix)));
    const watch = watchWorkers(workerViews, events);
    undo.add(async () => watch.stop());
    const control = createWorkerControl(connection, keyPrefix);
    return {
      events,
      calls: {
        ...createQueueCalls({ board, queue: () => ({ engine }), engineOf: () => engine }),
        ...createWorkerCalls(workerViews, () => control),
        // A team server keeps files for jobs, and no library.
        'library.list': async () => ({ clips: [] }),
      },
      async metrics() {
        const [queues, workers] = await Promise.all([readQueueCounts(engine), workerViews()]);
        return [...queueMetrics({ version, queues, workers }), ...meter.families()];
      },
      close: () => undo.run(),
    };
  } catch (error) {
    await undo.run();
    throw error instanceof AppError
      ? error
      : new AppError('REDIS_UNREACHABLE', 'The queue of the team does not answer.', { cause: error });
  }
}
