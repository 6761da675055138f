/** Entry of the web worker that draws intervals, so that the window never waits for them. */
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { type SlowMotionGuess, worthAsking } from '../../../worker/biomechanics/slow-motion.ts';
import { type ClipMotion, type Intervals, intervalsOf, measureClip, type ProfiledMarks } from './measure-clip.ts';

export interface IntervalRequest {
  readonly clip: ClipMotion;
  readonly marks: ProfiledMarks;
}

export interface DrawnIntervals {
  /** Of every repetition. */
  readonly intervals: readonly Intervals[];
  /** What to ask about the clip's rate; absent where the motion's own clock is not in doubt, or the coach has said it. */
  readonly slowMotion?: SlowMotionGuess;
}

addEventListener('message', ({ data: { clip, marks } }: MessageEvent<IntervalRequest>) => {
  const intervals = measureClip(clip, marks).map(intervalsOf);
  const guess =
    marks.filmedFramesPerSecond === undefined
      ? profiles[marks.profile].recogniseSlowMotion?.(clip.motion, marks.hand)
      : undefined;
  const isInDoubt = guess !== undefined && guess.likelihood >= worthAsking;
  const drawn: DrawnIntervals = { intervals, ...(isInDoubt && { slowMotion: guess }) };
  postMessage(drawn);
});
