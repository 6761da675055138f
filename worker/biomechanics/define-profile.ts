import { estimatedHeight } from './body-height.ts';
import { assertNoJumps, assertTimesIncrease } from './frame-order.ts';
import { measureWithIntervals } from './measure-with-intervals.ts';
import type { MeasureOptions, MotionProfile } from './profile.ts';
import type { EventTimes, ProfileDefinition, RepetitionContext } from './profile-definition.ts';
import { smoothJoints } from './smooth-joints.ts';
import { stretchOf } from './stretch-of.ts';

/** A kind of motion, from its data and from how its moments are found. */
export function defineProfile<Context extends RepetitionContext<EventId>, EventId extends string>(
  definition: ProfileDefinition<Context, EventId>,
): MotionProfile {
  const { id, label, events, phases, metrics, cutoffHertz, findHand, normFor, recogniseSlowMotion } = definition;
  const measure = (options: MeasureOptions): ReturnType<MotionProfile['measure']> => {
    assertTimesIncrease(options.motion.timesSeconds);
    const motion = smoothJoints(options.motion, cutoffHertz);
    assertNoJumps(motion);
    const hand = findHand && (options.hand ?? findHand(motion));
    if (findHand && hand === undefined) return [];
    const norms = metrics.map((metric) => (normFor ? normFor(metric, motion) : metric.norm));
    const repetitions: NonNullable<MeasureOptions['repetitions']> =
      options.repetitions ?? definition.findRepetitions(motion, hand);
    return repetitions.map((repetition) => {
      const { fromSeconds, toSeconds } = repetition;
      const { motion: stretch, framesBefore } = stretchOf(motion, repetition);
      const heightMetres = options.heightMetres ?? estimatedHeight(stretch);
      const uncertainty = options.uncertainty.ofMotion?.(stretch) ?? options.uncertainty;
      const measured = measureWithIntervals(definition, {
        ...{ motion: stretch, hand, heightMetres, draws: options.draws },
        events: knownEvents(definition, repetition.events),
        uncertainty: {
          ...uncertainty,
          sigmaMetres: (joint, frame, axis) => uncertainty.sigmaMetres(joint, framesBefore + frame, axis),
        },
      });
      return {
        ...{ fromSeconds, toSeconds, hand, heightMetres, motion: stretch, events: measured.events },
        metrics: metrics.map((metric, i) => ({
          ...{ metric, norm: norms[i] },
          value: measured.metrics[i] ?? { notMeasurable: 'Not measured.' },
        })),
      };
    });
  };
  return { id, label, events, phases, metrics, cutoffHertz, measure, recogniseSlowMotion };
}

/** Those of a person's moments that the profile knows. */
function knownEvents<Context extends RepetitionContext<EventId>, EventId extends string>(
  { events }: Pick<ProfileDefinition<Context, EventId>, 'events'>,
  set: Readonly<Record<string, number>> = {},
): EventTimes<EventId> {
  const known: Partial<Record<EventId, number>> = {};
  for (const { id } of events) if (set[id] !== undefined) known[id] = set[id];
  return known;
}
