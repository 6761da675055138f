/** Whoever waits for the end of a job, and how they are told. */
import { AppError, CancelledError } from '../../../worker/protocol/errors.ts';
import { isEnded } from '../../../worker/protocol/status.ts';
import type { JobView } from '../../contract/job-view.ts';

export interface JobEndings {
  /** What has become of a job; without a view it was taken away, and will not come back. */
  tell(id: string, view?: JobView): void;
  /** `now`: as the job is. See JobBoard for how it ends. */
  waitFor(now: JobView, signal: AbortSignal): Promise<JobView>;
}

export function createJobEndings(): JobEndings {
  const watchers = new Set<(id: string, view?: JobView) => void>();
  return {
    tell(id, view) {
      for (const watcher of watchers) watcher(id, view);
    },
    async waitFor(now, signal) {
      if (isEnded(now.status)) return now;
      return await new Promise<JobView>((resolve, reject) => {
        const settle = (): void => {
          watchers.delete(watch);
          signal.removeEventListener('abort', abort);
        };
        const watch = (changed: string, view?: JobView): void => {
          if (changed !== now.id || (view && !isEnded(view.status))) return;
          settle();
          if (view) resolve(view);
          else reject(new AppError('NOT_FOUND', 'This job was taken out of the queue.'));
        };
        const abort = (): void => {
          settle();
          reject(new CancelledError(undefined, { cause: signal.reason }));
        };
        watchers.add(watch);
        signal.addEventListener('abort', abort);
        if (signal.aborted) abort();
      });
    },
  };
}
