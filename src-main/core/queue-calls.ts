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

/** `engineOf`: the one that keeps a job, where there are several. */
export function createQueueCalls(
  board: JobBoard,
  engine: JobEngine,
  engineOf: (jobId: string) => JobEngine = () => engine,
): Pick<CallHandlers, QueueCall> {
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
  const forEachQueue = (act: (queue: (typeof queueNames)[number]) => Promise<void>) => async () => {
    for (const name of queueNames) await act(name);
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
    'queue.pause': forEachQueue(engine.pause),
    'queue.resume': forEachQueue(engine.resume),
    'queue.statistics': async () => {
      return {
        statistics: queueStatistics({ jobs: board.list(), queues: await readQueueCounts(engine), now: Date.now() }),
      };
    },
  };
}
