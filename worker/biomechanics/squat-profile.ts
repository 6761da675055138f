/** Squats: the next sport in one file. Definitions are those of the joint centres; no norms that we could source. */
import { segmentLength } from './body-height.ts';
import { defineProfile } from './define-profile.ts';
import { type JointMotion, type JointName, jointAt } from './joint-motion.ts';
import { median } from './median.ts';
import type { Metric } from './metric.ts';
import type { Stretch } from './profile.ts';
import type { ContextOptions, EventTimes } from './profile-definition.ts';
import { derivative, highest, valueAt } from './rates.ts';
import {
  angleAt,
  greatestBetween,
  jointAtTime,
  ordinaryRate,
  peakBetween,
  type SignalContext,
  signalAt,
} from './signal-metrics.ts';
import { angleBetweenDegrees, dot, midpoint, subtract, unit, type Vector } from './vectors.ts';

type EventId = 'start' | 'lowest' | 'end';
type SignalId =
  | `${'left' | 'right'}${'KneeFlexion' | 'HipFlexion' | 'ThighSlope' | 'ShinTilt'}`
  | 'kneeFlexion'
  | 'hipFlexion'
  | 'thighSlope'
  | 'shinTilt'
  | 'trunkTilt';
interface SquatContext extends SignalContext<EventId, SignalId> {
  /** Middle of the hips over the middle of the ankles, metres. [F] */
  readonly hipHeight: Float64Array;
}
type SquatMetric = Metric<SquatContext, EventId>;

/** A squat goes down and up by more than this share of the legs' length. */
const leastDip = 0.2;
/** It begins and ends where the hips are this share of its depth below their highest. */
const startedShare = 0.05;
/** Of the standing before and after a squat, this much belongs to it. */
const standSeconds = 0.75;
const degrees = 180 / Math.PI;

const joints: readonly JointName[] = (['left', 'right'] as const).flatMap((side) =>
  (['shoulder', 'hip', 'knee', 'ankle', 'heel', 'foot_index'] as const).map((part): JointName => `${side}_${part}`),
);

/** Between both sides where both are seen, else of the one that is. */
function between(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, frame) => {
    const other = right[frame] as number;
    return Number.isNaN(value) ? other : Number.isNaN(other) ? value : (value + other) / 2;
  });
}

function middleHeight(motion: JointMotion, part: 'hip' | 'ankle'): Float64Array {
  const of = (side: 'left' | 'right') =>
    motion.timesSeconds.map((_, frame) => Number(jointAt(motion, `${side}_${part}`, frame)[2]));
  return between(of('left'), of('right'));
}

function hipHeightOf(motion: JointMotion): Float64Array {
  const ankles = middleHeight(motion, 'ankle');
  return middleHeight(motion, 'hip').map((height, frame) => height - (ankles[frame] as number));
}

function signalsOf(motion: JointMotion): Record<SignalId, Float64Array> {
  const { timesSeconds } = motion;
  const over = (measure: (frame: number) => number) => timesSeconds.map((_, frame) => measure(frame));
  const at = (joint: JointName, frame: number): Vector => jointAt(motion, joint, frame);
  const trunk = (frame: number): Vector =>
    subtract(
      midpoint(at('left_shoulder', frame), at('right_shoulder', frame)),
      midpoint(at('left_hip', frame), at('right_hip', frame)),
    );
  const leg = (side: 'left' | 'right') => {
    const thigh = (frame: number) => subtract(at(`${side}_hip`, frame), at(`${side}_knee`, frame));
    const shin = (frame: number) => subtract(at(`${side}_knee`, frame), at(`${side}_ankle`, frame));
    return {
      knee: over((frame) => angleBetweenDegrees(thigh(frame), shin(frame))),
      hip: over((frame) => angleBetweenDegrees(trunk(frame), thigh(frame))),
      thigh: over((frame) => Math.asin(Number(unit(thigh(frame))[2])) * degrees),
      shin: over((frame) => angleBetweenDegrees(shin(frame), [0, 0, 1])),
    };
  };
  const [left, right] = [leg('left'), leg('right')];
  return {
    ...{ leftKneeFlexion: left.knee, rightKneeFlexion: right.knee, kneeFlexion: between(left.knee, right.knee) },
    ...{ leftHipFlexion: left.hip, rightHipFlexion: right.hip, hipFlexion: between(left.hip, right.hip) },
    ...{ leftThighSlope: left.thigh, rightThighSlope: right.thigh, thighSlope: between(left.thigh, right.thigh) },
    ...{ leftShinTilt: left.shin, rightShinTilt: right.shin, shinTilt: between(left.shin, right.shin) },
    trunkTilt: over((frame) => angleBetweenDegrees(trunk(frame), [0, 0, 1])),
  };
}

