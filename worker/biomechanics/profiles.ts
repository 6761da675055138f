import { anyMotionProfile } from './any-motion-profile.ts';
import { pitchingProfile } from './pitching/pitching-profile.ts';
import type { MotionProfile } from './profile.ts';
import { squatProfile } from './squat-profile.ts';

/** The kinds of motion that can be measured: the next one is one more line. */
export type ProfileId = 'pitching' | 'squat' | 'any';

export const profiles: Readonly<Record<ProfileId, MotionProfile>> = {
  pitching: pitchingProfile,
  squat: squatProfile,
  any: anyMotionProfile,
};
