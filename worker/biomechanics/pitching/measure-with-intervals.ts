/** Events and metrics with what is not known about them: measured again on motions that might as well have been. */
import { disturbJoints, type JointUncertainty } from '../disturb-joints.ts';
import { type JointMotion, type JointName, thoraxPoints } from '../joint-motion.ts';
import type { MetricValue } from '../metric.ts';
import { createNormal } from '../random.ts';
import { smoothJoints } from '../smooth-joints.ts';
import { measurePitch } from './measure-pitch.ts';
import { type PitchContext, type PitchOptions, pitchContext } from './pitch-context.ts';
import { type PitchEventId, type PitchEvents, pitchEventIds } from './pitch-events.ts';
import type { PitchMetric } from './pitch-metrics.ts';
import type { ThrowingSide } from './throwing-side.ts';

export interface TimedEvent {
  readonly timeSeconds: number;
  /** Half of the 90 % interval; 0 for what a person has set. */
  readonly uncertaintySeconds: number;
}

export interface MeasuredPitch {
  readonly context: PitchContext;
  readonly events: Readonly<Partial<Record<PitchEventId, TimedEvent>>>;
  /** Values carry their 90 % interval. */
  readonly metrics: ReadonlyMap<PitchMetric, MetricValue>;
}

/** Enough for the ends of a 90 % interval to be known to a quarter of its width. */
const defaultDraws = 60;
const share = 0.9;

/**
 * Standard deviation of what remains where the joints are known without error: contact and release are not defined by
 * the joints but by weight on the plate and by the ball. From three laboratory pitches and six drawn ones.
 */
const restErrorSeconds = 0.004;
const kinkErrorSeconds = 0.014;
const releaseErrorSeconds = 0.002;

export interface IntervalOptions extends PitchOptions {
  readonly uncertainty: JointUncertainty;
  /** The motion's own low-pass: disturbances that it does not let through must not widen the intervals. */
  readonly cutoffHertz?: number | undefined;
  readonly draws?: number;
  readonly seed?: number;
}

/** Undefined where neither arm is seen. */
export function measureWithIntervals(options: IntervalOptions): MeasuredPitch | undefined {
  const { motion, draws = defaultDraws, seed = 1 } = options;
  const context = pitchContext(options);
  if (context === undefined) return undefined;
  const measured = measurePitch(context);
  const eventDraws = new Map<PitchEventId, number[]>(pitchEventIds.map((id) => [id, []]));
  const metricDraws = new Map<PitchMetric, number[]>([...measured.keys()].map((metric) => [metric, []]));
  const disturb = disturbances(context, options);
  for (let draw = 0; draw < draws; draw++) {
    const disturbed = pitchContext({
      ...options,
      motion: disturb(seed * 7919 + draw),
      hand: context.side.hand,
      // The body's scale is not drawn again: an error of it is the same in every frame.
      heightMetres: context.heightMetres,
      isFootSeenToRest: context.isFootSeenToRest,
    });
    if (disturbed === undefined) continue;
    const moved = { ...disturbed, events: mistimed(disturbed, options.events ?? {}, seed * 104_729 + draw) };
    for (const [id, times] of eventDraws) times.push(moved.events[id] ?? Number.NaN);
    for (const [metric, value] of measurePitch(moved)) {
      metricDraws.get(metric)?.push('value' in value ? value.value : Number.NaN);
    }
  }
  const events: Partial<Record<PitchEventId, TimedEvent>> = {};
  for (const id of pitchEventIds) {
    const timeSeconds = context.events[id];
    if (timeSeconds === undefined) continue;
    const times = eventDraws.get(id) ?? [];
    if (!isOftenFound(times)) continue;
    const [low, , high] = quantiles(times);
    const isSet = options.events?.[id] !== undefined;
    // A moment is never known better than to a part of a frame, however quiet the joints are.
    events[id] = { timeSeconds, uncertaintySeconds: isSet ? 0 : Math.max((high - low) / 2, frameShare(motion)) };
  }
  const metrics = new Map(
    [...measured].map(([metric, value]): [PitchMetric, MetricValue] => {
      if (!('value' in value)) return [metric, value];
      const values = metricDraws.get(metric) ?? [];
      if (!isOftenFound(values)) return [metric, { notMeasurable: rarelySeen }];
      return [metric, { value: value.value, interval: intervalAround(value.value, values) }];
    }),
  );
  return { context, events, metrics };
}

/** The motion, with its errors drawn anew: of the joints that a pitch is measured on. */
function disturbances(
  { motion, side }: PitchContext,
  { uncertainty, cutoffHertz }: IntervalOptions,
): (seed: number) => JointMotion {
  const measured = Object.entries(motion.joints).filter(([name]) => measuredJoints(side).has(name as JointName));
  // Filtering is linear: the errors alone are filtered and added, the motion stays as it is.
  const still: JointMotion = {
    ...motion,
    joints: Object.fromEntries(measured.map(([name, points]) => [name, points.map((value) => value * 0)])),
  };
  return (seed) => {
    const errors = disturbJoints(still, uncertainty, seed);
    const { joints } = cutoffHertz === undefined ? errors : smoothJoints(errors, cutoffHertz);
    const moved = measured.map(([name, points]) => {
      const error = joints[name as JointName];
      return [name, points.map((value, i) => value + Number(error?.[i]))];
    });
    return { ...motion, joints: Object.fromEntries(moved) };
  };
}

function measuredJoints({ arm, gloveShoulder, lead, rear }: ThrowingSide): ReadonlySet<JointName> {
  const legs = [...Object.values(rear), lead.hip, lead.knee, lead.ankle];
  return new Set([...Object.values(arm), gloveShoulder, ...legs, ...thoraxPoints]);
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

/** The moments with what the way of finding them may be wrong by, drawn anew; what a person has set stays. */
function mistimed({ events, isFootSeenToRest }: PitchContext, set: PitchEvents, seed: number): PitchEvents {
  const normal = createNormal(seed);
  const errorSeconds: Partial<Record<PitchEventId, number>> = {
    footContact: isFootSeenToRest ? restErrorSeconds : kinkErrorSeconds,
    release: releaseErrorSeconds,
  };
  return Object.fromEntries(
    pitchEventIds.map((id) => {
      const error = normal() * (errorSeconds[id] ?? 0);
      const time = events[id];
      return [id, time === undefined || set[id] !== undefined ? time : time + error];
    }),
  );
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
