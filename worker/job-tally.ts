import type { WorkerTotals } from './protocol/control.ts';
import { jobDefinitions } from './protocol/jobs.ts';
import type { ProcessJob } from './queue/job-engine.ts';

/** Counts what one worker did since it started, for its heartbeat. */
export interface JobTally {
  around(process: ProcessJob): ProcessJob;
  totals(): WorkerTotals;
}

export function createJobTally(): JobTally {
  const totals = { done: 0, failed: 0, frames: 0, busySeconds: 0 };
  return {
    around: (process) => async (job, signal) => {
      const started = performance.now();
      const outcome = await process(job, signal);
      totals.busySeconds += (performance.now() - started) / 1000;
      if (outcome.kind === 'failed' && outcome.failure.code !== 'CANCELLED') totals.failed++;
      if (outcome.kind === 'done') {
        totals.done++;
        if (job.name === 'pose-chunk')
          totals.frames += jobDefinitions['pose-chunk'].result.safeParse(outcome.result).data?.frames ?? 0;
      }
      return outcome;
    },
    totals: () => ({ ...totals }),
  };
}