/** Every dip of the hips between two rises that is deep enough, with some of the standing before and after it. */
function findSquats(motion: JointMotion): Stretch[] {
  const { timesSeconds } = motion;
  const heights = hipHeightOf(motion);
  const legs = (['left', 'right'] as const).map(
    (side) =>
      segmentLength(motion, `${side}_hip`, `${side}_knee`) + segmentLength(motion, `${side}_knee`, `${side}_ankle`),
  );
  const dip = leastDip * median(legs);
  const lows = turningPoints(heights, dip);
  return lows.map(({ frame, before, after }) => {
    const [started, ended] = ends(heights, frame, before, after);
    return {
      fromSeconds: Math.max(Number(timesSeconds[before]), Number(timesSeconds[started]) - standSeconds),
      toSeconds: Math.min(Number(timesSeconds[after]), Number(timesSeconds[ended]) + standSeconds),
    };
  });
}

interface Low {
  readonly frame: number;
  /** Frames of the highest points on both sides of it. */
  readonly before: number;
  readonly after: number;
}

/** Lows that the values fall to from, and rise from to, a point higher by `dip`. */
function turningPoints(values: Float64Array, dip: number): Low[] {
  const lows: Low[] = [];
  let [high, low] = [-1, -1];
  for (let frame = 0; frame < values.length; frame++) {
    const value = values[frame] as number;
    if (!Number.isFinite(value)) continue;
    if (low < 0) {
      if (high < 0 || value > (values[high] as number)) high = frame;
      else if ((values[high] as number) - value >= dip) low = frame;
      continue;
    }
    if (value < (values[low] as number)) low = frame;
    else if (value - (values[low] as number) >= dip) {
      lows.push({ frame: low, before: high, after: frame });
      [high, low] = [frame, -1];
    }
  }
  return lows.map((found, i) => ({ ...found, after: highestFrame(values, found.frame, lows[i + 1]?.frame) }));
}

function highestFrame(values: Float64Array, from: number, to = values.length): number {
  let found = from;
  for (let frame = from; frame < to; frame++) if ((values[frame] as number) > (values[found] as number)) found = frame;
  return found;
}

/** The last frame before, and the first after, the lowest at which the hips are almost as high as they come. */
function ends(heights: Float64Array, lowest: number, before: number, after: number): [started: number, ended: number] {
  const low = heights[lowest] as number;
  const reached = (top: number): number => low + (1 - startedShare) * ((heights[top] as number) - low);
  let started = lowest;
  while (started > before && !((heights[started] as number) >= reached(before))) started--;
  let ended = lowest;
  while (ended < after && !((heights[ended] as number) >= reached(after))) ended++;
  return [started, ended];
}

function squatContext({ motion, heightMetres, events }: ContextOptions<SquatContext, EventId>): SquatContext {
  const { timesSeconds } = motion;
  const hipHeight = hipHeightOf(motion);
  const low = highest({ timesSeconds, values: hipHeight.map((height) => -height) });
  const lowest = events.lowest ?? low?.timeSeconds;
  const found: EventTimes<EventId> = lowest === undefined ? {} : aroundLowest(timesSeconds, hipHeight, lowest);
  return { motion, heightMetres, hipHeight, signals: signalsOf(motion), events: { ...found, ...events } };
}

