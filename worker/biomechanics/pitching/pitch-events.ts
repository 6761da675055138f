/** The moments of a pitch, found in the joints alone. */
import { type JointMotion, type JointName, jointAt } from '../joint-motion.ts';
import type { EventTimes } from '../profile-definition.ts';
import { derivative, highest } from '../rates.ts';
import { findRelease } from './find-release.ts';
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
/** The knee is lifted less than this before release. */
const longestLiftSeconds = 2.5;
/** Body heights a second. */
const startedSpeed = 0.13;
const longestRotationSeconds = 0.12;
/**
 * One camera does not show how far the forearm has turned about the upper arm: its greatest and least turn are found 15
 * to 35 ms off where drawn clips have them. They lie 33 ± 5 ms before release and 48 ± 5 ms after it (27 to 41 and 43 to
 * 57 in three laboratory pitches and the drawn ones), which is nearer.
 */
const usualLaybackSeconds = 0.034;
const usualFollowSeconds = 0.048;

export interface PitchEventsOptions {
  /** Low-pass filtered: velocities are taken of it. */
  readonly motion: JointMotion;
  readonly signals: PitchSignals;
  readonly side: ThrowingSide;
  /** Standing height: a large body's joints are faster. */
  readonly heightMetres: number;
  /** See `findFootContact`. */
  readonly isFootSeenToRest?: boolean | undefined;
  /** What a person has set: the other moments are looked for from these. */
  readonly set?: EventTimes<PitchEventId> | undefined;
}

export interface FoundEvents {
  /** Without any but those that were set, where the throwing wrist is not seen and release is not set. */
  readonly events: EventTimes<PitchEventId>;
  readonly footContact: FootContact | undefined;
}

export function findPitchEvents(options: PitchEventsOptions): FoundEvents {
  const { motion, signals, side, heightMetres, isFootSeenToRest, set = {} } = options;
  const { timesSeconds } = motion;
  const release = set.release ?? findRelease(motion, side);
  if (release === undefined) return { events: set, footContact: undefined };
  const { shoulderExternalRotation: rotation } = signals;
  const between = (from: number, to: number) => ({
    first: timesSeconds.findIndex((time) => time >= from),
    end: timesSeconds.findLastIndex((time) => time <= to) + 1,
  });
  const isGuessed = motion.lineOfSight !== undefined;
  const layback = isGuessed
    ? { timeSeconds: release - usualLaybackSeconds }
    : highest({ timesSeconds, values: rotation, ...between(release - longestRotationSeconds, release) });
  const follow = isGuessed
    ? { timeSeconds: release + usualFollowSeconds }
    : highest({
        timesSeconds,
        values: rotation.map((angle) => -angle),
        ...between(release, release + longestRotationSeconds),
      });
  const footContact = findFootContact({
    ...{ motion, ankle: side.lead.ankle, releaseSeconds: release, heightMetres },
    isSeenToRest: isFootSeenToRest,
  });
  const contact = set.footContact ?? footContact?.timeSeconds;
  const lift = highest({
    timesSeconds,
    values: heights(motion, side.lead.knee),
    ...between(release - longestLiftSeconds, contact ?? release),
  });
  const lifted = set.peakKneeHeight ?? lift?.timeSeconds;
  const firstMovement =
    lifted === undefined ? undefined : findFirstMovement(motion, side, lifted, startedSpeed * heightMetres);
  const events: EventTimes<PitchEventId> = {
    ...(firstMovement !== undefined && { firstMovement }),
    ...(lifted !== undefined && { peakKneeHeight: lifted }),
    ...(contact !== undefined && { footContact: contact }),
    ...(layback && { maximumExternalRotation: layback.timeSeconds }),
    release,
    ...(follow && { maximumInternalRotation: follow.timeSeconds }),
    ...set,
  };
  return { events, footContact };
}

/** Back from the lift to where the lead knee began to rise. */
function findFirstMovement(
  motion: JointMotion,
  side: ThrowingSide,
  liftedSeconds: number,
  started: number,
): number | undefined {
  const { timesSeconds } = motion;
  const rising = derivative({ timesSeconds, values: heights(motion, side.lead.knee) });
  let began = false;
  for (let frame = timesSeconds.findLastIndex((time) => time <= liftedSeconds); frame >= 0; frame--) {
    const speed = rising[frame] as number;
    if (speed > started) began = true;
    else if (began && speed <= started) return timesSeconds[frame];
  }
  return undefined;
}

function heights(motion: JointMotion, joint: JointName): Float64Array {
  return Float64Array.from(motion.timesSeconds, (_, frame) => Number(jointAt(motion, joint, frame)[2]));
}
