/** Progress of one job as a coach sees it: merged over its chunks, with speed and time left, never running backwards. */
import type { JobProgress, StageName, StageProgress } from '../../../worker/protocol/jobs.ts';
import { fractionOfJob } from '../../../worker/protocol/progress.ts';
import type { ShownJobKind } from '../../contract/job-view.ts';

/** Speed is that of the last few seconds. */
const windowMilliseconds = 4000;
/** Before this share of the job has been watched, a guess of the time left would jump about. */
const leastShareForGuess = 0.1;
/** A longer silence between two reports was no work: the app was closed, or the machine slept. */
const longestSilenceMilliseconds = 10_000;

export interface ProgressMeter {
  /** Progress of the job itself. */
  report(progress: JobProgress): void;
  /** Progress of one of its chunks. `planned` is the number of frames of all chunks together. */
  reportChunk(chunkIndex: number, framesDone: number, planned: number, at: number): void;
  /** What was reported until now happened before: speed and time left are measured from here on. */
  restart(): void;
  current(): StageProgress | undefined;
}

export function createProgressMeter(kind: ShownJobKind): ProgressMeter {
  const chunks = new Map<number, number>();
  let samples: { at: number; framesDone: number }[] = [];
  let lastAt: number | undefined;
  let workedMilliseconds = 0;
  let startedFraction = 0;
  let latest: StageProgress | undefined;

  const update = (stage: StageName, framesDone: number, framesTotal: number, at: number): void => {
    // The clocks of several workers need not agree: time may seem to run backwards.
    workedMilliseconds += Math.min(longestSilenceMilliseconds, Math.max(0, at - (lastAt ?? at)));
    lastAt = Math.max(lastAt ?? at, at);
    if (latest?.stage !== stage) samples = [];
    samples = [...samples.filter((sample) => at - sample.at < windowMilliseconds), { at, framesDone }];
    const fraction = Math.max(latest?.fraction ?? 0, fractionOfJob(kind, stage, framesDone, framesTotal));
    const watched = fraction - startedFraction;
    latest = {
      stage,
      framesDone,
      framesTotal,
      framesPerSecond: speedOf(samples),
      fraction,
      ...(watched >= leastShareForGuess && { secondsLeft: ((workedMilliseconds / 1000) * (1 - fraction)) / watched }),
    };
  };

  return {
    report({ stage, framesDone, framesTotal, at }) {
      update(stage, framesDone, framesTotal, at);
    },
    reportChunk(chunkIndex, framesDone, planned, at) {
      chunks.set(chunkIndex, Math.max(chunks.get(chunkIndex) ?? 0, framesDone));
      const done = [...chunks.values()].reduce((sum, value) => sum + value, 0);
      update('pose', Math.min(done, planned), planned, at);
    },
    restart() {
      samples = [];
      lastAt = undefined;
      workedMilliseconds = 0;
      startedFraction = latest?.fraction ?? 0;
      if (latest) {
        const { secondsLeft: _guess, ...rest } = latest;
        latest = { ...rest, framesPerSecond: 0 };
      }
    },
    current: () => latest,
  };
}

function speedOf(samples: readonly { at: number; framesDone: number }[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return 0;
  return Math.max(0, ((last.framesDone - first.framesDone) * 1000) / (last.at - first.at));
}
