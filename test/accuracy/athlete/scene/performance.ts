import type { Rig } from '../body/rig.ts';
import { type StandingBody, stand } from '../body/stand.ts';
import { ballInFlight, ballInHand } from '../motion/ball-flight.ts';
import type { PitchMotion } from '../motion/pitch-motion.ts';
import type { Placement } from '../vector.ts';

/** Athlete and ball at one moment. */
export interface Moment {
  readonly body: StandingBody;
  readonly ball: Placement;
}

/** The pitch as something to look at: any moment of it. */
export function performance(rig: Rig, motion: PitchMotion): (timeSeconds: number) => Moment {
  const release = motion.events.ballRelease;
  const atRelease = ballInHand(rig, stand(rig, motion.posture(release)));
  return (timeSeconds) => {
    const body = stand(rig, motion.posture(timeSeconds));
    const ball = timeSeconds <= release ? ballInHand(rig, body) : ballInFlight(atRelease, timeSeconds - release);
    return { body, ball };
  };
}
