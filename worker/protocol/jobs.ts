/** Job names with the schemas of their payloads, results and progress. */
import { z } from 'zod';
import { analysisAssetsSchema, analysisParametersSchema } from './analysis.ts';
import { assetReferenceSchema, sha256Schema } from './assets.ts';
import { clipPlaybackSchema, clipProbeSchema } from './clip.ts';
import { conditionSchema } from './conditions.ts';
import { deviceReportSchema } from './devices.ts';
import { clipMarksSchema } from './marks.ts';
import { protocolVersion } from './version.ts';

export const stageNames = [
  'probe',
  'index',
  'scout',
  'pose',
  'clean',
  'measure',
  'store',
  'playback',
  'export',
] as const;
export type StageName = (typeof stageNames)[number];

export const stageProgressSchema = z.object({
  stage: z.enum(stageNames),
  framesDone: z.number().int().nonnegative(),
  framesTotal: z.number().int().nonnegative(),
  framesPerSecond: z.number().nonnegative(),
  /** Of the whole job; undefined while unknown. */
  secondsLeft: z.number().nonnegative().optional(),
  /** Of the whole job, 0..1; never decreases. */
  fraction: z.number().min(0).max(1),
});
export type StageProgress = z.infer<typeof stageProgressSchema>;

const envelope = {
  protocolVersion: z.literal(protocolVersion),
  /** Whoever wants the job done: owners share the workers. An installation's id, unless somebody says more. */
  owner: z.string().optional(),
  /** What the machine must be like before it begins; whoever opens the gate goes by it. */
  condition: conditionSchema.optional(),
  /** Left to workers with a graphics processor, as long as there are some. */
  prefers: z.literal('gpu').optional(),
};
const clipInput = { clip: assetReferenceSchema, clipName: z.string() };

/** Limits from the settings that decide whether a clip is refused. */
export const clipLimitsSchema = z.object({
  maximumSeconds: z.number().positive(),
  minimumPixels: z.number().int().positive(),
});
export type ClipLimits = z.infer<typeof clipLimitsSchema>;
export const defaultClipLimits: ClipLimits = { maximumSeconds: 600, minimumPixels: 64 };

/** `npy`: joints in Human3.6M's order alone; `npz`: every array of the analysis in one file. */
export const exportKinds = [
  ...(['overlay', 'side-by-side', 'pdf', 'xlsx', 'csv', 'json'] as const),
  ...(['c3d', 'trc', 'mot', 'npy', 'npz'] as const),
] as const;
export type ExportKind = (typeof exportKinds)[number];

/** The analysis beside which another one is shown. */
export const exportReferenceSchema = z.object({
  ...clipInput,
  analysisId: sha256Schema,
  marks: clipMarksSchema.optional(),
  /** Which of its repetitions, counted from 0; the first, when absent. */
  repetition: z.number().int().nonnegative().optional(),
});
export type ExportReference = z.infer<typeof exportReferenceSchema>;

export const jobDefinitions = {
  /** Probe and refuse, then poster, filmstrip and playback proxy. */
  'prepare-playback': {
    payload: z.object({ ...envelope, ...clipInput, limits: clipLimitsSchema }),
    result: z.object({ probe: clipProbeSchema, playback: clipPlaybackSchema }),
  },
  /** The whole analysis: probe, index, scout, then `pose-chunk` children, then clean, measure, store. */
  'analyse-clip': {
    payload: z.object({ ...envelope, ...clipInput, limits: clipLimitsSchema, parameters: analysisParametersSchema }),
    result: z.object({
      analysisId: sha256Schema,
      frames: z.number().int().positive(),
      framesWithPose: z.number().int().nonnegative(),
      people: z.number().int().nonnegative(),
      /** True when the result was already there and nothing was computed. */
      reused: z.boolean(),
      /** From a team's workers: whoever wants the analysis does not see their disks. */
      files: analysisAssetsSchema.optional(),
    }),
  },
  /** Pose in one fixed chunk of frames. */
  'pose-chunk': {
    payload: z.object({
      ...envelope,
      ...clipInput,
      parameters: analysisParametersSchema,
      /** Result of the index and scout stages. */
      plan: assetReferenceSchema,
      chunkIndex: z.number().int().nonnegative(),
    }),
    result: z.object({
      chunk: assetReferenceSchema,
      device: deviceReportSchema,
      workerId: z.string(),
      frames: z.number().int(),
      seconds: z.number(),
    }),
  },
  /** A file made from a finished analysis. */
  'export-analysis': {
    payload: z.object({
      ...envelope,
      ...clipInput,
      analysisId: sha256Schema,
      kind: z.enum(exportKinds),
      /** What the coach says of the clip: repetitions and metrics go by it. */
      marks: clipMarksSchema.optional(),
      /** For `side-by-side`: which repetition, counted from 0; the first, when absent. */
      repetition: z.number().int().nonnegative().optional(),
      reference: exportReferenceSchema.optional(),
      /** In a team: a worker that does not have the analysis fetches it. */
      files: analysisAssetsSchema.optional(),
    }),
    result: z.object({ file: assetReferenceSchema, suggestedName: z.string() }),
  },
} as const satisfies Record<string, { payload: z.ZodType; result: z.ZodType }>;

export type JobName = keyof typeof jobDefinitions;
export const jobNames = Object.keys(jobDefinitions) as JobName[];
export type JobPayload<N extends JobName> = z.infer<(typeof jobDefinitions)[N]['payload']>;
export type JobResult<N extends JobName> = z.infer<(typeof jobDefinitions)[N]['result']>;

/** Retries of failures that may pass; permanent ones are never tried again. */
export const jobOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  /** Lines of its log that stay with a job. */
  keepLogs: 200,
} as const;

/**
 * Lower is sooner. Whatever a coach waits for in front of the window goes before batches, and what somebody asked to be
 * done next before both.
 */
export const prioritySchema = z.enum(['next', 'interactive', 'batch']);
export type Priority = z.infer<typeof prioritySchema>;
export const priorities = { next: 0, interactive: 1, batch: 10 } as const satisfies Record<Priority, number>;

/** The same chunk of the same analysis is the same job. */
export function chunkJobId(analyseJobId: string, chunkIndex: number): string {
  return `${analyseJobId}-chunk-${chunkIndex}`;
}

/** Undefined for the id of any other job. */
export function parseChunkJobId(jobId: string): { analyseJobId: string; chunkIndex: number } | undefined {
  const [, analyseJobId, chunkIndex] = /^(.+)-chunk-(\d+)$/.exec(jobId) ?? [];
  return analyseJobId === undefined ? undefined : { analyseJobId, chunkIndex: Number(chunkIndex) };
}

/** Kept in the data of `analyse-clip` between its two visits to a worker: before and after its chunks. */
export const plannedChunksSchema = z.object({
  plan: assetReferenceSchema,
  chunkCount: z.number().int().positive(),
  frames: z.number().int().positive(),
});
export type PlannedChunks = z.infer<typeof plannedChunksSchema>;

/** What `updateProgress` carries. */
export const jobProgressSchema = z.object({
  stage: z.enum(stageNames),
  framesDone: z.number().int().nonnegative(),
  framesTotal: z.number().int().nonnegative(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;
