import type { MetricValue } from '../metric.ts';
import type { PitchContext } from './pitch-context.ts';
import type { PitchEventId } from './pitch-events.ts';
import { type PitchMetric, pitchMetrics } from './pitch-metrics.ts';

const eventNames: Readonly<Record<PitchEventId, string>> = {
  firstMovement: 'the first movement',
  peakKneeHeight: 'the top of the leg lift',
  footContact: 'foot contact',
  maximumExternalRotation: 'the arm’s greatest layback',
  release: 'release',
  maximumInternalRotation: 'the end of the arm’s turn',
};

/** Every metric: its value, or why there is none. */
export function measurePitch(context: PitchContext): Map<PitchMetric, MetricValue> {
  const framesPerSecond = medianRate(context.motion.timesSeconds);
  return new Map(pitchMetrics.map((metric) => [metric, measured(metric, context, framesPerSecond)]));
}

function measured(metric: PitchMetric, context: PitchContext, framesPerSecond: number): MetricValue {
  // A rate that is written as 29.97 or 119.88 counts as what it stands for.
  if (framesPerSecond < metric.leastFramesPerSecond * 0.99) {
    return {
      notMeasurable: `Not measurable at ${Math.round(framesPerSecond)} frames a second: at least ${metric.leastFramesPerSecond} are needed.`,
    };
  }
  if (metric.needsGround && !context.motion.isGrounded) {
    return { notMeasurable: 'Not measurable: the way over the ground is not known from this view.' };
  }
  const unfound = metric.events.find((event) => context.events[event] === undefined);
  if (unfound !== undefined) return { notMeasurable: `Not measurable: ${eventNames[unfound]} was not found.` };
  const value = metric.measure(context);
  if (Number.isFinite(value)) return { value };
  return { notMeasurable: 'Not measurable: joints that it needs are not seen at that moment.' };
}

function medianRate(timesSeconds: Float64Array): number {
  const intervals = timesSeconds.slice(1).map((time, i) => time - (timesSeconds[i] as number));
  return 1 / (intervals.sort()[intervals.length >> 1] ?? Number.NaN);
}
