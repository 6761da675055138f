import { poseModels } from '../../../models/registry.ts';
import type { AnalysisContents } from '../../../worker/pipeline/analysis-files.ts';
import { cleanMotion } from '../../../worker/pipeline/clean-motion.ts';
import { measureMotion } from '../../../worker/pipeline/measure-motion.ts';
import { pictureDeviations } from '../../../worker/pipeline/uncertainty.ts';
import type { AnalysisDocument } from '../../../worker/protocol/analysis.ts';
import { drawWalker, skeleton, withoutSamples } from './drawn-walker.ts';

/** One second of the drawn walker, whose first two frames nobody saw, as its analysis would be. */
export function analysedWalker(): AnalysisContents {
  const drawn = drawWalker({ seconds: 1 });
  const raw = withoutSamples(drawn, [0, 1], /./);
  const { motion, report } = cleanMotion(raw, { skeleton, cuts: [], framesPerSecond: 30 });
  const { descriptors, angles } = measureMotion(motion, skeleton);
  const model = poseModels['blazepose-full'];
  const document: AnalysisDocument = {
    format: 'shadow-trainer/analysis',
    formatVersion: 1,
    analysisId: 'a'.repeat(64),
    clip: {
      sha256: 'b'.repeat(64),
      name: 'walk.mp4',
      container: 'mp4',
      codec: 'h264',
      codedWidth: 1280,
      codedHeight: 720,
      displayWidth: 1280,
      displayHeight: 720,
      rotationDegrees: 0,
      sampleAspectRatio: 1,
      pixelFormat: 'yuv420p',
      bitDepth: 8,
      colorSpace: 'bt709',
      colorTransfer: 'bt709',
      colorPrimaries: 'bt709',
      toneMapped: false,
      hasAudio: false,
      frameCount: 30,
      framesPerSecond: 30,
      variableFrameRate: false,
      startSeconds: 0,
      durationSeconds: 1,
      warnings: [],
    },
    model: {
      id: model.id,
      detectorSha256: model.detector.sha256,
      landmarksSha256: model.landmarks.sha256,
      skeleton: skeleton.id,
    },
    parameters: { model: model.id },
    versions: { app: '1', protocol: 1, pipeline: 1, onnxruntime: '1', ffmpeg: '5' },
    devices: ['cpu'],
    workers: 1,
    timings: [{ stage: 'pose', seconds: 1 }],
    createdAt: '2025-01-01T00:00:00.000Z',
    frames: 30,
    framesWithPose: 28,
    cuts: [],
    people: [],
    angles: descriptors,
    cleaning: report,
    warnings: [],
  };
  const spreads = new Float32Array(30 * 33).fill(Number.NaN);
  const deviations2d = pictureDeviations({ motion, spreads, skeleton, cuts: [] });
  return { document, raw, cleaned: motion, deviations2d, angles };
}
