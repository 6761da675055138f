/** The calls of the bridge about workers, wherever they run. */
import { askRedis } from '../../../worker/connection.ts';
import { AppError } from '../../../worker/protocol/errors.ts';
import type { WorkerView } from '../../contract/calls.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { WorkerControl } from './worker-control.ts';

type WorkerCall = Extract<keyof CallHandlers, `workers.${string}`>;

export function createWorkerCalls(
  list: () => Promise<WorkerView[]>,
  /** Throws AppError TEAM_REFUSED. */
  controlOf: (worker: WorkerView) => WorkerControl,
): Pick<CallHandlers, WorkerCall> {
  const forOne =
    (what: 'pause' | 'resume' | 'restart' | 'drain' | 'stop') =>
    async ({ workerId }: { workerId: string }) => {
      const worker = (await list()).find(({ id }) => id === workerId);
      if (worker === undefined) throw new AppError('NOT_FOUND', 'This worker is not there any more.');
      const control = controlOf(worker);
      await askRedis(() => control[what](workerId));
      return {};
    };
  return {
    'workers.list': async () => ({ workers: await list() }),
    'workers.pause': forOne('pause'),
    'workers.resume': forOne('resume'),
    'workers.restart': forOne('restart'),
    'workers.drain': forOne('drain'),
    'workers.stop': forOne('stop'),
  };
}
