/** `--reference`: what each repetition is held against, and what differs. */
import { type KnownErrors, uncertaintyOf } from '../worker/biomechanics/known-errors.ts';
import type { MeasuredRepetition, MotionProfile } from '../worker/biomechanics/profile.ts';
import { averageRepetition } from '../worker/biomechanics/shadow/average-repetition.ts';
import { chooseTypical } from '../worker/biomechanics/shadow/choose-typical.ts';
import { compareRepetitions, type RepetitionComparison } from '../worker/biomechanics/shadow/compare-repetitions.ts';
import type { SourceUncertainty } from '../worker/biomechanics/shadow/disturb-source.ts';
import { normRepetition } from '../worker/biomechanics/shadow/norm-motion.ts';
import type { ReadMotion } from '../worker/motion-files/read-motion-file.ts';
import { AppError } from '../worker/protocol/errors.ts';
import type { MeasureReport, ReportedRepetition } from './measure-report.ts';

/** What stands for the published norm instead of a path. */
export const normName = 'norm';

export interface ComparedReference {
  /** As it is to be held against this repetition. */
  readonly repetitionFor: (athlete: MeasuredRepetition) => MeasuredRepetition;
  /** How many it is the mean of. */
  readonly count: number;
  readonly uncertainty?: SourceUncertainty;
}

/** The one repetition of a motion, or the mean of those of several that are most alike. Throws AppError INVALID_INPUT. */
export function referenceOf(read: ReadMotion, profile: MotionProfile): ComparedReference {
  const { motion, errors, hand, isRateGuessed } = read;
  const chosen = chooseTypical(profile.measure({ motion, uncertainty: uncertaintyOf(errors), hand }));
  const [first] = chosen;
  if (first === undefined) {
    throw new AppError('INVALID_INPUT', `No repetition is seen in the reference: ${profile.label.toLowerCase()}.`);
  }
  const found = chosen.length > 1 ? averageRepetition(chosen) : first;
  const repetition = isRateGuessed ? withoutTimes(found) : found;
  return {
    ...{ repetitionFor: () => repetition, count: chosen.length },
    uncertainty: sourceUncertainty(errors, profile),
  };
}

/** Throws AppError INVALID_INPUT for a kind of motion that has no norm. */
export function normReference(profile: MotionProfile): ComparedReference {
  if (profile.id !== 'pitching') throw new AppError('INVALID_INPUT', 'There is a norm for pitching alone.');
  return { repetitionFor: normRepetition, count: 1 };
}

export interface ComparedReport extends MeasureReport {
  readonly repetitions: readonly (ReportedRepetition & { readonly comparison: RepetitionComparison })[];
}

/** The report with every repetition held against the reference. What it says cannot be measured is not compared. */
export function comparedReport(options: {
  readonly report: MeasureReport;
  readonly errors: KnownErrors;
  readonly profile: MotionProfile;
  /** Those of the report, in its order. */
  readonly repetitions: readonly MeasuredRepetition[];
  readonly reference: ComparedReference;
  /** Seconds of the file for one of the motion: the report's moments are on the file's clock. */
  readonly secondsForOne: number;
}): ComparedReport {
  const { report, errors, profile, repetitions, reference, secondsForOne } = options;
  return {
    ...report,
    repetitions: report.repetitions.flatMap((reported, i) => {
      const measured = repetitions[i];
      if (measured === undefined) return [];
      const metrics = measured.metrics.map((own) => {
        const said = reported.metrics[own.metric.id];
        return said && 'notMeasurable' in said ? { ...own, value: said } : own;
      });
      const athlete = { ...measured, metrics };
      const comparison = compareRepetitions({
        ...{ athlete, reference: reference.repetitionFor(athlete), referenceCount: reference.count },
        phases: profile.phases,
        athleteUncertainty: sourceUncertainty(errors, profile),
        referenceUncertainty: reference.uncertainty,
      });
      const { similarity } = comparison;
      const onFileClock = similarity && {
        ...similarity,
        phases: similarity.phases.map(({ fromSeconds, toSeconds, ...phase }) => ({
          ...{ ...phase, fromSeconds: fromSeconds * secondsForOne, toSeconds: toSeconds * secondsForOne },
        })),
      };
      return [{ ...reported, comparison: { ...comparison, ...(onFileClock && { similarity: onFileClock }) } }];
    }),
  };
}

/** How alike each repetition is, and the differences that count. */
export function comparisonLines({ repetitions }: MeasureReport | ComparedReport): string[] {
  return repetitions.flatMap((repetition, i) => {
    if (!('comparison' in repetition)) return [];
    const { metrics, phases, similarity } = repetition.comparison;
    const range = similarity?.interval?.map((score) => score.toFixed(1)).join(' to ');
    const counting = [
      ...metrics.flatMap((metric) =>
        'difference' in metric && metric.isDifference
          ? [
              `  ${metric.id}: ${signed(metric.difference)} ${metric.unit} (${metric.interval.map(signed).join(' to ')})`,
            ]
          : [],
      ),
      ...phases.flatMap(({ id, isDifference, shareDifference }) =>
        isDifference ? [`  ${id}: ${signed(100 * shareDifference)} percent of the time`] : [],
      ),
    ];
    return [
      `Repetition ${i + 1} against the reference`,
      ...(similarity ? [`  alike: ${similarity.score.toFixed(1)} of 10${range ? ` (${range})` : ''}`] : []),
      ...(counting.length > 0 ? counting : ['  no difference is beyond what is not known']),
    ];
  });
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
}

function withoutTimes(repetition: MeasuredRepetition): MeasuredRepetition {
  const metrics = repetition.metrics.map((measured) =>
    /second/.test(measured.metric.unit)
      ? { ...measured, value: { notMeasurable: 'its file does not say how many frames a second it holds.' } }
      : measured,
  );
  return { ...repetition, metrics };
}

function sourceUncertainty(errors: KnownErrors, { cutoffHertz }: MotionProfile): SourceUncertainty {
  return { joints: uncertaintyOf(errors), cutoffHertz };
}
