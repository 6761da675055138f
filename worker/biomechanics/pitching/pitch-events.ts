/** The moments of a pitch, found in the joints alone. */
import { type JointMotion, type JointName, jointAt } from '../joint-motion.ts';
import { derivative, highest, type Peak, pointSpeed } from '../rates.ts';
import { type FootContact, findFootContact } from './foot-contact.ts';
import type { PitchSignals } from './pitch-signals.ts';
import type { ThrowingSide } from './throwing-side.ts';

export const pitchEventIds = [
  'firstMovement',
  'peakKneeHeight',
  'footContact',
  'maximumExternalRotation',
  'release',
  'maximumInternalRotation',
] as const;
export type PitchEventId = (typeof pitchEventIds)[number];
/** Seconds in the motion's own clock. What cannot be found is absent. */
export type PitchEvents = Readonly<Partial<Record<PitchEventId, number>>>;

/**
 * The ball leaves the hand a little after the hand is fastest: 6 to 8 ms after the hand's middle, 14 to 17 ms after the
 * wrist's joint centre, in three laboratory pitches of two pitchers filmed at 360 Hz.
 */
const releaseAfterHandSeconds = 0.007;
const releaseAfterWristSeconds = 0.016;
/** The knee is lifted less than this before release. */
const longestLiftSeconds = 2.5;
/** Body heights a second. */
const startedSpeed = 0.13;
const longestRotationSeconds = 0.12;

export interface PitchEventsOptions {
  /** Low-pass filtered: velocities are taken of it. */
  readonly motion: JointMotion;
  readonly signals: PitchSignals;
  readonly side: ThrowingSide;
  /** Standing height: a large body's joints are faster. */
  readonly heightMetres: number;
  /** See `findFootContact`. */
  readonly isFootSeenToRest?: boolean | undefined;
}

export interface FoundEvents {
  /** Empty where the throwing wrist is not seen. */
  readonly events: PitchEvents;
  readonly footContact: FootContact | undefined;
}

export function findPitchEvents({
  motion,
  signals,
  side,
  heightMetres,
  isFootSeenToRest,
}: PitchEventsOptions): FoundEvents {
  const { timesSeconds } = motion;
  const speedOf = (joint: JointName) => pointSpeed(motion, joint);
  const hand = highest({ timesSeconds, values: speedOf(side.arm.index) });
  const wrist = highest({ timesSeconds, values: speedOf(side.arm.wrist) });
  if (wrist === undefined) return { events: {}, footContact: undefined };
  // The knuckle is small and fast: trusted only where it agrees with the wrist.
  const isHandSound = hand !== undefined && Math.abs(hand.timeSeconds - wrist.timeSeconds) < 0.03;
  const release = isHandSound
    ? hand.timeSeconds + releaseAfterHandSeconds
    : wrist.timeSeconds + releaseAfterWristSeconds;

  const { shoulderExternalRotation: rotation } = signals;
  const between = (from: number, to: number) => ({
    first: timesSeconds.findIndex((time) => time >= from),
    end: timesSeconds.findLastIndex((time) => time <= to) + 1,
  });
  const layback = highest({ timesSeconds, values: rotation, ...between(release - longestRotationSeconds, release) });
  const follow = highest({
    timesSeconds,
    values: rotation.map((angle) => -angle),
    ...between(release, release + longestRotationSeconds),
  });
  const footContact = findFootContact({
    ...{ motion, ankle: side.lead.ankle, releaseSeconds: release, heightMetres },
    isSeenToRest: isFootSeenToRest,
  });
  const lift = highest({
    timesSeconds,
    values: heights(motion, side.lead.knee),
    ...between(release - longestLiftSeconds, footContact?.timeSeconds ?? release),
  });
  const firstMovement = lift && findFirstMovement(motion, side, lift, startedSpeed * heightMetres);
  const events: PitchEvents = {
    ...(firstMovement !== undefined && { firstMovement }),
    ...(lift && { peakKneeHeight: lift.timeSeconds }),
    ...(footContact && { footContact: footContact.timeSeconds }),
    ...(layback && { maximumExternalRotation: layback.timeSeconds }),
    release,
    ...(follow && { maximumInternalRotation: follow.timeSeconds }),
  };
  return { events, footContact };
}

/** Back from the lift to where the lead knee began to rise. */
function findFirstMovement(motion: JointMotion, side: ThrowingSide, lift: Peak, started: number): number | undefined {
  const { timesSeconds } = motion;
  const rising = derivative({ timesSeconds, values: heights(motion, side.lead.knee) });
  let began = false;
  for (let frame = lift.frame; frame >= 0; frame--) {
    const speed = rising[frame] as number;
    if (speed > started) began = true;
    else if (began && speed <= started) return timesSeconds[frame];
  }
  return undefined;
}

function heights(motion: JointMotion, joint: JointName): Float64Array {
  return Float64Array.from(motion.timesSeconds, (_, frame) => Number(jointAt(motion, joint, frame)[2]));
}
