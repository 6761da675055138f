/** The number keys: to a moment of the chosen repetition, and with Shift a moment to the frame on screen. */

import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { defaultProfile } from '../../../worker/protocol/marks.ts';
import type { AppStores } from '../../stores/app-stores.ts';
import { frameAt, nearestFrame } from '../analysis/frame-search.ts';

type Stores = Pick<AppStores, 'playback' | 'measure'>;

/** `number` counts from 1. False where the motion has no such moment. */
export function goToMoment({ playback, measure }: Stores, number: number): boolean {
  const { repetitions, chosen } = measure.getState();
  const moment = repetitions[chosen]?.events[momentId(measure, number) ?? ''];
  if (moment === undefined) return false;
  playback.getState().shuttle('K');
  playback.getState().seek(nearestFrame(playback.getState().timesSeconds, moment.timeSeconds));
  return true;
}

/** False where the motion has no such moment, or the frame on screen lies outside of the repetition. */
export function setMoment({ playback, measure }: Stores, number: number): boolean {
  const { repetitions, chosen, setEvent } = measure.getState();
  const id = momentId(measure, number);
  const stretch = repetitions[chosen];
  const { shownFrame, timesSeconds } = playback.getState();
  if (id === undefined || stretch === undefined || shownFrame === undefined) return false;
  const timeSeconds = timesSeconds[shownFrame] ?? 0;
  if (timeSeconds < stretch.fromSeconds || shownFrame > frameAt(timesSeconds, stretch.toSeconds)) return false;
  setEvent(id, timeSeconds);
  return true;
}

function momentId(measure: Stores['measure'], number: number): string | undefined {
  return profiles[measure.getState().marks.profile ?? defaultProfile].events[number - 1]?.id;
}
