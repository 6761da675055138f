/** What a coach gets of filmed pitches: errors of moments and metrics, as figures and tables. */
import type { MetricUnit } from '../../worker/biomechanics/metric.ts';
import { pitchingProfile } from '../../worker/biomechanics/pitching/pitching-profile.ts';
import { grouped } from './grouped.ts';
import type { Measurement } from './measure-set.ts';
import type { EventScore, MetricScore, PitchScore } from './score/pitch-score.ts';
import { mean, quantile, rootMeanSquare } from './score/summary.ts';
import { type ScoredEvent, scoredEvents } from './score/truth-motion.ts';

/** Of one moment over clips that show it. NaN where nothing can be said. */
export interface EventFigures {
  readonly clips: number;
  readonly foundShare: number;
  /** Of the errors without sign. */
  readonly medianMilliseconds: number;
  readonly p90Milliseconds: number;
  /** Share of errors within the stated 90 % uncertainty. */
  readonly coverage90: number;
}

export function eventFigures(scores: readonly PitchScore[]): Readonly<Record<ScoredEvent, EventFigures>> {
  return Object.fromEntries(
    scoredEvents.map((event) => [
      event,
      figuresOf(scores.flatMap(({ events }) => events.filter((own) => own.event === event))),
    ]),
  ) as Record<ScoredEvent, EventFigures>;
}

function figuresOf(events: readonly EventScore[]): EventFigures {
  const found = events.filter(({ errorSeconds }) => Number.isFinite(errorSeconds));
  const errors = found.map(({ errorSeconds }) => 1000 * Math.abs(errorSeconds));
  return {
    clips: events.length,
    foundShare: found.length / (events.length || Number.NaN),
    medianMilliseconds: quantile(errors, 0.5),
    p90Milliseconds: quantile(errors, 0.9),
    coverage90: mean(
      found.map(({ errorSeconds, uncertaintySeconds }) => Number(Math.abs(errorSeconds) <= uncertaintySeconds)),
    ),
  };
}

/** Of one metric over clips whose joints without error give it, in the metric's unit. */
export interface MetricFigures {
  readonly clips: number;
  readonly bias: number;
  readonly rmse: number;
  readonly notMeasurableShare: number;
  readonly coverage90: number;
  /** Of the 90 % interval. */
  readonly medianWidth: number;
}

export function metricFigures(metrics: readonly MetricScore[]): MetricFigures {
  const known = metrics.filter(({ value }) => Number.isFinite(value));
  const errors = known.map(({ value, truth }) => value - truth);
  return {
    clips: metrics.length,
    bias: mean(errors),
    rmse: rootMeanSquare(errors),
    notMeasurableShare: 1 - known.length / (metrics.length || Number.NaN),
    coverage90: mean(known.map(({ truth, low, high }) => Number(low <= truth && truth <= high))),
    medianWidth: quantile(
      known.map(({ low, high }) => high - low),
      0.5,
    ),
  };
}

export type Table = readonly (readonly string[])[];

const text = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const percent = (share: number): string => text(100 * share);
const signed = (value: number, digits: number): string =>
  Number.isFinite(value) ? `${value >= 0 ? '+' : ''}${value.toFixed(digits)}` : '–';

const eventHeads = scoredEvents.map((event) => pitchingProfile.events.find(({ id }) => id === event)?.label ?? event);

/** A line for each view, rate and quality: median / 90 % of the errors, ms; in brackets found %, within the stated uncertainty %. */
export function eventTable(measurements: readonly Measurement[]): Table {
  const groups = grouped(withPitch(measurements), ({ recipe, quality }) =>
    JSON.stringify([recipe.camera.view, recipe.camera.framesPerSecond, quality]),
  );
  return [
    ['view', 'fps', 'quality', 'clips', 'hand %', ...eventHeads],
    ...[...groups].map(([key, members]) => {
      const scores = members.map(({ pitchScore }) => pitchScore);
      const figures = eventFigures(scores);
      return [
        ...(JSON.parse(key) as (string | number)[]).map(String),
        String(scores.length),
        percent(mean(scores.map(({ isHandFound }) => Number(isHandFound)))),
        ...scoredEvents.map((event) => {
          const own = figures[event];
          return own.clips === 0
            ? '–'
            : `${text(own.medianMilliseconds)} / ${text(own.p90Milliseconds)} (${percent(own.foundShare)}, ${percent(own.coverage90)})`;
        }),
      ];
    }),
  ];
}

