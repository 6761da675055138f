/** The calls of the bridge about the queue as a whole, and about single jobs in it. */
import { priorities } from '../../worker/protocol/jobs.ts';
import { queueNames } from '../../worker/protocol/queues.ts';
import type { JobEngine } from '../../worker/queue/job-engine.ts';
import type { CallHandlers } from './call-handlers.ts';
import type { JobBoard } from './jobs/job-board.ts';
import { readJobDetails } from './jobs/job-details.ts';
import { readQueueCounts } from './metrics/queue-counts.ts';
import { queueStatistics } from './metrics/queue-statistics.ts';

type QueueCall = Extract<keyof CallHandlers, `jobs.${string}` | `queue.${string}`>;

/** The queue that is paused and counted. */
export interface ShownQueue {
  readonly engine: JobEngine;
  /** Throws AppError TEAM_REFUSED. Everybody may, when absent. */
  readonly assertMayOperate?: () => void;
}

export interface QueueCallParts {
  readonly board: JobBoard;
  readonly queue: () => ShownQueue;
  /** The one that keeps a job. */
  readonly engineOf: (jobId: string) => JobEngine;
}

export function createQueueCalls({ board, queue, engineOf }: QueueCallParts): Pick<CallHandlers, QueueCall> {
  const forEachFailed = async (act: (id: string) => Promise<void>): Promise<{ count: number }> => {
    const failed = board.list().filter(({ status }) => status === 'failed');
    for (const { id } of failed) await act(id);
    return { count: failed.length };
  };
  const forOne =
    (act: (id: string) => Promise<void>) =>
    async ({ jobId }: { jobId: string }) => {
      await act(jobId);
      return {};
    };
  const forEachQueue = (what: 'pause' | 'resume') => async () => {
    const { engine, assertMayOperate } = queue();
    assertMayOperate?.();
    for (const name of queueNames) await engine[what](name);
    return {};
  };
  return {
    'jobs.list': async () => ({ jobs: board.list() }),
    'jobs.details': async ({ jobId }) => ({ details: await readJobDetails(engineOf(jobId), board.get(jobId)) }),
    'jobs.cancel': forOne(board.cancel),
    async 'jobs.prioritize'({ jobId, priority }) {
      await board.prioritize(jobId, priorities[priority]);
      return {};
    },
    'jobs.runNow': forOne(board.runNow),
    'jobs.pause': forOne(board.pause),
    'jobs.resume': forOne(board.resume),
    'jobs.retry': forOne(board.retry),
    'jobs.retryAll': () => forEachFailed(board.retry),
    'jobs.discard': forOne(board.discard),
    'jobs.discardAll': () => forEachFailed(board.discard),
    'queue.pause': forEachQueue('pause'),
    'queue.resume': forEachQueue('resume'),
    'queue.statistics': async () => {
      const queues = await readQueueCounts(queue().engine);
      return { statistics: queueStatistics({ jobs: board.list(), queues, now: Date.now() }) };
    },
  };
}
