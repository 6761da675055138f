/** tsx test/bench/analyse-once.ts CLIP MODEL QUALITY: analyses once in this process and prints a MeasuredAnalysis. */
import { z } from 'zod';
import { modelIds } from '../../models/registry.ts';
import { qualities } from '../../worker/protocol/analysis.ts';
import { createPipelineBench } from '../integration/run-pipeline.ts';
import { firstFrames } from './first-frames.ts';
import type { MeasuredAnalysis } from './measured-analysis.ts';
import { medianRate } from './median-rate.ts';

const [path, model, quality] = z.tuple([z.string(), z.enum(modelIds), z.enum(qualities)]).parse(process.argv.slice(2));
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

/** Milliseconds for each of the first frames but one, from the picture to the landmarks, as MediaPipe is measured. */
async function trackFirstFrames(): Promise<number[]> {
  const engine = await bench.ports.poseEngine(model);
  const [first, ...rest] = await firstFrames(path);
  const [person] = first ? await engine.detect(first) : [];
  if (person === undefined) throw new Error('Nobody is seen in the first frame.');
  let { region } = person;
  const milliseconds: number[] = [];
  for (const image of rest) {
    const startedAt = performance.now();
    region = (await engine.estimate(image, region)).nextRegion;
    milliseconds.push(performance.now() - startedAt);
  }
  return milliseconds;
}

const bench = await createPipelineBench();
try {
  const engine = await bench.ports.poseEngine(model);
  // A worker asks this when it starts.
  await bench.ports.media.version();
  const peakBytesBefore = peakBytes();
  const inferenceBefore = engine.inferenceSeconds;
  const startedAt = performance.now();
  const { document } = await bench.analyse({ path, model, quality });
  const seconds = (performance.now() - startedAt) / 1000;
  const inferenceSeconds = engine.inferenceSeconds - inferenceBefore;
  const measured: MeasuredAnalysis = {
    frames: document.frames,
    framesWithPose: document.framesWithPose,
    seconds,
    inferenceSeconds,
    trackingRate: medianRate(await trackFirstFrames()),
    peakBytes: peakBytes(),
    peakBytesBefore,
  };
  console.log(JSON.stringify(measured));
} finally {
  await bench.close();
}
