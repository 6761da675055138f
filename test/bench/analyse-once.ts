/** tsx test/bench/analyse-once.ts CLIP MODEL: analyses once in this process and prints a MeasuredAnalysis. */
import { z } from 'zod';
import { modelIds } from '../../models/registry.ts';
import { createPipelineBench } from '../integration/run-pipeline.ts';
import type { MeasuredAnalysis } from './measured-analysis.ts';

const [path, model] = z.tuple([z.string(), z.enum(modelIds)]).parse(process.argv.slice(2));
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

const bench = await createPipelineBench();
try {
  const engine = await bench.ports.poseEngine(model);
  // A worker asks this when it starts.
  await bench.ports.media.version();
  const peakBytesBefore = peakBytes();
  const inferenceBefore = engine.inferenceSeconds;
  const startedAt = performance.now();
  const { document } = await bench.analyse({ path, model });
  const measured: MeasuredAnalysis = {
    frames: document.frames,
    framesWithPose: document.framesWithPose,
    seconds: (performance.now() - startedAt) / 1000,
    inferenceSeconds: engine.inferenceSeconds - inferenceBefore,
    peakBytes: peakBytes(),
    peakBytesBefore,
  };
  console.log(JSON.stringify(measured));
} finally {
  await bench.close();
}
