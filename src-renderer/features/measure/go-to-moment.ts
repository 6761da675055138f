import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { defaultProfile } from '../../../worker/protocol/marks.ts';
import type { AppStores } from '../../stores/app-stores.ts';
import { nearestFrame } from '../analysis/frame-search.ts';

type Stores = Pick<AppStores, 'playback' | 'measure'>;

/** Shows a moment of the chosen repetition; `number` counts from 1. False where the motion has no such moment. */
export function goToMoment({ playback, measure }: Stores, number: number): boolean {
  const { repetitions, chosen, marks } = measure.getState();
  const id = profiles[marks.profile ?? defaultProfile].events[number - 1]?.id;
  const moment = repetitions[chosen]?.events[id ?? ''];
  if (moment === undefined) return false;
  playback.getState().shuttle('K');
  playback.getState().seek(nearestFrame(playback.getState().timesSeconds, moment.timeSeconds));
  return true;
}
