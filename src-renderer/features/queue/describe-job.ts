/** What a job is doing, in words. */
import type { ClipView, JobView } from '../../../src-main/contract/calls.ts';
import type { StageName } from '../../../worker/protocol/jobs.ts';
import { type ClipJobs, isActive } from './jobs-store.ts';

const stageWords: Readonly<Record<StageName, string>> = {
  probe: 'Reading the clip',
  index: 'Counting frames',
  scout: 'Finding people',
  pose: 'Tracking the athlete',
  clean: 'Cleaning the motion',
  measure: 'Measuring angles',
  store: 'Saving',
  playback: 'Preparing playback',
  export: 'Writing the file',
};

/** "12 s left", "3 min left", "1 h 5 min left". */
export function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

export function stageOf(job: JobView): string {
  if (job.status === 'cancelling') return 'Cancelling';
  if (job.status === 'queued') return 'Waiting';
  return job.progress === undefined ? 'Starting' : stageWords[job.progress.stage];
}

/** "84 of 230 frames", "31 frames/s", "5 s left": what is known of a running job. */
export function progressDetails({ progress, status }: JobView): string[] {
  if (progress === undefined || status !== 'running') return [];
  const { framesDone, framesTotal, framesPerSecond, secondsLeft } = progress;
  return [
    framesTotal > 0 ? `${framesDone} of ${framesTotal} frames` : '',
    framesPerSecond >= 0.1 ? `${framesPerSecond.toFixed(framesPerSecond < 10 ? 1 : 0)} frames/s` : '',
    secondsLeft === undefined ? '' : timeLeft(secondsLeft),
  ].filter((part) => part !== '');
}

export interface ClipState {
  readonly kind: 'busy' | 'failed' | 'cancelled' | 'ready' | 'idle';
  readonly words: string;
  /** The job that the state comes from: to be cancelled or tried again. */
  readonly job: JobView | undefined;
  readonly problem: string | undefined;
}

/** One state for a clip, out of what its jobs and its record say. The analysis speaks before the playback. */
export function clipState(clip: ClipView, jobs: ClipJobs | undefined): ClipState {
  const analysis = jobs?.analysis;
  const playback = jobs?.playback;
  const active = isActive(analysis) ? analysis : isActive(playback) ? playback : undefined;
  if (active !== undefined) return { kind: 'busy', words: stageOf(active), job: active, problem: undefined };
  const failed = [analysis, playback].find((job) => job?.status === 'failed');
  const problem = clip.failure?.message ?? failed?.failure?.message;
  if (problem !== undefined) {
    return { kind: 'failed', words: clip.failure === undefined ? 'Failed' : 'Refused', job: failed, problem };
  }
  const cancelled = [analysis, playback].find((job) => job?.status === 'cancelled');
  if (cancelled !== undefined) return { kind: 'cancelled', words: 'Cancelled', job: cancelled, problem: undefined };
  if (clip.analysisIds.length > 0) return { kind: 'ready', words: 'Ready', job: undefined, problem: undefined };
  return { kind: 'idle', words: 'Not analysed', job: undefined, problem: undefined };
}
