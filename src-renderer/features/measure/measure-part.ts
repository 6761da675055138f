import { stretchOf } from '../../../worker/biomechanics/stretch-of.ts';
import {
  type ClipMotion,
  type ClipRepetition,
  measureClip,
  type ProfiledMarks,
  withEarlierIntervals,
} from './measure-clip.ts';

/** The low-pass of a part is that of the whole where its edges lie this far away. */
const marginSeconds = 1;

/**
 * One repetition of the marks, measured on its part of the clip: as quick for a long clip as for a short one. Intervals
 * are the earlier ones. Undefined where there is no such mark. Throws FrameOrderError.
 */
export function measurePart(
  clip: ClipMotion,
  marks: ProfiledMarks,
  index: number,
  earlier: ClipRepetition | undefined,
): ClipRepetition | undefined {
  const mark = marks.repetitions?.[index];
  if (mark === undefined) return undefined;
  const hand = marks.hand ?? earlier?.measured?.hand;
  const { motion } = stretchOf(clip.motion, {
    fromSeconds: mark.fromSeconds - marginSeconds,
    toSeconds: mark.toSeconds + marginSeconds,
  });
  const said = { ...marks, repetitions: [mark], ...(hand && { hand }) };
  const [fresh] = measureClip({ ...clip, motion }, said, 0);
  return fresh && withEarlierIntervals(fresh, earlier);
}
