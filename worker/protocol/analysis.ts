/** Parameters of an analysis, and `analysis.json`, the document that describes its result. */
import { z } from 'zod';
import { modelIds } from '../../models/registry.ts';
import { assetReferenceSchema, sha256Schema } from './assets.ts';
import { clipProbeSchema } from './clip.ts';
import { devices } from './devices.ts';

/** A rectangle in display coordinates, each 0..1 of width or height. */
export const normalizedBoxSchema = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().min(0).max(1),
  height: z.number().min(0).max(1),
});
export type NormalizedBox = z.infer<typeof normalizedBoxSchema>;

/** The coach's own choice of the athlete. A click is a box of zero size. */
export const athleteChoiceSchema = z.object({ timeSeconds: z.number().nonnegative(), box: normalizedBoxSchema });
export type AthleteChoice = z.infer<typeof athleteChoiceSchema>;

/** How often the model looks at every frame: once, three times, five times. */
export const qualities = ['fast', 'standard', 'best'] as const;
export type Quality = (typeof qualities)[number];
export const defaultQuality: Quality = 'standard';

export const analysisParametersSchema = z.object({
  model: z.enum(modelIds),
  /** Absent: fast, as in analyses made before there was a choice. */
  quality: z.enum(qualities).optional(),
  athlete: athleteChoiceSchema.optional(),
});
export type AnalysisParameters = z.infer<typeof analysisParametersSchema>;

export function qualityOf({ quality = 'fast' }: Pick<AnalysisParameters, 'quality'>): Quality {
  return quality;
}

/** Bumped whenever the numbers may change: part of an analysis's identity. */
export const pipelineVersion = 4;

export const personSummarySchema = z.object({
  id: z.number().int().nonnegative(),
  isAthlete: z.boolean(),
  firstFrame: z.number().int().nonnegative(),
  lastFrame: z.number().int().nonnegative(),
  /** Mean box, display coordinates 0..1. */
  meanBox: normalizedBoxSchema,
  /** What the choice weighed, each 0..1; `total` decides. Explained in worker/pipeline. */
  score: z.object({
    size: z.number(),
    centrality: z.number(),
    motion: z.number(),
    presence: z.number(),
    total: z.number(),
  }),
});
export type PersonSummary = z.infer<typeof personSummarySchema>;

export const stageTimingSchema = z.object({ stage: z.string(), seconds: z.number().nonnegative() });

export const angleDescriptorSchema = z.object({
  id: z.string(),
  label: z.string(),
  side: z.enum(['left', 'right', 'middle']),
  /** Always degrees. */
  unit: z.literal('degrees'),
});
export type AngleDescriptor = z.infer<typeof angleDescriptorSchema>;

/** `analysis.json`. Arrays lie beside it as .npy: see `analysisFiles`. */
export const analysisDocumentSchema = z.object({
  format: z.literal('shadow-trainer/analysis'),
  formatVersion: z.literal(1),
  /** Identity: hash of clip, model weights, parameters and pipeline version. */
  analysisId: sha256Schema,
  clip: z.object({ sha256: sha256Schema, name: z.string() }).and(clipProbeSchema),
  model: z.object({
    id: z.enum(modelIds),
    detectorSha256: sha256Schema,
    landmarksSha256: sha256Schema,
    skeleton: z.string(),
  }),
  parameters: analysisParametersSchema,
  versions: z.object({
    app: z.string(),
    protocol: z.number(),
    pipeline: z.number(),
    onnxruntime: z.string(),
    ffmpeg: z.string(),
  }),
  devices: z.array(z.enum(devices)),
  workers: z.number().int().positive(),
  timings: z.array(stageTimingSchema),
  createdAt: z.string(),
  frames: z.number().int().positive(),
  framesWithPose: z.number().int().nonnegative(),
  /** First frames of shots after a hard cut. */
  cuts: z.array(z.number().int().nonnegative()),
  people: z.array(personSummarySchema),
  angles: z.array(angleDescriptorSchema),
  /** What cleaning did. */
  cleaning: z.object({
    cutoffHertz: z.number().positive().optional(),
    filledSamples: z.number().int().nonnegative(),
    outlierSamples: z.number().int().nonnegative(),
    swappedFrames: z.number().int().nonnegative(),
  }),
  warnings: z.array(z.string()),
});
export type AnalysisDocument = z.infer<typeof analysisDocumentSchema>;

/** Files of an analysis folder. F frames, K keypoints of the model's skeleton, A angles; missing = NaN; little-endian. */
export const analysisFiles = {
  document: 'analysis.json',
  /** float64 [F]: seconds from the first frame. */
  time: 'time.npy',
  /** float32 [F, K, 4]: x, y in display pixels, visibility and presence 0..1. Cleaned. */
  landmarks2d: 'landmarks-2d.npy',
  landmarks2dRaw: 'landmarks-2d-raw.npy',
  /**
   * float32 [F, K]: standard deviation of the cleaned x and of the cleaned y, display pixels. From how far the looks at
   * a frame lie apart, from visibility, and from what is known of the model; see worker/pipeline/uncertainty.ts.
   */
  deviations2d: 'deviations-2d.npy',
  /** float32 [F, K, 3]: metres, origin mid-hip, x to the image's right, y down, z away from the camera. Cleaned. */
  landmarks3d: 'landmarks-3d.npy',
  landmarks3dRaw: 'landmarks-3d-raw.npy',
  /** float32 [F, A]: degrees, in the order of `angles` in analysis.json. */
  angles: 'angles.npy',
} as const;
export type AnalysisFile = (typeof analysisFiles)[keyof typeof analysisFiles];
export const analysisFileNames = Object.values(analysisFiles);

/** The same files as assets, by name: how an analysis gets from the machine that made it to one that wants it. */
export const analysisAssetsSchema = z.record(z.enum(analysisFileNames), assetReferenceSchema);
export type AnalysisAssets = z.infer<typeof analysisAssetsSchema>;
