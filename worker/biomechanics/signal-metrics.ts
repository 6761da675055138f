/** Metrics that are read off a signal: its value at a moment, its greatest from one moment to another. */
import { type JointMotion, type JointName, jointAt } from './joint-motion.ts';
import type { Metric } from './metric.ts';
import type { RepetitionContext } from './profile-definition.ts';
import { highest, type Peak, valueAt } from './rates.ts';
import type { Vector } from './vectors.ts';

/** Degrees, [F] each; NaN where a joint is missing. */
export type Signals<SignalId extends string> = Readonly<Record<SignalId, Float64Array>>;

export interface SignalContext<EventId extends string, SignalId extends string> extends RepetitionContext<EventId> {
  readonly signals: Signals<SignalId>;
}

export interface MetricTexts {
  readonly id: string;
  readonly label: string;
  readonly definition: string;
}

/** Events pass between two frames of an ordinary film, but angles change little meanwhile. */
export const ordinaryRate = 24;
/** From here on a parabola through three frames finds the top of the fastest turns. */
export const fastRate = 100;

/** Value of a signal at a moment; NaN where the moment was not found. */
export function signalAt<EventId extends string, SignalId extends string>(
  { motion, signals, events }: SignalContext<EventId, SignalId>,
  signal: SignalId,
  event: EventId,
): number {
  const signalValues = { timesSeconds: motion.timesSeconds, values: signals[signal] };
  return valueAt(signalValues, events[event] ?? Number.NaN);
}

/** Degrees of a signal at a moment. */
export function angleAt<EventId extends string, SignalId extends string>(
  event: EventId,
  signal: SignalId,
  texts: MetricTexts,
): Metric<SignalContext<EventId, SignalId>, EventId> {
  return {
    ...{ ...texts, unit: 'degrees', events: [event], leastFramesPerSecond: ordinaryRate },
    measure: (context) => signalAt(context, signal, event),
  };
}

/** Degrees: the highest of a signal from one moment to another. */
export function greatestBetween<EventId extends string, SignalId extends string>(
  from: EventId,
  to: EventId,
  signal: SignalId,
  texts: MetricTexts,
): Metric<SignalContext<EventId, SignalId>, EventId> {
  return {
    ...{ ...texts, unit: 'degrees', events: [from, to], leastFramesPerSecond: ordinaryRate },
    measure: (context) => peakBetween(context, context.signals[signal], from, to)?.value ?? Number.NaN,
  };
}

/** The highest of values, one for each frame, from one moment to another. */
export function peakBetween<EventId extends string>(
  { motion: { timesSeconds }, events }: RepetitionContext<EventId>,
  values: Float64Array,
  from: EventId,
  to: EventId,
): Peak | undefined {
  const [start, end] = [events[from] ?? Number.NaN, events[to] ?? Number.NaN];
  const first = timesSeconds.findIndex((time) => time >= start);
  if (first < 0) return undefined;
  return highest({ timesSeconds, values, first, end: timesSeconds.findLastIndex((time) => time <= end) + 1 });
}

/** Where a joint is at a moment, on the line between the frames beside it. NaN outside the motion. */
export function jointAtTime(motion: JointMotion, joint: JointName, timeSeconds: number): Vector {
  const { timesSeconds } = motion;
  const next = timesSeconds.findIndex((frameTime) => frameTime >= timeSeconds);
  if (next < 0 || timeSeconds < Number(timesSeconds[0])) return [Number.NaN, Number.NaN, Number.NaN];
  const [before, after] = [Math.max(0, next - 1), next];
  const [from, to] = [jointAt(motion, joint, before), jointAt(motion, joint, after)];
  const span = Number(timesSeconds[after]) - Number(timesSeconds[before]);
  const share = span > 0 ? (timeSeconds - Number(timesSeconds[before])) / span : 1;
  return from.map((value, axis) => value + share * (Number(to[axis]) - value));
}
