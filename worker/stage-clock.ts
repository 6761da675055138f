import { AppError } from './protocol/errors.ts';
import type { StageName } from './protocol/jobs.ts';
import { type LimitOverrides, secondsFor, stageLimits } from './protocol/limits.ts';

export interface StageClockOptions {
  readonly firstStage: StageName;
  readonly overrides: LimitOverrides;
  /** Of the whole visit, whatever its stages; undefined: only theirs count. */
  readonly jobTimeLimitSeconds: number | undefined;
  readonly graceSeconds: number;
}

/** `end`: it does not stop though it was asked to, or must not go on whatever it was asked. */
export type Verdict = AppError | 'end' | undefined;

export interface StageClock {
  report(stage: StageName, framesDone: number, framesTotal: number): void;
  /** Files that the job waits for are on their way. */
  moved(): void;
  /** That much time has passed. `isAsked`: the job has been asked to stop, by the clock or by somebody else. */
  advance(seconds: number, isAsked: boolean): Verdict;
}

/** Measures one visit of a job against the limits of the stages it goes through. */
export function createStageClock(options: StageClockOptions): StageClock {
  let stage = options.firstStage;
  let framesDone = -1;
  /** The most that any of its stages counted: the length of what the job works on. */
  let frames = 0;
  const spent = { job: 0, stage: 0, silent: 0, asked: 0 };

  const overLimit = (): Verdict => {
    const limits = options.overrides[stage] ?? stageLimits[stage];
    const { jobTimeLimitSeconds = Number.POSITIVE_INFINITY, graceSeconds } = options;
    if (spent.stage > secondsFor(limits.hard, frames) || spent.job > jobTimeLimitSeconds + graceSeconds) return 'end';
    const silence = secondsFor(limits.silence, frames);
    if (spent.silent > silence) {
      return new AppError('NO_PROGRESS', `Nothing moved for ${words(silence)} (${stage}). Is its drive connected?`);
    }
    const soft = secondsFor(limits.soft, frames);
    if (spent.stage <= soft && spent.job <= jobTimeLimitSeconds) return undefined;
    const limit = spent.job > jobTimeLimitSeconds ? jobTimeLimitSeconds : soft;
    return new AppError(
      'TIME_LIMIT',
      `This took longer than the ${words(limit)} it is allowed to (${stage}). What is finished is kept: try again to go on.`,
    );
  };

  return {
    report(now, done, total) {
      // Saying the same thing again is no progress.
      if (now === stage && done === framesDone) return;
      if (now !== stage) spent.stage = 0;
      stage = now;
      framesDone = done;
      frames = Math.max(frames, total);
      spent.silent = 0;
    },
    moved() {
      spent.silent = 0;
    },
    advance(seconds, isAsked) {
      spent.job += seconds;
      spent.stage += seconds;
      spent.silent += seconds;
      if (!isAsked) return overLimit();
      spent.asked += seconds;
      return spent.asked > options.graceSeconds || overLimit() === 'end' ? 'end' : undefined;
    },
  };
}

function words(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
