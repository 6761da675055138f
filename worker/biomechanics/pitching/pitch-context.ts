import type { ContextOptions, RepetitionContext } from '../profile-definition.ts';
import { findPitchEvents, type PitchEventId } from './pitch-events.ts';
import { type PitchSignals, pitchSignals } from './pitch-signals.ts';
import { type ThrowingSide, throwingSide } from './throwing-side.ts';

/** One pitch, ready to be measured. */
export interface PitchContext extends RepetitionContext<PitchEventId> {
  readonly side: ThrowingSide;
  readonly signals: PitchSignals;
  /** Whether foot contact is where the ankle came to rest: then it is known better than from its path alone. */
  readonly isFootSeenToRest: boolean;
}

/** Stands in where the body is not seen whole: moments hardly depend on it. */
const usualHeightMetres = 1.8;

export function pitchContext(options: ContextOptions<PitchContext, PitchEventId>): PitchContext {
  const { motion, heightMetres, hand = 'right', undisturbed } = options;
  const side = throwingSide(hand);
  const signals = pitchSignals(motion, side);
  const found = findPitchEvents({
    ...{ motion, signals, side, isFootSeenToRest: undisturbed?.isFootSeenToRest },
    heightMetres: Number.isFinite(heightMetres) ? heightMetres : usualHeightMetres,
    set: options.events,
  });
  return {
    ...{ motion, side, signals, heightMetres },
    events: found.events,
    isFootSeenToRest: found.footContact?.isSeenToRest ?? false,
  };
}
