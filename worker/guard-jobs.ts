/**
 * What stands between the queue and the stages: whether this worker may run a job at all, how long it may take, and
 * what is known of the workers it took with it.
 */
import { createJobRecorder } from './job-recorder.ts';
import { pausedJobDelay } from './protocol/control.ts';
import { CancelledError, type Failure, isPermanent, toFailure } from './protocol/errors.ts';
import { type JobName, jobProgressSchema } from './protocol/jobs.ts';
import { firstStageOf, type LimitOverrides } from './protocol/limits.ts';
import { protocolVersion } from './protocol/version.ts';
import { type JobHandle, type JobOutcome, type ProcessJob, workerIsLeaving } from './queue/job-engine.ts';
import { createSoloGate } from './solo-gate.ts';
import { createStageClock } from './stage-clock.ts';
import type { Start, StartLedger } from './start-ledger.ts';

export interface JobGuardOptions {
  readonly workerId: string;
  readonly ledger: StartLedger;
  readonly mostDeaths: number;
  readonly overrides: LimitOverrides;
  readonly jobTimeLimitSeconds: number | undefined;
  readonly graceSeconds: number;
  /** Whether this worker takes no jobs now; one that it got nevertheless goes back. */
  readonly isClosed: () => boolean;
  readonly isCancelled: (jobId: string) => Promise<boolean>;
  /** Whether another worker, but not this one, has what the job needs. */
  readonly belongsElsewhere: (job: JobHandle) => Promise<boolean>;
  /** The queue speaks another protocol than this worker. */
  readonly onOtherProtocol: (queueProtocol: number) => void;
  /** Bytes that came and went since the start, where files travel. */
  readonly bytesMoved?: (() => number) | undefined;
  /** The job does not stop: the process must end. */
  readonly onDeafJob: (jobId: string) => void;
  readonly process: ProcessJob;
}

const tickMilliseconds = 250;
const laterMilliseconds = 1000;

export function guardJobs(options: JobGuardOptions): ProcessJob {
  const gate = createSoloGate();

  /** A first look runs beside other jobs; one that took workers with it comes back to be alone. */
  const visit = async (job: JobHandle, signal: AbortSignal, alone: boolean): Promise<JobOutcome> => {
    const leave = await gate.enter(alone, signal);
    if (leave === undefined) return interrupted(signal);
    let outcome: JobOutcome | 'alone' = { kind: 'handed-back' };
    try {
      if (options.isClosed()) return outcome;
      const start = await options.ledger.begin(job.id, job.parent?.id).catch(() => undefined);
      // A queue that is full notes nothing; what is not noted is not begun.
      if (start === undefined) return { kind: 'handed-back', notBefore: Date.now() + laterMilliseconds };
      try {
        outcome = start.deaths > 0 && !alone ? 'alone' : await decide(job, signal, start);
      } finally {
        start.end(isSettled(outcome));
      }
    } finally {
      leave();
    }
    return outcome === 'alone' ? await visit(job, signal, true) : outcome;
  };

  // A cancel outdoes a pause: what is cancelled has to end.
  const isCancelled = async (job: JobHandle): Promise<boolean> =>
    (await options.isCancelled(job.id)) || (job.parent !== undefined && (await options.isCancelled(job.parent.id)));

  const decide = async (
    job: JobHandle,
    signal: AbortSignal,
    { deaths, pausedAt, queueProtocol }: Start,
  ): Promise<JobOutcome> => {
    if (queueProtocol !== undefined && queueProtocol !== protocolVersion) {
      options.onOtherProtocol(queueProtocol);
      return { kind: 'handed-back' };
    }
    const now = Date.now();
    if (pausedAt !== undefined && !(await isCancelled(job)))
      return { kind: 'handed-back', notBefore: now + pausedJobDelay(now - pausedAt) };
    if (deaths >= options.mostDeaths) return setAside(job, deaths, options.workerId);
    if (await options.belongsElsewhere(job)) return { kind: 'handed-back', notBefore: now + laterMilliseconds };
    return await watched(job, signal);
  };

  /** Runs the job with its limits in force. */
  const watched = async (job: JobHandle, signal: AbortSignal): Promise<JobOutcome> => {
    const clock = createStageClock({ ...options, firstStage: firstStageOf[job.name as JobName] ?? 'probe' });
    const limit = new AbortController();
    let last = performance.now();
    let bytes = options.bytesMoved?.();
    const timer = setInterval(() => {
      const now = performance.now();
      const moved = options.bytesMoved?.();
      const isMoving = moved !== bytes;
      bytes = moved;
      if (isMoving) clock.moved();
      // A process that was stopped, or a machine that slept, has not worked in that time; nor has one that waits for
      // files, however slow the way is.
      const seconds = isMoving ? 0 : Math.min(now - last, 2 * tickMilliseconds) / 1000;
      last = now;
      const verdict = clock.advance(seconds, signal.aborted || limit.signal.aborted);
      if (verdict === 'end') options.onDeafJob(job.id);
      else if (verdict) limit.abort(verdict);
    }, tickMilliseconds);
    const reporting: JobHandle = {
      ...job,
      updateProgress(progress) {
        const parsed = jobProgressSchema.safeParse(progress).data;
        if (parsed) clock.report(parsed.stage, parsed.framesDone, parsed.framesTotal);
        return job.updateProgress(progress);
      },
    };
    try {
      return await options.process(reporting, AbortSignal.any([signal, limit.signal]));
    } finally {
      clearInterval(timer);
    }
  };

  return (job, signal) => visit(job, signal, false);
}

function interrupted(signal: AbortSignal): JobOutcome {
  if (signal.reason === workerIsLeaving) return { kind: 'handed-back' };
  return { kind: 'failed', failure: toFailure(new CancelledError()) };
}

function isSettled(outcome: JobOutcome | 'alone'): boolean {
  return (
    outcome !== 'alone' &&
    (outcome.kind === 'done' ||
      outcome.kind === 'waits' ||
      (outcome.kind === 'failed' && isPermanent(outcome.failure.code)))
  );
}

/** Nothing of it has run here: what is told of it is what its log says of the visits that never ended. */
function setAside(job: JobHandle, deaths: number, workerId: string): JobOutcome {
  const failure: Failure = {
    code: 'POISONED',
    message: `The worker died ${deaths} times on this job, so it was set aside. Try again with another model, or look at the clip.`,
  };
  const record = createJobRecorder(job, workerId);
  const outcome = { kind: 'failed', failure: record.locate(failure, `${deaths} workers died in it`) } as const;
  record.ended(outcome);
  return outcome;
}
