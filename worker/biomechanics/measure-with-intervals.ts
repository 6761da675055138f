/** Events and metrics with what is not known about them: measured again on motions that might as well have been. */
import { disturbJoints, type JointUncertainty } from './disturb-joints.ts';
import type { JointMotion, JointName } from './joint-motion.ts';
import { measureMetrics } from './measure-metrics.ts';
import type { MetricValue } from './metric.ts';
import type { TimedEvent } from './profile.ts';
import type { ContextOptions, EventTimes, ProfileDefinition, RepetitionContext } from './profile-definition.ts';
import { createNormal } from './random.ts';
import { smoothJoints } from './smooth-joints.ts';

/** Enough for the ends of a 90 % interval to be known to a quarter of its width. */
const defaultDraws = 60;
const share = 0.9;

export interface IntervalOptions<Context, EventId extends string>
  extends Omit<ContextOptions<Context, EventId>, 'undisturbed'> {
  readonly uncertainty: JointUncertainty;
  readonly draws?: number | undefined;
}

export interface MeasuredWithIntervals {
  /** By id; what was not found, or by chance only, is absent. */
  readonly events: Readonly<Record<string, TimedEvent>>;
  /** In the order of the profile's metrics; values carry their 90 % interval. */
  readonly metrics: readonly MetricValue[];
}

/** One repetition. */
export function measureWithIntervals<Context extends RepetitionContext<EventId>, EventId extends string>(
  profile: ProfileDefinition<Context, EventId>,
  options: IntervalOptions<Context, EventId>,
): MeasuredWithIntervals {
  const { motion, draws = defaultDraws } = options;
  const context = profile.context(options);
  const measured = measureMetrics(profile, context);
  const eventDraws = profile.events.map((): number[] => []);
  const metricDraws = measured.map((): number[] => []);
  const disturb = disturbances(profile, options);
  for (let draw = 0; draw < draws; draw++) {
    const seed = 104_729 + draw;
    const known = { ...knownErrors(profile, context, options, seed), ...options.events };
    const disturbed = profile.context({
      ...options,
      ...{ motion: disturb(7919 + draw), undisturbed: context, events: known },
    });
    const events = mistimed(profile, disturbed, known, seed);
    profile.events.forEach(({ id }, i) => {
      eventDraws[i]?.push(events[id] ?? Number.NaN);
    });
    measureMetrics(profile, { ...disturbed, events }).forEach((value, i) => {
      metricDraws[i]?.push('value' in value ? value.value : Number.NaN);
    });
  }
  const events: Record<string, TimedEvent> = {};
  profile.events.forEach(({ id }, i) => {
    const timeSeconds = context.events[id];
    const times = eventDraws[i] ?? [];
    if (timeSeconds === undefined) return;
    if (options.events[id] !== undefined) events[id] = { timeSeconds, uncertaintySeconds: 0 };
    else if (isOftenFound(times)) {
      const [low, , high] = quantiles(times);
      // A moment is never known better than to a part of a frame, however quiet the joints are.
      events[id] = { timeSeconds, uncertaintySeconds: Math.max(draws > 0 ? (high - low) / 2 : 0, frameShare(motion)) };
    }
  });
  const { biases = {}, intervalScales = {}, notMeasurable = {} } = options.uncertainty;
  const metrics = measured.map((value, i): MetricValue => {
    if (!('value' in value)) return value;
    const id = profile.metrics[i]?.id ?? '';
    const reason = notMeasurable[id];
    if (reason !== undefined) return { notMeasurable: reason };
    const values = metricDraws[i] ?? [];
    if (!isOftenFound(values)) return { notMeasurable: rarelySeen };
    if (draws === 0) return value;
    const [low, high] = intervalAround(value.value, values);
    const [scale, bias] = [intervalScales[id] ?? 1, biases[id] ?? 0];
    return {
      value: value.value,
      interval: [
        value.value - Math.max(0, bias) - scale * (value.value - low),
        value.value - Math.min(0, bias) + scale * (high - value.value),
      ],
    };
  });
  return { events, metrics };
}

