import { median } from '../median.ts';
import type { MeasuredMetric, MeasuredRepetition, TimedEvent } from '../profile.ts';
import { type BodyPoint, type BoneDirections, type BoneLengths, boneLengths, bones, buildBody } from './body-tree.ts';
import { layOver } from './lay-over.ts';
import { mirrorMotion } from './mirror-motion.ts';

/**
 * The mean of several repetitions as one: events at their mean times, bones of mean length in the mean of their
 * directions, moment by moment (aligned by their events, mirrored to the first one's hand, facing as it does), and the
 * mean of every metric. Its clock starts at its first frame; it stands on the spot, for ways over the ground
 * do not add up. What fewer than half of the repetitions show is missing. Intervals are as wide as those of one
 * repetition on average: errors of the same camera do not cancel. Throws RangeError when there is none.
 */
export function averageRepetition(repetitions: readonly MeasuredRepetition[]): MeasuredRepetition {
  const [first] = repetitions;
  if (first === undefined) throw new RangeError('There is no repetition to average.');
  const clock = meanClock(repetitions, first);
  const mean = { ...first, ...clock };
  const overlays = repetitions.map((reference) => {
    // The mean's moments, with the first one's joints to face.
    const facing = layOver({ athlete: first, reference });
    return layOver({ athlete: mean, reference, turn: facing.turn });
  });
  const interval = Math.min(...repetitions.map(({ motion }) => medianInterval(motion.timesSeconds)));
  const frames = Math.max(2, Math.round((clock.toSeconds - clock.fromSeconds) / interval) + 1);
  const timesSeconds = Float64Array.from(
    { length: frames },
    (_, frame) => clock.fromSeconds + (frame / (frames - 1)) * (clock.toSeconds - clock.fromSeconds),
  );
  const lengths = repetitions.map(({ motion }, i) =>
    boneLengths(overlays[i]?.isMirrored ? mirrorMotion(motion) : motion),
  );
  const joints = buildBody({
    directions: meanDirections(overlays.map(({ directionsAt }) => directionsAt(timesSeconds))),
    lengths: meanLengths(lengths),
    middleOfHips: new Float64Array(frames * 3),
  });
  const { towardsTarget } = first.motion;
  return {
    ...{ ...clock, hand: first.hand },
    heightMetres: meanOf(repetitions.map(({ heightMetres }) => heightMetres)),
    motion: { timesSeconds, joints, isGrounded: false, ...(towardsTarget && { towardsTarget }) },
    metrics: first.metrics.map((metric) => meanMetric(metric, repetitions)),
  };
}

type Clock = Pick<MeasuredRepetition, 'events' | 'fromSeconds' | 'toSeconds'>;

/** Events that all have, counted from the first of them; the stretch is what all of them show. */
function meanClock(repetitions: readonly MeasuredRepetition[], first: MeasuredRepetition): Clock {
  const shared = Object.entries(first.events)
    .filter(([id]) => repetitions.every(({ events }) => events[id] !== undefined))
    .sort(([, a], [, b]) => a.timeSeconds - b.timeSeconds)
    .map(([id]) => id);
  const [start, end] = [shared[0], shared.at(-1)];
  const timeOf = ({ events }: MeasuredRepetition, id: string): number => events[id]?.timeSeconds ?? Number.NaN;
  if (start === undefined || end === undefined) {
    const seconds = meanOf(repetitions.map(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds));
    return { events: {}, fromSeconds: 0, toSeconds: seconds };
  }
  const before = Math.min(...repetitions.map((one) => timeOf(one, start) - one.fromSeconds));
  const after = Math.min(...repetitions.map((one) => one.toSeconds - timeOf(one, end)));
  const events = Object.fromEntries(
    shared.map((id): [string, TimedEvent] => [
      id,
      {
        timeSeconds: before + meanOf(repetitions.map((one) => timeOf(one, id) - timeOf(one, start))),
        uncertaintySeconds: meanOf(repetitions.map((one) => one.events[id]?.uncertaintySeconds ?? Number.NaN)),
      },
    ]),
  );
  return { events, fromSeconds: 0, toSeconds: (events[end] as TimedEvent).timeSeconds + after };
}

function meanDirections(all: readonly BoneDirections[]): BoneDirections {
  const mean: Partial<Record<BodyPoint, Float64Array>> = {};
  for (const { to } of bones) {
    const seen = all.flatMap((directions) => directions[to] ?? []);
    const [one] = seen;
    if (one === undefined) continue;
    mean[to] = new Float64Array(one.length).fill(Number.NaN);
    for (let at = 0; at < one.length; at += 3) {
      const shown = seen.filter((directions) => Number.isFinite(directions[at]));
      if (shown.length * 2 < all.length) continue;
      const sum = [0, 1, 2].map((axis) => shown.reduce((total, d) => total + (d[at + axis] as number), 0));
      const length = Math.hypot(...sum);
      mean[to]?.set(
        sum.map((value) => value / length),
        at,
      );
    }
  }
  return mean;
}

function meanLengths(all: readonly BoneLengths[]): BoneLengths {
  return Object.fromEntries(bones.map(({ to }) => [to, meanOf(all.map((lengths) => lengths[to] ?? Number.NaN))]));
}

function meanMetric(own: MeasuredMetric, repetitions: readonly MeasuredRepetition[]): MeasuredMetric {
  const values = repetitions.flatMap(({ metrics }) => {
    const found = metrics.find(({ metric }) => metric.id === own.metric.id)?.value;
    return found && 'value' in found ? [found] : [];
  });
  if (values.length * 2 < repetitions.length || values.length === 0) {
    const notMeasurable = 'Not measurable: fewer than half of the repetitions show it.';
    return { ...own, value: 'value' in own.value ? { notMeasurable } : own.value };
  }
  const value = meanOf(values.map((one) => one.value));
  const half = meanOf(values.map(({ interval: [low, high] = [0, 0] }) => (high - low) / 2));
  return { ...own, value: { value, interval: [value - half, value + half] } };
}

function medianInterval(timesSeconds: Float64Array): number {
  return median(timesSeconds.slice(1).map((time, i) => time - (timesSeconds[i] as number)));
}

/** Of the finite values. */
function meanOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
