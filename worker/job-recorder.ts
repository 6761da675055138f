import { type Failure, isPermanent } from './protocol/errors.ts';
import { type JobName, jobOptions, parseChunkJobId, type StageName } from './protocol/jobs.ts';
import { firstStageOf } from './protocol/limits.ts';
import { type JobLogLine, longestNote } from './protocol/timeline.ts';
import { plannedChunksOf } from './queue/chunks-of-job.ts';
import type { JobHandle, JobOutcome } from './queue/job-engine.ts';

/** Writes what one visit of a job is and does into the job's log. */
export interface JobRecorder {
  /** Resolves when it is written: a worker that dies of the job must have been named before. */
  started(): Promise<void>;
  stage(stage: StageName): void;
  /** The failure, with where it happened. `cause`: for whoever looks into it. */
  locate(failure: Failure, cause: string): Failure;
  ended(outcome: JobOutcome): void;
}

export function createJobRecorder(job: JobHandle, worker: string): JobRecorder {
  const chunk = parseChunkJobId(job.id)?.chunkIndex;
  const attempt = job.attemptsMade + 1;
  const isBack = plannedChunksOf(job.data) !== undefined;
  let current: StageName = isBack ? 'clean' : (firstStageOf[job.name as JobName] ?? 'probe');
  // A lost line is not worth a failed job. In the order written all the same: one connection carries them.
  const written = (line: JobLogLine): Promise<void> => job.log(JSON.stringify(line)).catch(() => undefined);
  const write = (line: JobLogLine): void => void written(line);
  const facts = () => ({ at: Date.now(), worker, attempt, ...(chunk !== undefined && { chunk }) });

  return {
    started: () => written({ ...facts(), kind: 'started', stage: current }),
    stage(stage) {
      current = stage;
      write({ ...facts(), kind: 'stage', stage });
    },
    locate(failure, cause) {
      if (failure.code === 'CANCELLED') return failure;
      const { at, worker: writer } = facts();
      const text = cause.slice(0, longestNote);
      write({ at, kind: 'note', worker: writer, text, ...(chunk !== undefined && { chunk }) });
      return { ...failure, origin: { stage: current, worker, attempt } };
    },
    ended(outcome) {
      switch (outcome.kind) {
        case 'done':
          return write({ ...facts(), kind: 'done' });
        case 'waits':
          return write({ ...facts(), kind: 'queued', stage: 'pose' });
        case 'handed-back':
          return write({ ...facts(), kind: 'queued' });
        case 'failed': {
          const { failure } = outcome;
          if (failure.code === 'CANCELLED') return write({ ...facts(), kind: 'cancelled' });
          // It lost the job to another worker, which goes on with it.
          if (failure.code === 'WORKER_LOST') return write({ ...facts(), kind: 'stalled', stage: current });
          const isLast = isPermanent(failure.code) || attempt >= jobOptions.attempts;
          return write({ ...facts(), kind: isLast ? 'failed' : 'retry', stage: current, failure });
        }
      }
    },
  };
}
