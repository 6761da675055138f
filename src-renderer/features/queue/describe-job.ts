/** What a job is doing, in words. */
import type { ClipView, JobView } from '../../../src-main/contract/calls.ts';
import type { StageName } from '../../../worker/protocol/jobs.ts';
import { type ClipJobs, isActive } from './jobs-store.ts';

export const stageWords: Readonly<Record<StageName, string>> = {
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
  if (job.status === 'queued') return waitingWords(job);
  if (job.status === 'paused') return 'Paused';
  if (job.progress === undefined) return 'Starting';
  // It counts frames as the analysis beside it does: only its purpose tells the two apart.
  return job.kind === 'prepare-playback' ? stageWords.playback : stageWords[job.progress.stage];
}

function waitingWords({ when }: JobView): string {
  if (when === undefined) return 'Waiting';
  if ('condition' in when) {
    return when.condition === 'idle' ? 'Waiting until nobody uses the computer' : 'Waiting for mains power';
  }
  const at = new Date(when.at);
  const isToday = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return `Waiting until ${isToday ? '' : `${at.toLocaleDateString()}, `}${time}`;
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
  /** The jobs that the state comes from, the telling one first: to be cancelled or tried again together. */
  readonly jobs: readonly JobView[];
  readonly problem: string | undefined;
}

/** One state for a clip, out of what its jobs and its record say. The analysis speaks before the playback. */
export function clipState(clip: ClipView, jobs: ClipJobs | undefined): ClipState {
  const known = [jobs?.analysis, jobs?.playback].filter((job) => job !== undefined);
  const active = known.filter(isActive);
  if (active[0] !== undefined) return { kind: 'busy', words: stageOf(active[0]), jobs: active, problem: undefined };
  const unfinished = known.filter(({ status }) => status === 'failed' || status === 'cancelled');
  const problem = clip.failure?.message ?? known.find(({ status }) => status === 'failed')?.failure?.message;
  if (problem !== undefined) {
    const words = clip.failure === undefined ? 'Failed' : 'Refused';
    return { kind: 'failed', words, jobs: unfinished, problem };
  }
  if (unfinished.length > 0) return { kind: 'cancelled', words: 'Cancelled', jobs: unfinished, problem: undefined };
  if (clip.analysisIds.length > 0) return { kind: 'ready', words: 'Ready', jobs: [], problem: undefined };
  // Without playback the clip has just come in, and its jobs are not yet known.
  const words = clip.playback === undefined ? 'Waiting' : 'Not analysed';
  return { kind: 'idle', words, jobs: [], problem: undefined };
}