/** The motion, with its errors drawn anew: of the joints that the profile measures on. */
function disturbances<Context extends RepetitionContext<EventId>, EventId extends string>(
  profile: ProfileDefinition<Context, EventId>,
  { motion, hand, uncertainty }: IntervalOptions<Context, EventId>,
): (seed: number) => JointMotion {
  const needed: ReadonlySet<string> = new Set(profile.joints(hand));
  const measured = Object.entries(motion.joints).filter(([name]) => needed.has(name));
  // Filtering is linear: the errors alone are filtered and added, the motion stays as it is.
  const still: JointMotion = {
    ...motion,
    joints: Object.fromEntries(measured.map(([name, points]) => [name, points.map((value) => value * 0)])),
  };
  return (seed) => {
    // What the motion's own low-pass does not let through must not widen the intervals.
    const { joints } = smoothJoints(disturbJoints(still, uncertainty, seed), profile.cutoffHertz);
    const moved = measured.map(([name, points]) => {
      const error = joints[name as JointName];
      return [name, points.map((value, i) => value + Number(error?.[i]))];
    });
    return { ...motion, joints: Object.fromEntries(moved) };
  };
}

function frameShare({ timesSeconds }: JointMotion): number {
  const frames = timesSeconds.length - 1;
  return (0.25 * ((timesSeconds[frames] ?? 0) - (timesSeconds[0] ?? 0))) / frames;
}

const rarelySeen = 'Not measurable: the joints are not seen well enough at that moment.';

/** What most motions that might as well have been do not show was found by chance. */
function isOftenFound(draws: readonly number[]): boolean {
  return draws.filter(Number.isFinite).length * 2 >= draws.length;
}

/** Moments whose errors are known, with errors drawn anew. */
function knownErrors<Context extends RepetitionContext<EventId>, EventId extends string>(
  profile: ProfileDefinition<Context, EventId>,
  context: Context,
  { uncertainty }: IntervalOptions<Context, EventId>,
  seed: number,
): EventTimes<EventId> {
  const { eventErrorsSeconds = {} } = uncertainty;
  const normal = createNormal(seed);
  const moved: Partial<Record<EventId, number>> = {};
  for (const { id } of profile.events) {
    const [time, error] = [context.events[id], eventErrorsSeconds[id]];
    if (time !== undefined && error !== undefined) moved[id] = time + normal() * error;
  }
  return moved;
}

/** The moments with what the way of finding them may be wrong by, drawn anew; what a person has set stays. */
function mistimed<Context extends RepetitionContext<EventId>, EventId extends string>(
  profile: ProfileDefinition<Context, EventId>,
  context: Context,
  set: EventTimes<EventId>,
  seed: number,
): EventTimes<EventId> {
  const normal = createNormal(seed);
  const errorsSeconds = profile.eventErrorsSeconds?.(context);
  const moved: Partial<Record<EventId, number>> = {};
  for (const { id } of profile.events) {
    const error = normal() * (errorsSeconds?.[id] ?? 0);
    const time = context.events[id];
    if (time !== undefined) moved[id] = set[id] === undefined ? time + error : time;
  }
  return moved;
}

/**
 * 90 % of the draws, moved so that their middle lies on the value. Errors alone make a peak higher: by as much as
 * disturbing raises the middle, the interval reaches the further down, and the other way about.
 */
function intervalAround(value: number, draws: readonly number[]): [low: number, high: number] {
  const [low, middle, high] = quantiles(draws);
  const shift = middle - value;
  return [value + low - middle - Math.max(0, shift), value + high - middle - Math.min(0, shift)];
}

/** Lower end, middle and upper end of 90 % of the draws. */
function quantiles(draws: readonly number[]): [low: number, middle: number, high: number] {
  const sorted = draws.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length < 2) return [Number.NaN, Number.NaN, Number.NaN];
  const quantile = (at: number): number => {
    const place = at * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] as number;
    return low + (place - below) * ((sorted[below + 1] ?? low) - low);
  };
  return [quantile((1 - share) / 2), quantile(0.5), quantile((1 + share) / 2)];
}
