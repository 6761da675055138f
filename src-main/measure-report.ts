/** What was measured, as plain data for `--json` and as lines for people. */

import type { MetricNorm, MetricUnit } from '../worker/biomechanics/metric.ts';
import { type MeasuredRepetition, pitchCutoffHertz } from '../worker/biomechanics/pitching/measure-repetitions.ts';
import type { MeasuredPitch, TimedEvent } from '../worker/biomechanics/pitching/measure-with-intervals.ts';
import { type PitchEventId, pitchEventIds } from '../worker/biomechanics/pitching/pitch-events.ts';
import { normFor } from '../worker/biomechanics/pitching/pitch-norms.ts';
import type { Hand } from '../worker/biomechanics/pitching/throwing-side.ts';
import { highest, pointSpeed } from '../worker/biomechanics/rates.ts';
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
  readonly hand: Hand;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Absent where neither said nor seen. */
  readonly heightMetres?: number;
  readonly events: Readonly<Record<PitchEventId, TimedEvent | Unmeasured>>;
  readonly metrics: Readonly<Record<string, ReportedMetric>>;
}

export interface MeasureReport {
  readonly motion: string;
  readonly method: {
    readonly profile: 'pitching';
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
const slowHand =
  'The throwing hand is slow: this is no pitch, or it was filmed in slow motion and its times are not the real ones.';
/** A child's pitch is faster. Metres a second, of the wrist. */
const slowestPitch = 7;

function isSlow({ context: { motion, side } }: MeasuredPitch): boolean {
  const { timesSeconds } = motion;
  return !(Number(highest({ timesSeconds, values: pointSpeed(motion, side.arm.wrist) })?.value) > slowestPitch);
}

const timed: ReadonlySet<MetricUnit> = new Set(['degrees/second', 'milliseconds', 'seconds', 'metres/second']);

export function measureReport(options: {
  readonly path: string;
  readonly read: ReadMotion;
  readonly repetitions: readonly MeasuredRepetition[];
  readonly isHeightGiven: boolean;
}): MeasureReport {
  const { path, read, repetitions, isHeightGiven } = options;
  return {
    motion: path,
    method: {
      profile: 'pitching',
      frames: read.motion.timesSeconds.length,
      lowPassHertz: pitchCutoffHertz,
      intervals: '90 %, measured again with the joints’ errors drawn anew',
      jointErrors: read.errors,
      height: isHeightGiven ? 'given' : 'estimated from the segments',
    },
    warnings: [
      ...(read.isRateGuessed ? [guessedTimes] : []),
      ...(repetitions.some(({ measured }) => isSlow(measured)) ? [slowHand] : []),
    ],
    repetitions: repetitions.map((repetition) => reported(repetition, read.isRateGuessed)),
  };
}

function reported(
  { measured, fromSeconds, toSeconds }: MeasuredRepetition,
  isRateGuessed: boolean,
): ReportedRepetition {
  const { side, heightMetres } = measured.context;
  const unfound = { notMeasurable: 'Not found in this motion.' };
  return {
    ...{ hand: side.hand, fromSeconds, toSeconds, ...(Number.isFinite(heightMetres) && { heightMetres }) },
    events: Object.fromEntries(
      pitchEventIds.map((id) => [id, measured.events[id] ?? unfound]),
    ) as ReportedRepetition['events'],
    metrics: Object.fromEntries(
      [...measured.metrics].map(([definition, metric]): [string, ReportedMetric] => {
        const { id, unit } = definition;
        if (!('value' in metric)) return [id, metric];
        if (isRateGuessed && timed.has(unit)) return [id, { notMeasurable: guessedRate }];
        const norm = normFor(definition, measured.context.motion);
        const { value, interval = [value, value] } = metric;
        return [id, { value, unit, interval, ...(norm && { norm }) }];
      }),
    ),
  };
}

export function reportLines({ repetitions }: MeasureReport): string[] {
  return repetitions.flatMap(({ hand, events, metrics }, i) => [
    `Repetition ${i + 1}, ${hand}-handed`,
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