export const viewFamilies: Readonly<Record<string, string>> = {
  side: 'side',
  'side-far': 'side',
  front: 'front, rear',
  rear: 'front, rear',
  'quarter-front': 'quarter',
  'quarter-rear': 'quarter',
};

const digitsOf: Readonly<Partial<Record<MetricUnit, number>>> = { seconds: 2, 'metres/second': 1 };

/** A line for each metric and family of views. */
export function metricTable(measurements: readonly Measurement[]): Table {
  return [
    ['metric', 'unit', 'view', 'clips', 'bias', 'RMSE', 'not measurable %', 'in 90 %', 'width of the interval'],
    ...pitchingProfile.metrics.flatMap(({ id, label, unit }) =>
      [...byFamily(measurements)].flatMap(([family, scores]) => {
        const own = metricFigures(scores.flatMap(({ metrics }) => metrics.filter((metric) => metric.id === id)));
        if (own.clips === 0) return [];
        const digits = digitsOf[unit] ?? 0;
        return [
          [
            ...[label, unit, family, String(own.clips), signed(own.bias, digits), text(own.rmse, digits)],
            ...[percent(own.notMeasurableShare), percent(own.coverage90), text(own.medianWidth, digits)],
          ],
        ];
      }),
    ),
  ];
}

/** The metrics of which a norm is known, RMSE (bias) by family of views, and the moments' median error. */
export function shortPitchTable(measurements: readonly Measurement[]): Table {
  const families = [...byFamily(measurements)];
  const line = (label: string, cell: (scores: readonly PitchScore[]) => string): string[] => [
    label,
    ...families.map(([, scores]) => cell(scores)),
  ];
  const normed = pitchingProfile.metrics.filter(({ norm, needsGround }) => norm && !needsGround);
  return [
    ['', ...families.map(([family]) => family)],
    ...scoredEvents.map((event, at) =>
      line(`${eventHeads[at]}, ms off: half within / nine of ten`, (scores) => {
        const own = eventFigures(scores)[event];
        return `${text(own.medianMilliseconds)} / ${text(own.p90Milliseconds)}`;
      }),
    ),
    ...normed.map(({ id, label, unit }) =>
      line(`${label}, ${unit === 'degrees' ? '°' : unit}: RMSE (bias)`, (scores) => {
        const own = metricFigures(scores.flatMap(({ metrics }) => metrics.filter((metric) => metric.id === id)));
        return Number.isFinite(own.rmse) ? `${text(own.rmse)} (${signed(own.bias, 0)})` : 'not measurable';
      }),
    ),
    line('metrics whose 90 % interval holds the truth, %', (scores) =>
      percent(metricFigures(scores.flatMap(({ metrics }) => metrics)).coverage90),
    ),
  ];
}

/** By family of views, in the order in which they appear. */
function byFamily(measurements: readonly Measurement[]): Map<string, PitchScore[]> {
  const groups = grouped(
    withPitch(measurements),
    ({ recipe }) => viewFamilies[recipe.camera.view] ?? recipe.camera.view,
  );
  return new Map([...groups].map(([family, members]) => [family, members.map(({ pitchScore }) => pitchScore)]));
}

type PitchMeasurement = Measurement & { readonly pitchScore: PitchScore };

function withPitch(measurements: readonly Measurement[]): PitchMeasurement[] {
  return measurements.filter((measurement): measurement is PitchMeasurement => measurement.pitchScore !== undefined);
}
