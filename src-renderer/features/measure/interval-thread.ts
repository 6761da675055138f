/** Entry of the web worker that draws intervals, so that the window never waits for them. */
import { type ClipMotion, type Intervals, intervalsOf, measureClip, type ProfiledMarks } from './measure-clip.ts';

export interface IntervalRequest {
  readonly clip: ClipMotion;
  readonly marks: ProfiledMarks;
}

addEventListener('message', ({ data: { clip, marks } }: MessageEvent<IntervalRequest>) => {
  const intervals: readonly Intervals[] = measureClip(clip, marks).map(intervalsOf);
  postMessage(intervals);
});
