/** Events and metrics with what is not known about them: measured again on motions that might as well have been. */
import { disturbJoints, type JointUncertainty } from '../disturb-joints.ts';
import type { JointMotion } from '../joint-motion.ts';
import type { MetricValue } from '../metric.ts';
import { measurePitch } from './measure-pitch.ts';
import { type PitchContext, type PitchOptions, pitchContext } from './pitch-context.ts';
import { type PitchEventId, pitchEventIds } from './pitch-events.ts';
import type { PitchMetric } from './pitch-metrics.ts';

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

export interface IntervalOptions extends PitchOptions {
  readonly uncertainty: JointUncertainty;
  /** Filters as the motion was filtered: disturbances that no filter lets through must not widen the intervals. */
  readonly smooth?: ((motion: JointMotion) => JointMotion) | undefined;
  readonly draws?: number;
  readonly seed?: number;
}

/** Undefined where neither arm is seen. */
export function measureWithIntervals(options: IntervalOptions): MeasuredPitch | undefined {
  const { motion, uncertainty, smooth = (same) => same, draws = defaultDraws, seed = 1 } = options;
  const context = pitchContext(options);
  if (context === undefined) return undefined;
  const measured = measurePitch(context);
  const eventDraws = new Map<PitchEventId, number[]>(pitchEventIds.map((id) => [id, []]));
  const metricDraws = new Map<PitchMetric, number[]>([...measured.keys()].map((metric) => [metric, []]));
  for (let draw = 0; draw < draws; draw++) {
    const disturbed = pitchContext({
      ...options,
      motion: smooth(disturbJoints(motion, uncertainty, seed * 7919 + draw)),
      hand: context.side.hand,
      // The body's scale is not drawn again: an error of it is the same in every frame.
      heightMetres: context.heightMetres,
    });
    if (disturbed === undefined) continue;
    for (const [id, times] of eventDraws) times.push(disturbed.events[id] ?? Number.NaN);
    for (const [metric, value] of measurePitch(disturbed)) {
      metricDraws.get(metric)?.push('value' in value ? value.value : Number.NaN);
    }
  }
  const events: Partial<Record<PitchEventId, TimedEvent>> = {};
  for (const id of pitchEventIds) {
    const timeSeconds = context.events[id];
    if (timeSeconds === undefined) continue;
    const [low, high] = spreadOf(eventDraws.get(id) ?? []);
    const isSet = options.events?.[id] !== undefined;
    // A moment is never known better than to a part of a frame, however quiet the joints are.
    events[id] = { timeSeconds, uncertaintySeconds: isSet ? 0 : Math.max((high - low) / 2, frameShare(motion)) };
  }
  const metrics = new Map(
    [...measured].map(([metric, value]): [PitchMetric, MetricValue] => {
      if (!('value' in value)) return [metric, value];
      const [low, high] = spreadOf(metricDraws.get(metric) ?? []);
      return [metric, { value: value.value, interval: [value.value + low, value.value + high] }];
    }),
  );
  return { context, events, metrics };
}

function frameShare({ timesSeconds }: JointMotion): number {
  const frames = timesSeconds.length - 1;
  return (0.25 * ((timesSeconds[frames] ?? 0) - (timesSeconds[0] ?? 0))) / frames;
}

/** How far below and above their middle 90 % of the draws lie. The middle itself is what disturbing shifts: left out. */
function spreadOf(draws: readonly number[]): [low: number, high: number] {
  const sorted = draws.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length < 2) return [Number.NaN, Number.NaN];
  const quantile = (at: number): number => {
    const place = at * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] as number;
    return low + (place - below) * ((sorted[below + 1] ?? low) - low);
  };
  const middle = quantile(0.5);
  return [quantile((1 - share) / 2) - middle, quantile((1 + share) / 2) - middle];
}
