import { poseModels } from '../../models/registry.ts';
import type { FusedLooks } from '../biomechanics/fuse-looks.ts';
import { encodeNpy } from '../biomechanics/npy.ts';
import { pipelineVersion, qualityOf } from '../protocol/analysis.ts';
import { AppError, throwIfAborted } from '../protocol/errors.ts';
import type { JobPayload, JobResult } from '../protocol/jobs.ts';
import { type AnalysisPlan, decodeClipIndex, decodePlan, type PlannedShot } from './analysis-plan.ts';
import { lookAgain } from './look-again.ts';
import { scaleRegion } from './observe-people.ts';
import type { OnProgress, Ports } from './ports.ts';
import { secondsSince } from './seconds-since.ts';
import { createAthleteTracker } from './track-athlete.ts';

/**
 * Numbers per keypoint in a chunk's result: x, y (display pixels), visibility, presence, X, Y, Z (metres), and the
 * spread of x and y over the looks at the frame (display pixels, NaN where there was one).
 */
export const chunkComponents = 8;

/**
 * Pose of the athlete in one chunk of frames.
 * The result asset is a .npy, float32 [frames of the chunk, K, 8], NaN where the athlete is not seen.
 * Throws AppError DECODE_MISMATCH when the decoder gives fewer frames than the index counted.
 */
export async function poseChunk(
  input: JobPayload<'pose-chunk'> & { readonly onProgress: OnProgress },
  ports: Ports,
  signal: AbortSignal,
): Promise<JobResult<'pose-chunk'>> {
  const started = performance.now();
  const plan = decodePlan(await ports.assets.read(input.plan));
  const chunk = plan.chunks[input.chunkIndex];
  if (chunk === undefined) throw new AppError('INVALID_INPUT', `The plan has no chunk ${input.chunkIndex}.`);
  const frames = chunk.endFrame - chunk.firstFrame;
  const { workerId } = ports;
  const quality = qualityOf(input.parameters);
  const engine = await ports.poseEngine(input.parameters.model);
  const key = {
    stage: 'pose-chunk',
    version: pipelineVersion,
    inputs: { plan: input.plan.sha256, chunk: input.chunkIndex },
  };
  const known = await ports.derived.get(key);
  if (known) return { chunk: known, device: engine.device, workerId, frames, seconds: secondsSince(started) };

  const index = decodeClipIndex(plan.index);
  const scale = index.probe.displayWidth / plan.analysisWidth;
  const keypoints = poseModels[input.parameters.model].skeleton.names.length;
  const values = new Float32Array(frames * keypoints * chunkComponents).fill(Number.NaN);
  const tracker = createAthleteTracker({
    engine,
    shots: shotsInAnalysisPixels(plan, scale),
    timesSeconds: index.timesSeconds,
  });

  let decoded = chunk.startFrame;
  const request = {
    path: await ports.assets.localPath(input.clip),
    index,
    firstFrame: chunk.startFrame,
    endFrame: chunk.endFrame,
    width: plan.analysisWidth,
    height: plan.analysisHeight,
  };
  for await (const frame of ports.media.decodeYuv(request, signal)) {
    throwIfAborted(signal);
    const estimate = await tracker.track(frame.index, frame.image);
    decoded = frame.index + 1;
    if (frame.index < chunk.firstFrame) continue;
    if (estimate) {
      const pose = await lookAgain({ engine, image: frame.image, estimate, quality });
      writePose(values, frame.index - chunk.firstFrame, pose, scale, keypoints);
    }
    input.onProgress('pose', frame.index + 1 - chunk.firstFrame, frames);
  }
  throwIfAborted(signal);
  if (decoded < chunk.endFrame) {
    throw new AppError(
      'DECODE_MISMATCH',
      `Frames ${decoded} to ${chunk.endFrame - 1} of the clip could not be read again.`,
    );
  }
  const asset = await ports.assets.putBytes(
    encodeNpy(values, [frames, keypoints, chunkComponents]),
    'application/x-npy',
  );
  await ports.derived.put(key, asset);
  return { chunk: asset, device: engine.device, workerId, frames, seconds: secondsSince(started) };
}

function shotsInAnalysisPixels(plan: AnalysisPlan, scale: number): PlannedShot[] {
  return plan.shots.map((shot) => ({
    ...shot,
    seeds: shot.seeds.map(({ frame, region }) => ({ frame, region: scaleRegion(region, 1 / scale) })),
  }));
}

function writePose(values: Float32Array, row: number, pose: FusedLooks, scale: number, keypoints: number): void {
  const { landmarks2d, landmarks3d, spreads } = pose;
  for (let k = 0; k < keypoints; k++) {
    const at = (row * keypoints + k) * chunkComponents;
    values[at] = (landmarks2d[k * 4] ?? Number.NaN) * scale;
    values[at + 1] = (landmarks2d[k * 4 + 1] ?? Number.NaN) * scale;
    values[at + 2] = landmarks2d[k * 4 + 2] ?? Number.NaN;
    values[at + 3] = landmarks2d[k * 4 + 3] ?? Number.NaN;
    for (let axis = 0; axis < 3; axis++) values[at + 4 + axis] = landmarks3d[k * 3 + axis] ?? Number.NaN;
    values[at + 7] = (spreads[k] ?? Number.NaN) * scale;
  }
}
