/** The plan of an analysis: all that a chunk needs to know, as one asset. */
import { z } from 'zod';
import { analysisParametersSchema, personSummarySchema, stageTimingSchema } from '../protocol/analysis.ts';
import { sha256Schema } from '../protocol/assets.ts';
import { clipProbeSchema } from '../protocol/clip.ts';
import type { ClipIndex } from './ports.ts';

const clipIndexSchema = z.object({
  probe: clipProbeSchema,
  timesSeconds: z.array(z.number()),
  presentationStamps: z.array(z.number()),
  cuts: z.array(z.number().int().positive()),
});

const regionSchema = z.object({
  centerX: z.number(),
  centerY: z.number(),
  size: z.number().positive(),
  rotationRadians: z.number(),
});

export const analysisPlanSchema = z.object({
  analysisId: sha256Schema,
  parameters: analysisParametersSchema,
  index: clipIndexSchema,
  /** Size of the frames that pose is estimated in. Pixels. */
  analysisWidth: z.number().int().positive(),
  analysisHeight: z.number().int().positive(),
  chunks: z.array(
    z.object({
      startFrame: z.number().int().nonnegative(),
      firstFrame: z.number().int().nonnegative(),
      endFrame: z.number().int().positive(),
    }),
  ),
  /** Where the scout saw the athlete, by shot, ascending frames, display pixels. */
  shots: z.array(
    z.object({
      firstFrame: z.number().int().nonnegative(),
      endFrame: z.number().int().positive(),
      seeds: z.array(z.object({ frame: z.number().int().nonnegative(), region: regionSchema })),
    }),
  ),
  people: z.array(personSummarySchema),
  timings: z.array(stageTimingSchema),
  warnings: z.array(z.string()),
});
export type AnalysisPlan = z.infer<typeof analysisPlanSchema>;
export type PlannedShot = AnalysisPlan['shots'][number];

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Throws a ZodError for bytes that are not a plan. */
export function decodePlan(bytes: Uint8Array): AnalysisPlan {
  return analysisPlanSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

export function encodeClipIndex(index: ClipIndex): z.infer<typeof clipIndexSchema> {
  return {
    probe: index.probe,
    timesSeconds: [...index.timesSeconds],
    presentationStamps: [...index.presentationStamps],
    cuts: [...index.cuts],
  };
}

/** Throws a ZodError for anything but an encoded index. */
export function decodeClipIndex(value: unknown): ClipIndex {
  const parsed = clipIndexSchema.parse(value);
  return {
    probe: parsed.probe,
    timesSeconds: Float64Array.from(parsed.timesSeconds),
    presentationStamps: Float64Array.from(parsed.presentationStamps),
    cuts: parsed.cuts,
  };
}
