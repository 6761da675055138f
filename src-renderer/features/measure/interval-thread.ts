/** Entry of the web worker that draws intervals, so that the window never waits for them. */
import type { ClipMarks } from '../../../worker/protocol/marks.ts';
import { type ClipMotion, type Intervals, intervalsOf, measureClip } from './measure-clip.ts';

export interface IntervalRequest {
  readonly clip: ClipMotion;
  readonly marks: ClipMarks;
}

addEventListener('message', ({ data: { clip, marks } }: MessageEvent<IntervalRequest>) => {
  const intervals: readonly Intervals[] = measureClip(clip, marks).map(intervalsOf);
  postMessage(intervals);
});
