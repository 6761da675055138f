/** What was measured, as plain data for `--json` and as lines for people. */

import type { MetricNorm, MetricUnit } from '../worker/biomechanics/metric.ts';
import type { Hand } from '../worker/biomechanics/pitching/throwing-side.ts';
import type { MeasuredRepetition, MotionProfile, TimedEvent } from '../worker/biomechanics/profile.ts';
import { type SlowMotionGuess, worthAsking } from '../worker/biomechanics/slow-motion.ts';
import type { ReadMotion } from '../worker/motion-files/read-motion-file.ts';

type Unmeasured = { readonly notMeasurable: string };
export type ReportedMetric =
  | {
      readonly value: number;
      readonly unit: MetricUnit;
      readonly interval: readonly [number, number];
      /** Who it may be compared with, and how far the definitions lie apart. */
      readonly norm?: MetricNorm;
    }
  | Unmeasured;

export interface ReportedRepetition {
  /** Absent where the motion is not one of a hand. */
  readonly hand?: Hand;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Absent where neither said nor seen. */
  readonly heightMetres?: number;
  readonly events: Readonly<Record<string, TimedEvent | Unmeasured>>;
  readonly metrics: Readonly<Record<string, ReportedMetric>>;
}

export interface MeasureReport {
  readonly motion: string;
  readonly method: {
    readonly profile: string;
    readonly frames: number;
    readonly lowPassHertz: number;
    readonly intervals: string;
    readonly jointErrors: { readonly sigmaMetres: number; readonly correlationSeconds: number; readonly basis: string };
    readonly height: 'given' | 'estimated from the segments';
  };
  readonly warnings: readonly string[];
  readonly repetitions: readonly ReportedRepetition[];
}

const guessedRate = 'Not measurable: the file does not say how many frames a second it holds. Give it with --fps.';
const guessedTimes =
  'The file does not say how many frames a second it holds: times are guessed from how long a pitch takes.';
const unfound = { notMeasurable: 'Not found in this motion.' };
const timed: ReadonlySet<MetricUnit> = new Set(['degrees/second', 'milliseconds', 'seconds', 'metres/second']);

export function measureReport(options: {
  readonly path: string;
  readonly read: ReadMotion;
  readonly profile: MotionProfile;
  readonly repetitions: readonly MeasuredRepetition[];
  readonly isHeightGiven: boolean;
  /** See `clipSecondsForOne`: what is reported of moments is on the file's own clock. */
  readonly secondsForOne: number;
  readonly slowMotion?: SlowMotionGuess | undefined;
}): MeasureReport {
  const { path, read, profile, repetitions, isHeightGiven, secondsForOne, slowMotion } = options;
  return {
    motion: path,
    method: {
      profile: profile.id,
      frames: read.motion.timesSeconds.length,
      lowPassHertz: profile.cutoffHertz,
      intervals: '90 %, measured again with the joints’ errors drawn anew',
      jointErrors: read.errors,
      height: isHeightGiven ? 'given' : 'estimated from the segments',
    },
    warnings: [
      ...(read.isRateGuessed ? [guessedTimes] : []),
      ...(slowMotion && slowMotion.likelihood >= worthAsking
        ? [`${slowMotion.question} Say so with --filmed-fps.`]
        : []),
    ],
    repetitions: repetitions.map((repetition) =>
      reported(onFileClock(repetition, secondsForOne), profile, read.isRateGuessed),
    ),
  };
}

function reported(repetition: MeasuredRepetition, profile: MotionProfile, isRateGuessed: boolean): ReportedRepetition {
  const { hand, fromSeconds, toSeconds, heightMetres } = repetition;
  return {
    ...{ ...(hand && { hand }), fromSeconds, toSeconds, ...(Number.isFinite(heightMetres) && { heightMetres }) },
    events: Object.fromEntries(profile.events.map(({ id }) => [id, repetition.events[id] ?? unfound])),
    metrics: Object.fromEntries(
      repetition.metrics.map(({ metric: { id, unit }, value: measured, norm }): [string, ReportedMetric] => {
        if (!('value' in measured)) return [id, measured];
        if (isRateGuessed && timed.has(unit)) return [id, { notMeasurable: guessedRate }];
        const { value, interval = [value, value] } = measured;
        return [id, { value, unit, interval, ...(norm && { norm }) }];
      }),
    ),
  };
}

/** Its moments where they are seen in the file; metrics stay those of the real motion. */
function onFileClock(repetition: MeasuredRepetition, secondsForOne: number): MeasuredRepetition {
  return {
    ...repetition,
    fromSeconds: repetition.fromSeconds * secondsForOne,
    toSeconds: repetition.toSeconds * secondsForOne,
    events: Object.fromEntries(
      Object.entries(repetition.events).map(([id, { timeSeconds, uncertaintySeconds }]) => [
        id,
        { timeSeconds: timeSeconds * secondsForOne, uncertaintySeconds: uncertaintySeconds * secondsForOne },
      ]),
    ),
  };
}

export function reportLines({ repetitions }: MeasureReport): string[] {
  return repetitions.flatMap(({ hand, events, metrics }, i) => [
    `Repetition ${i + 1}${hand === undefined ? '' : `, ${hand}-handed`}`,
    ...Object.entries(events).map(([id, event]) =>
      'timeSeconds' in event
        ? `  ${id}: ${event.timeSeconds.toFixed(3)} s ± ${event.uncertaintySeconds.toFixed(3)} s`
        : `  ${id}: ${event.notMeasurable}`,
    ),
    ...Object.entries(metrics).map(([id, metric]) => {
      if (!('value' in metric)) return `  ${id}: ${metric.notMeasurable}`;
      const digits = metric.unit === 'seconds' ? 3 : 1;
      const [value, low, high] = [metric.value, ...metric.interval].map((number) => number.toFixed(digits));
      return `  ${id}: ${value} ${metric.unit} (${low} to ${high})`;
    }),
  ]);
}