function aroundLowest(timesSeconds: Float64Array, heights: Float64Array, lowest: number): EventTimes<EventId> {
  const frame = Math.max(
    0,
    timesSeconds.findLastIndex((time) => time <= lowest),
  );
  const [before, after] = [highestFrame(heights, 0, frame + 1), highestFrame(heights, frame)];
  const [started, ended] = ends(heights, frame, before, after);
  return {
    lowest,
    ...(started < frame && { start: timesSeconds[started] as number }),
    ...(ended > frame && { end: timesSeconds[ended] as number }),
  };
}

const secondsFrom = (
  from: EventId,
  to: EventId,
  texts: Pick<SquatMetric, 'id' | 'label' | 'definition'>,
): SquatMetric => ({
  ...{ ...texts, unit: 'seconds', events: [from, to], leastFramesPerSecond: ordinaryRate },
  measure: ({ events }) => (events[to] ?? Number.NaN) - (events[from] ?? Number.NaN),
});

/** Positive: more on the right. */
const difference = (
  signal: 'KneeFlexion' | 'HipFlexion' | 'ThighSlope',
  texts: Pick<SquatMetric, 'id' | 'label' | 'definition'>,
): SquatMetric => ({
  ...{ ...texts, unit: 'degrees', events: ['lowest'], leastFramesPerSecond: ordinaryRate },
  measure: (context) => signalAt(context, `right${signal}`, 'lowest') - signalAt(context, `left${signal}`, 'lowest'),
});

/** Of a line over the ground, the part that runs to where the toes point. Metres. */
function aheadOfToes(motion: JointMotion, side: 'left' | 'right', timeSeconds: number): number {
  const at = (part: 'knee' | 'heel' | 'foot_index'): Vector => jointAtTime(motion, `${side}_${part}`, timeSeconds);
  const toe = at('foot_index');
  return dot(subtract(at('knee'), toe), unit(horizontal(subtract(toe, at('heel')))));
}

const horizontal = ([x = Number.NaN, y = Number.NaN]: Vector): Vector => [x, y, 0];

/** Distance of both knees from each other, across the body, against that of both ankles. */
function kneeSeparation({ motion, events: { lowest = Number.NaN } }: SquatContext): number {
  const across = (part: 'knee' | 'ankle' | 'hip') =>
    subtract(jointAtTime(motion, `right_${part}`, lowest), jointAtTime(motion, `left_${part}`, lowest));
  const out = unit(horizontal(across('hip')));
  return (100 * dot(across('knee'), out)) / dot(across('ankle'), out);
}

