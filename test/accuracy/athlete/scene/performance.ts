import type { TruthEvent } from '../../clip-truth.ts';
import type { BodySide, Rig } from '../body/rig.ts';
import { type StandingBody, stand } from '../body/stand.ts';
import { ballInFlight, ballInHand } from '../motion/ball-flight.ts';
import type { Posture } from '../motion/posture.ts';
import type { Placement } from '../vector.ts';

/** Athlete and ball at one moment. */
export interface Moment {
  readonly body: StandingBody;
  /** Absent where nothing is thrown. */
  readonly ball?: Placement;
}

export interface MomentWithBall extends Moment {
  readonly ball: Placement;
}

/** A motion of one athlete, in the world. */
export interface Performance {
  readonly rig: Rig;
  readonly hand: BodySide;
  readonly durationSeconds: number;
  /** Seconds from its start. */
  readonly events: Readonly<Partial<Record<TruthEvent, number>>>;
  momentAt(timeSeconds: number): Moment;
}

export interface ThrowingMotion {
  readonly events: { readonly ballRelease: number };
  posture(timeSeconds: number): Posture;
}

/** The pitch as something to look at: any moment of it. */
export function performance(rig: Rig, motion: ThrowingMotion): (timeSeconds: number) => MomentWithBall {
  const release = motion.events.ballRelease;
  const atRelease = ballInHand(rig, stand(rig, motion.posture(release)));
  return (timeSeconds) => {
    const body = stand(rig, motion.posture(timeSeconds));
    const ball = timeSeconds <= release ? ballInHand(rig, body) : ballInFlight(atRelease, timeSeconds - release);
    return { body, ball };
  };
}
