/** Measurements put together into the rows that people and programs read. */
import { z } from 'zod';
import { type ModelId, modelIds } from '../../models/registry.ts';
import { type Quality, qualities } from '../../worker/protocol/analysis.ts';
import { views } from './clip-recipe.ts';
import { grouped } from './grouped.ts';
import { type Measurement, type Stage, stages } from './measure-set.ts';
import { type EventFigures, eventFigures } from './pitch-tables.ts';
import { type Figures, summarizeScores } from './score/summarize-scores.ts';
import { type ScoredEvent, scoredEvents } from './score/truth-motion.ts';
import { type SetName, setNames } from './sets.ts';

const figure = z.number().nullable();
const share = z.number().min(0).max(1).nullable();

/** One row of the last line of `npm run -s accuracy -- --json`: cleaned landmarks; null where nothing can be said. */
export const accuracyRowSchema = z.strictObject({
  set: z.enum(setNames),
  view: z.enum(views),
  framesPerSecond: z.number().positive(),
  athleteHeightFraction: z.number().positive().max(1),
  quality: z.enum(qualities),
  detectionRate: share,
  error2dPercentHeight: figure,
  /** The throwing hand's, from foot contact to release. */
  wristError2dPercentHeight: figure,
  error3dAlignedMillimetres: figure,
  elbowRmseDegrees: figure,
  kneeRmseDegrees: figure,
  trunkTiltRmseDegrees: figure,
  hipShoulderSeparationRmseDegrees: figure,
  swapFraction: share,
  coverage90: share,
  /** Of pitches, by moment: errors without sign, share found, share within the stated 90 % uncertainty. */
  eventErrorMilliseconds: z
    .record(z.enum(scoredEvents), z.strictObject({ median: figure, p90: figure, foundShare: share, coverage90: share }))
    .optional(),
});
export const accuracyJsonSchema = z.strictObject({ rows: z.array(accuracyRowSchema) });
export type AccuracyJson = z.infer<typeof accuracyJsonSchema>;

/** Clips of one view, rate and size, analysed one way, at one stage. */
export interface AccuracyRow {
  readonly set: SetName;
  readonly view: string;
  readonly framesPerSecond: number;
  readonly athleteHeightFraction: number;
  readonly model: ModelId;
  readonly quality: Quality;
  readonly stage: Stage;
  readonly figures: Figures;
  /** Absent where no pitch is among the clips. */
  readonly events?: Readonly<Record<ScoredEvent, EventFigures>>;
}

/** Rows in the order of models, qualities, views, rates, sizes and stages. */
export function accuracyRows(measurements: readonly Measurement[]): AccuracyRow[] {
  const groups = grouped(measurements, ({ set, recipe, model, quality, stage }) =>
    JSON.stringify([
      setNames.indexOf(set),
      modelIds.indexOf(model),
      qualities.indexOf(quality),
      views.indexOf(recipe.camera.view),
      recipe.camera.framesPerSecond,
      recipe.camera.athleteHeightFraction,
      stages.indexOf(stage),
    ]),
  );
  return [...groups.entries()]
    .map(([key, members]) => ({ order: JSON.parse(key) as number[], members }))
    .toSorted((a, b) => compareOrders(a.order, b.order))
    .flatMap(({ members }) => {
      const [first] = members;
      if (!first) return [];
      const { set, recipe, model, quality, stage } = first;
      const { view, framesPerSecond, athleteHeightFraction } = recipe.camera;
      const figures = summarizeScores(members.map(({ score }) => score));
      const pitches = members.flatMap(({ pitchScore }) => pitchScore ?? []);
      const events = pitches.length > 0 ? { events: eventFigures(pitches) } : {};
      return [{ set, view, framesPerSecond, athleteHeightFraction, model, quality, stage, figures, ...events }];
    });
}

function compareOrders(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** The document that programs read: of one model, cleaned. */
export function accuracyJson(rows: readonly AccuracyRow[], model: ModelId): AccuracyJson {
  return accuracyJsonSchema.parse({
    rows: rows
      .filter((row) => row.stage === 'cleaned' && row.model === model)
      .map(({ set, view, framesPerSecond, athleteHeightFraction, quality, figures, events }) => ({
        set,
        view,
        framesPerSecond,
        athleteHeightFraction,
        quality,
        detectionRate: known(figures.detectionRate),
        error2dPercentHeight: known(figures.error2dPercentHeight),
        wristError2dPercentHeight: known(figures.wristError2dPercentHeight),
        error3dAlignedMillimetres: known(figures.error3dAlignedMillimetres),
        elbowRmseDegrees: known(figures.elbowRmseDegrees),
        kneeRmseDegrees: known(figures.kneeRmseDegrees),
        trunkTiltRmseDegrees: known(figures.trunkTiltRmseDegrees),
        hipShoulderSeparationRmseDegrees: known(figures.hipShoulderSeparationRmseDegrees),
        swapFraction: known(figures.swapFraction),
        coverage90: known(figures.coverage90),
        ...(events && { eventErrorMilliseconds: knownEvents(events) }),
      })),
  });
}

function knownEvents(
  events: Readonly<Record<ScoredEvent, EventFigures>>,
): NonNullable<AccuracyJson['rows'][number]['eventErrorMilliseconds']> {
  const told = (event: ScoredEvent) => {
    const { medianMilliseconds, p90Milliseconds, foundShare, coverage90 } = events[event];
    return {
      ...{ median: known(medianMilliseconds), p90: known(p90Milliseconds) },
      ...{ foundShare: known(foundShare), coverage90: known(coverage90) },
    };
  };
  return Object.fromEntries(scoredEvents.map((event) => [event, told(event)])) as Record<
    ScoredEvent,
    ReturnType<typeof told>
  >;
}

/** Four digits say more than any of these figures holds. JSON knows no NaN. */
function known(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
