/** What stands in for a reference where a coach has none: the mean of what is published of pitchers. */
import type { JointMotion } from '../joint-motion.ts';
import type { MeasuredMetric, MeasuredRepetition } from '../profile.ts';
import { type BodyPoint, buildBody } from './body-tree.ts';
import { normMotionData as data } from './norm-motion-data.ts';

/** Half of a 90 % interval, in standard deviations. */
const halfInterval = 1.645;

const eventIds = Object.keys(data.events) as readonly (keyof typeof data.events)[];

/**
 * What holds 90 % of pitchers' phases, as the generator draws them: from contact on as published, before it by our own
 * judgement, so wide that only a tempo that is plainly another one counts as a difference.
 */
const spreadSeconds: Readonly<Record<keyof typeof data.events, number>> = {
  ...{ firstMovement: 0.06, peakKneeHeight: 0.1, footContact: 0.01 },
  ...{ maximumExternalRotation: 0.01, release: 0.003, maximumInternalRotation: 0.005 },
};

/**
 * The norm's mean pitch, right-handed, as the reference of an athlete's repetition: its motion measures the published
 * means (made by the project's own generator), its metrics are the norms that the athlete's are held against, with the
 * interval that holds 90 % of the norm's athletes: a difference is one where he is unlike most of them.
 */
export function normRepetition(athlete: Pick<MeasuredRepetition, 'metrics'>): MeasuredRepetition {
  const motion = normMotion();
  return {
    ...{ hand: 'right', heightMetres: data.heightMetres, motion },
    ...{ fromSeconds: motion.timesSeconds[0] ?? 0, toSeconds: motion.timesSeconds.at(-1) ?? 0 },
    events: Object.fromEntries(
      eventIds.map((id) => [id, { timeSeconds: data.events[id], uncertaintySeconds: spreadSeconds[id] }]),
    ),
    metrics: athlete.metrics.map(normMetric),
  };
}

function normMetric({ metric, norm }: MeasuredMetric): MeasuredMetric {
  if (norm === undefined) return { metric, value: { notMeasurable: 'There is no norm for it.' } };
  const value = norm.mean + (norm.offset?.value ?? 0);
  const half = halfInterval * norm.sd;
  return { metric, norm, value: { value, interval: [value - half, value + half] } };
}

function normMotion(): JointMotion {
  const timesSeconds = numbers(data.tenths).map((tenth) => tenth / 10_000);
  const lengths = Object.entries(data.lengths).map(([bone, share]) => [bone, share * data.heightMetres]);
  const directions = Object.entries(data.directions).map(([bone, values]) => [bone, unitVectors(numbers(values))]);
  return {
    ...{ timesSeconds, isGrounded: false, towardsTarget: [1, 0, 0] },
    joints: buildBody({
      directions: Object.fromEntries(directions) as Partial<Record<BodyPoint, Float64Array>>,
      lengths: Object.fromEntries(lengths) as Partial<Record<BodyPoint, number>>,
      middleOfHips: new Float64Array(timesSeconds.length * 3),
    }),
  };
}

function numbers(text: string): Float64Array {
  return Float64Array.from(text.split(' '), Number);
}

/** Thousandths are a little off length 1. */
function unitVectors(values: Float64Array): Float64Array {
  return values.map((value, i) => {
    const at = i - (i % 3);
    return value / Math.hypot(values[at] as number, values[at + 1] as number, values[at + 2] as number);
  });
}
