import type { Metric, MetricValue } from './metric.ts';
import type { ProfileDefinition, RepetitionContext } from './profile-definition.ts';
import { sampleRate } from './rates.ts';

/** A motion without a rate, of which nothing can be measured: a cut of a frame or none. */
const fewestFrames = 3;

/** Every metric of a profile, in its order: its value, or why there is none. */
export function measureMetrics<Context extends RepetitionContext<EventId>, EventId extends string>(
  { metrics, events }: Pick<ProfileDefinition<Context, EventId>, 'metrics' | 'events'>,
  context: Context,
): MetricValue[] {
  const { timesSeconds, isGrounded } = context.motion;
  const framesPerSecond = sampleRate(timesSeconds);
  const measured = (metric: Metric<Context, EventId>): MetricValue => {
    if (timesSeconds.length < fewestFrames) {
      return { notMeasurable: 'Not measurable: the repetition holds too few frames.' };
    }
    // A rate that is written as 29.97 or 119.88 counts as what it stands for.
    if (framesPerSecond < metric.leastFramesPerSecond * 0.99) {
      return {
        notMeasurable: `Not measurable at ${Math.round(framesPerSecond)} frames a second: at least ${metric.leastFramesPerSecond} are needed.`,
      };
    }
    if (metric.needsGround && !isGrounded) {
      return { notMeasurable: 'Not measurable: the way over the ground is not known from this view.' };
    }
    const unfound = events.find(({ id }) => metric.events.includes(id) && context.events[id] === undefined);
    if (unfound !== undefined) return { notMeasurable: `Not measurable: ${unfound.phrase} was not found.` };
    const value = metric.measure(context);
    if (Number.isFinite(value)) return { value };
    return { notMeasurable: 'Not measurable: joints that it needs are not seen at that moment.' };
  };
  return metrics.map(measured);
}
