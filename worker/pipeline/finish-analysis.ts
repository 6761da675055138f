import { poseModels } from '../../models/registry.ts';
import type { Motion } from '../biomechanics/motion.ts';
import { decodeNpy } from '../biomechanics/npy.ts';
import { type AnalysisDocument, pipelineVersion } from '../protocol/analysis.ts';
import type { AssetReference } from '../protocol/assets.ts';
import type { Device } from '../protocol/devices.ts';
import { AppError, ClipRefusedError, throwIfAborted } from '../protocol/errors.ts';
import type { JobPayload, JobResult } from '../protocol/jobs.ts';
import { protocolVersion } from '../protocol/version.ts';
import { encodeAnalysisFiles } from './analysis-files.ts';
import { decodeClipIndex, decodePlan } from './analysis-plan.ts';
import { cleanMotion } from './clean-motion.ts';
import { measureMotion } from './measure-motion.ts';
import type { OnProgress, Ports } from './ports.ts';
import { chunkComponents } from './pose-chunk.ts';
import { secondsSince } from './seconds-since.ts';
import { pictureDeviations } from './uncertainty.ts';

export type FinishAnalysisInput = JobPayload<'analyse-clip'> & {
  readonly plan: AssetReference;
  /** In the order of the plan's chunks. */
  readonly chunks: readonly JobResult<'pose-chunk'>[];
  /** How many workers shared the chunks. */
  readonly workers: number;
  readonly onProgress: OnProgress;
};

/** Merges the chunks, cleans, measures and stores. Throws ClipRefusedError NO_ATHLETE_FOUND when no frame has a pose. */
export async function finishAnalysis(
  input: FinishAnalysisInput,
  ports: Ports,
  signal: AbortSignal,
): Promise<JobResult<'analyse-clip'>> {
  const plan = decodePlan(await ports.assets.read(input.plan));
  const index = decodeClipIndex(plan.index);
  const model = poseModels[input.parameters.model];
  const frames = index.probe.frameCount;
  const { raw, spreads } = await mergeChunks(input.chunks, index.timesSeconds, model.skeleton.names.length, ports);
  const framesWithPose = countFramesWithPose(raw);
  if (framesWithPose === 0) {
    throw new ClipRefusedError(
      'NO_ATHLETE_FOUND',
      'The athlete was lost in every frame. Draw a box around the athlete and try again.',
    );
  }

  throwIfAborted(signal);
  input.onProgress('clean', 0, frames);
  const cleanStarted = performance.now();
  const { motion, report } = cleanMotion(raw, {
    skeleton: model.skeleton,
    cuts: index.cuts,
    framesPerSecond: index.probe.framesPerSecond,
  });
  const cleanSeconds = secondsSince(cleanStarted);

  throwIfAborted(signal);
  input.onProgress('measure', 0, frames);
  const measureStarted = performance.now();
  const { descriptors, angles } = measureMotion(motion, model.skeleton);
  const deviations2d = pictureDeviations({ motion, spreads, skeleton: model.skeleton, cuts: index.cuts });
  const measureSeconds = secondsSince(measureStarted);

  throwIfAborted(signal);
  input.onProgress('store', 0, frames);
  const document: AnalysisDocument = {
    format: 'shadow-trainer/analysis',
    formatVersion: 1,
    analysisId: plan.analysisId,
    clip: { ...index.probe, sha256: input.clip.sha256, name: input.clipName },
    model: {
      id: model.id,
      detectorSha256: model.detector.sha256,
      landmarksSha256: model.landmarks.sha256,
      skeleton: model.skeleton.id,
    },
    parameters: plan.parameters,
    versions: {
      ...ports.versions,
      protocol: protocolVersion,
      pipeline: pipelineVersion,
      ffmpeg: await ports.media.version(),
    },
    devices: devicesOf(input.chunks),
    workers: input.workers,
    timings: [
      ...plan.timings,
      { stage: 'pose', seconds: input.chunks.reduce((sum, chunk) => sum + chunk.seconds, 0) },
      { stage: 'clean', seconds: cleanSeconds },
      { stage: 'measure', seconds: measureSeconds },
    ],
    createdAt: new Date().toISOString(),
    frames,
    framesWithPose,
    cuts: [...index.cuts],
    people: plan.people,
    angles: descriptors,
    cleaning: report,
    warnings: [...index.probe.warnings, ...plan.warnings],
  };
  await ports.analyses.write(
    plan.analysisId,
    encodeAnalysisFiles({ document, raw, cleaned: motion, deviations2d, angles }),
  );
  return { analysisId: plan.analysisId, frames, framesWithPose, people: plan.people.length, reused: false };
}

function devicesOf(chunks: readonly JobResult<'pose-chunk'>[]): Device[] {
  return [...new Set(chunks.map((chunk) => chunk.device.active))].sort();
}

async function mergeChunks(
  chunks: readonly JobResult<'pose-chunk'>[],
  timesSeconds: Float64Array,
  keypointCount: number,
  ports: Ports,
): Promise<{ raw: Motion; spreads: Float32Array }> {
  const landmarks2d = new Float32Array(timesSeconds.length * keypointCount * 4);
  const landmarks3d = new Float32Array(timesSeconds.length * keypointCount * 3);
  const spreads = new Float32Array(timesSeconds.length * keypointCount);
  let sample = 0;
  for (const { chunk } of chunks) {
    const { data } = decodeNpy(await ports.assets.read(chunk));
    for (let at = 0; at < data.length; at += chunkComponents, sample++) {
      for (let i = 0; i < 4; i++) landmarks2d[sample * 4 + i] = data[at + i] ?? Number.NaN;
      for (let i = 0; i < 3; i++) landmarks3d[sample * 3 + i] = data[at + 4 + i] ?? Number.NaN;
      spreads[sample] = data[at + 7] ?? Number.NaN;
    }
  }
  if (sample !== timesSeconds.length * keypointCount) {
    throw new AppError(
      'INTERNAL',
      `The chunks hold ${sample / keypointCount} frames, the clip ${timesSeconds.length}.`,
    );
  }
  return { raw: { timesSeconds, keypointCount, landmarks2d, landmarks3d }, spreads };
}

function countFramesWithPose(motion: Motion): number {
  let count = 0;
  for (let frame = 0; frame < motion.timesSeconds.length; frame++) {
    if (!Number.isNaN(motion.landmarks2d[frame * motion.keypointCount * 4])) count++;
  }
  return count;
}