const metrics: readonly SquatMetric[] = [
  angleAt('lowest', 'thighSlope', {
    id: 'thighSlopeAtLowest',
    label: 'Depth: slope of the thighs',
    definition:
      'Rise of the thighs from knee to hip at the lowest point: 0 level, below 0 the hips lie below the knees.',
  }),
  {
    id: 'hipDropPercentHeight',
    label: 'Depth: drop of the hips',
    unit: 'percent',
    definition: 'How far the hips come nearer to the ankles, from the start to the lowest point, of body height.',
    events: ['start', 'lowest'],
    leastFramesPerSecond: ordinaryRate,
    measure: ({ motion: { timesSeconds }, hipHeight: values, heightMetres, events }) => {
      const at = (time = Number.NaN): number => valueAt({ timesSeconds, values }, time);
      return (100 * (at(events.start) - at(events.lowest))) / heightMetres;
    },
  },
  angleAt('lowest', 'kneeFlexion', {
    id: 'kneeFlexionAtLowest',
    label: 'Knee flexion at the lowest point',
    definition: 'Bend of the knees, both sides’ mean, 0 straight.',
  }),
  angleAt('lowest', 'hipFlexion', {
    id: 'hipFlexionAtLowest',
    label: 'Hip flexion at the lowest point',
    definition: 'Bend between trunk and thighs, both sides’ mean, 0 in line.',
  }),
  angleAt('lowest', 'trunkTilt', {
    id: 'trunkTiltAtLowest',
    label: 'Trunk tilt at the lowest point',
    definition: 'Lean of the trunk from upright, whichever way.',
  }),
  greatestBetween('start', 'end', 'trunkTilt', {
    id: 'maximumTrunkTilt',
    label: 'Greatest trunk tilt',
    definition: 'Greatest lean of the trunk from upright on the way down and up.',
  }),
  angleAt('lowest', 'shinTilt', {
    id: 'shinTiltAtLowest',
    label: 'Shin tilt at the lowest point',
    definition: 'Lean of the shins from upright, both sides’ mean.',
  }),
  {
    id: 'kneesPastToesAtLowest',
    label: 'Knees past the toes',
    unit: 'percent',
    definition: 'How far the knees stand ahead of the toes at the lowest point, both sides’ mean, of body height.',
    events: ['lowest'],
    leastFramesPerSecond: ordinaryRate,
    measure: ({ motion, heightMetres, events: { lowest = Number.NaN } }) =>
      (50 * (aheadOfToes(motion, 'left', lowest) + aheadOfToes(motion, 'right', lowest))) / heightMetres,
  },
  {
    id: 'kneeSeparationAtLowest',
    label: 'Knees against ankles',
    unit: 'percent',
    definition:
      'Distance of the knees across the body at the lowest point, of the ankles’: below 100 the knees fall in.',
    events: ['lowest'],
    leastFramesPerSecond: ordinaryRate,
    measure: kneeSeparation,
  },
  difference('KneeFlexion', {
    id: 'kneeFlexionDifferenceAtLowest',
    label: 'Knee flexion, right less left',
    definition: 'How much further the right knee is bent than the left at the lowest point.',
  }),
  difference('HipFlexion', {
    id: 'hipFlexionDifferenceAtLowest',
    label: 'Hip flexion, right less left',
    definition: 'How much further the right hip is bent than the left at the lowest point.',
  }),
  secondsFrom('start', 'lowest', {
    id: 'timeDown',
    label: 'Time down',
    definition: 'From the start to the lowest point.',
  }),
  secondsFrom('lowest', 'end', { id: 'timeUp', label: 'Time up', definition: 'From the lowest point to the end.' }),
  {
    id: 'peakRiseSpeed',
    label: 'Peak rise speed',
    unit: 'metres/second',
    definition: 'Fastest rise of the hips over the ankles on the way up.',
    events: ['lowest', 'end'],
    // A squat's speed changes within some tenths of a second.
    leastFramesPerSecond: ordinaryRate,
    measure: (context) => {
      const {
        hipHeight: values,
        motion: { timesSeconds },
      } = context;
      return peakBetween(context, derivative({ timesSeconds, values }), 'lowest', 'end')?.value ?? Number.NaN;
    },
  },
];

export const squatProfile = defineProfile<SquatContext, EventId>({
  id: 'squat',
  label: 'Squat',
  events: [
    { id: 'start', label: 'Start', phrase: 'the start' },
    { id: 'lowest', label: 'Lowest point', phrase: 'the lowest point' },
    { id: 'end', label: 'End', phrase: 'the end' },
  ],
  phases: [
    { id: 'down', label: 'Down', from: 'start', to: 'lowest' },
    { id: 'up', label: 'Up', from: 'lowest', to: 'end' },
  ],
  metrics,
  // A gait laboratory's usual cut-off: a squat holds nothing faster.
  cutoffHertz: 6,
  joints: () => joints,
  findRepetitions: findSquats,
  context: squatContext,
});
