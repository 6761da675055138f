/** One analysis in a process of its own, as one worker does it, so that its peak memory is its own too. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ModelId } from '../../models/registry.ts';
import type { Quality } from '../../worker/protocol/analysis.ts';

export const measuredAnalysisSchema = z.object({
  frames: z.number().int().positive(),
  framesWithPose: z.number().int().nonnegative(),
  /** From the clip's file to the finished analysis folder; the loaded model is not counted. */
  seconds: z.number().positive(),
  /** Of those, inside the model's runtime. */
  inferenceSeconds: z.number().nonnegative(),
  /** Frames a second from pictures in memory to landmarks: what MediaPipe's own runtime is compared with. */
  trackingRate: z.number().positive(),
  /** Most memory the process ever held, and what it held with the model loaded, before the clip. */
  peakBytes: z.number().positive(),
  peakBytesBefore: z.number().positive(),
});
export type MeasuredAnalysis = z.infer<typeof measuredAnalysisSchema>;

/** Rejects when the analysis fails. */
export async function measureAnalysis(path: string, model: ModelId, quality: Quality): Promise<MeasuredAnalysis> {
  const tsx = resolve(import.meta.dirname, '../../node_modules/tsx/dist/cli.mjs');
  const program = resolve(import.meta.dirname, 'analyse-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, program, path, model, quality]);
  return measuredAnalysisSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
