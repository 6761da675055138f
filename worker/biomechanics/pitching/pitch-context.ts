import { type JointMotion, jointAt } from '../joint-motion.ts';
import { distance, midpoint } from '../vectors.ts';
import { findPitchEvents, type PitchEvents } from './pitch-events.ts';
import { type PitchSignals, pitchSignals, segmentLength } from './pitch-signals.ts';
import { fasterHand, type Hand, type ThrowingSide, throwingSide } from './throwing-side.ts';

/** One pitch, ready to be measured. */
export interface PitchContext {
  readonly motion: JointMotion;
  readonly side: ThrowingSide;
  readonly signals: PitchSignals;
  readonly events: PitchEvents;
  /** Whether foot contact is where the ankle came to rest: then it is known better than from its path alone. */
  readonly isFootSeenToRest: boolean;
  /** Standing height; NaN where neither said nor seen. */
  readonly heightMetres: number;
}

export interface PitchOptions {
  /** Low-pass filtered. */
  readonly motion: JointMotion;
  /** The faster hand, when absent. */
  readonly hand?: Hand | undefined;
  /** Estimated from the segments' lengths, when absent. */
  readonly heightMetres?: number | undefined;
  /** What a person has said: overrules what is found. */
  readonly events?: PitchEvents | undefined;
  /** How foot contact is found; by what is seen of the ankle, when absent. */
  readonly isFootSeenToRest?: boolean | undefined;
}

/** Undefined where neither arm is seen. */
export function pitchContext(options: PitchOptions): PitchContext | undefined {
  const { motion } = options;
  const hand = options.hand ?? fasterHand(motion);
  if (hand === undefined) return undefined;
  const side = throwingSide(hand);
  const signals = pitchSignals(motion, side);
  const heightMetres = options.heightMetres ?? estimatedHeight(motion);
  const found = findPitchEvents({
    ...{ motion, signals, side, isFootSeenToRest: options.isFootSeenToRest },
    heightMetres: Number.isFinite(heightMetres) ? heightMetres : usualHeightMetres,
  });
  return {
    ...{ motion, side, signals },
    events: { ...found.events, ...options.events },
    isFootSeenToRest: found.footContact?.isSeenToRest ?? false,
    heightMetres,
  };
}

/** Stands in where the body is not seen whole: moments hardly depend on it. */
const usualHeightMetres = 1.8;

/** Shank, thigh and trunk up to the shoulders, of standing height: Drillis and Contini 1966. */
const segmentsOfHeight = 0.246 + 0.245 + 0.288;

function estimatedHeight(motion: JointMotion): number {
  const mean = (part: 'shank' | 'thigh'): number => {
    const ends = part === 'shank' ? (['knee', 'ankle'] as const) : (['hip', 'knee'] as const);
    const lengths = (['left', 'right'] as const).map((side) =>
      segmentLength(motion, `${side}_${ends[0]}`, `${side}_${ends[1]}`),
    );
    return ((lengths[0] ?? Number.NaN) + (lengths[1] ?? Number.NaN)) / 2;
  };
  const trunks = [...motion.timesSeconds.keys()]
    .map((frame) =>
      distance(
        midpoint(jointAt(motion, 'left_shoulder', frame), jointAt(motion, 'right_shoulder', frame)),
        midpoint(jointAt(motion, 'left_hip', frame), jointAt(motion, 'right_hip', frame)),
      ),
    )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return (mean('shank') + mean('thigh') + (trunks[trunks.length >> 1] ?? Number.NaN)) / segmentsOfHeight;
}
