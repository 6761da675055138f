/**
 * npm run bench [-- --quick]: figures of this machine, as ratios within one run; never a verdict.
 * `--quick` leaves out the long clip.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ModelId, modelIds } from '../../models/registry.ts';
import { samplePath } from '../integration/run-pipeline.ts';
import { makeBenchClip } from './bench-clips.ts';
import { measureMediaPipe } from './measure-mediapipe.ts';
import { type MeasuredAnalysis, measureAnalysis } from './measured-analysis.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, clip: { type: 'string', default: samplePath } },
});
const heightPixels = 720;
const shortSeconds = 3;
const longSeconds = 180;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-bench-'));
try {
  const [processor] = cpus();
  console.log(
    `${processor?.model.trim() ?? 'unknown processor'}, ${cpus().length} logical cores, one worker; load before: ${loadavg()[0]?.toFixed(1)}`,
  );
  const source = { source: values.clip, folder, heightPixels };
  const short = await makeBenchClip({ ...source, name: 'short', durationSeconds: shortSeconds });

  const measured = new Map<ModelId, MeasuredAnalysis>();
  console.log(
    `\n${shortSeconds} s, ${heightPixels} pixels high: end to end on one worker against MediaPipe’s own runtime`,
  );
  for (const model of modelIds) {
    const ours = await measureAnalysis(short, model);
    measured.set(model, ours);
    const theirs = await measureMediaPipe(short, model);
    const ourRate = ours.frames / ours.seconds;
    console.log(
      [
        model.padEnd(16),
        `${ourRate.toFixed(1)} frames/s`,
        `inference ${((100 * ours.inferenceSeconds) / ours.seconds).toFixed(0)} % of the time`,
        `pose alone ${ours.trackingRate.toFixed(1)}, MediaPipe’s ${theirs.toFixed(1)} frames/s: ratio ${(ours.trackingRate / theirs).toFixed(1)}`,
        `end to end to MediaPipe’s pose alone ${(ourRate / theirs).toFixed(1)}`,
        `pose in ${ours.framesWithPose} of ${ours.frames} frames`,
      ].join(' | '),
    );
  }

  const shortFull = measured.get('blazepose-full');
  if (!values.quick && shortFull !== undefined) {
    const long = await makeBenchClip({ ...source, name: 'long', durationSeconds: longSeconds });
    const longFull = await measureAnalysis(long, 'blazepose-full');
    console.log(`\npeak memory of one worker, blazepose-full, ${heightPixels} pixels high`);
    console.log(
      `${shortSeconds} s: ${megabytes(shortFull.peakBytes)} | ${longSeconds} s: ${megabytes(longFull.peakBytes)}`,
    );
    console.log(
      `difference ${megabytes(longFull.peakBytes - shortFull.peakBytes)}, ` +
        `ratio ${(longFull.peakBytes / shortFull.peakBytes).toFixed(2)}; ` +
        `model loaded, before a clip: ${megabytes(shortFull.peakBytesBefore)}`,
    );
    console.log(`${longSeconds} s: ${(longFull.frames / longFull.seconds).toFixed(1)} frames/s`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
