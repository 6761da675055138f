/**
 * npm run bench [-- --quick | --part NAME ...] [--clip FILE] [--quality fast|standard|best]: figures of this machine, as ratios within one run; never a
 * verdict. `--quick` is the first part alone. The quality is fast, one look at a frame, unless
 * said otherwise: what MediaPipe does too.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { modelIds } from '../../models/registry.ts';
import { qualities } from '../../worker/protocol/analysis.ts';
import { samplePath } from '../integration/run-pipeline.ts';
import { makeBenchClip } from './bench-clips.ts';
import { measureFanOut } from './fan-out.ts';
import { measureFleet } from './fleet.ts';
import { measureMediaPipe } from './measure-mediapipe.ts';
import { reportQueue } from './measure-queue.ts';
import { measureAnalysis } from './measured-analysis.ts';
import { reportScale } from './scale.ts';

const heightPixels = 720;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

interface BenchFolder {
  readonly folder: string;
  /** A clip of that length, cut or repeated from the source. */
  clip(durationSeconds: number): Promise<string>;
}

/** Each prints what it measured. */
const parts = {
  async pose({ clip }: BenchFolder) {
    console.log(`3 s, ${heightPixels} pixels high: one worker, quality ${quality}, and MediaPipe’s own runtime`);
    const short = await clip(3);
    for (const model of modelIds) {
      const ours = await measureAnalysis(short, model, quality);
      const theirs = await measureMediaPipe(short, model);
      const rate = ours.frames / ours.seconds;
      console.log(
        [
          model.padEnd(16),
          `end to end ${rate.toFixed(1)} frames/s`,
          `inference ${percent(ours.inferenceSeconds / ours.seconds)} of the time`,
          `pose alone ${ours.trackingRate.toFixed(1)}, MediaPipe’s ${theirs.toFixed(1)} frames/s: ratio ${(ours.trackingRate / theirs).toFixed(1)}`,
          `end to end to MediaPipe’s pose alone ${(rate / theirs).toFixed(1)}`,
          `pose in ${ours.framesWithPose} of ${ours.frames} frames`,
        ].join(' | '),
      );
    }
  },
  async memory({ clip }: BenchFolder) {
    const [short, long] = [3, 180];
    const brief = await measureAnalysis(await clip(short), 'blazepose-full', quality);
    const lengthy = await measureAnalysis(await clip(long), 'blazepose-full', quality);
    console.log(`peak memory of one worker, blazepose-full, quality ${quality}, ${heightPixels} pixels high`);
    console.log(
      `${short} s: ${megabytes(brief.peakBytes)} | ${long} s: ${megabytes(lengthy.peakBytes)} | ` +
        `difference ${megabytes(lengthy.peakBytes - brief.peakBytes)}, ratio ${(lengthy.peakBytes / brief.peakBytes).toFixed(2)} | ` +
        `model loaded, before a clip: ${megabytes(brief.peakBytesBefore)}`,
    );
    console.log(`${long} s: end to end ${(lengthy.frames / lengthy.seconds).toFixed(1)} frames/s`);
  },
  async 'fan-out'({ folder, clip }: BenchFolder) {
    for (const seconds of [3, 20]) {
      const request = { clip: await clip(seconds), model: 'blazepose-full' } as const;
      const figures = await measureFanOut({ ...request, folder: join(folder, `fan-out-${seconds}`) });
      console.log(
        `one clip of ${seconds} s: one worker ${figures.secondsAlone.toFixed(1)} s, two ${figures.secondsShared.toFixed(1)} s, ` +
          `ratio ${(figures.secondsAlone / figures.secondsShared).toFixed(2)}; arrays ${figures.identical ? 'identical' : 'DIFFERENT'}`,
      );
    }
  },
  queue: reportQueue,
  async fleet({ folder }: BenchFolder) {
    const request = { workers: 64, analyses: 64, chunksPerAnalysis: 10, chunkMilliseconds: 1000 };
    const figures = await measureFleet({ ...request, folder });
    console.log(
      `simulated fleet of ${request.workers} workers, ${figures.chunks} chunks of ${request.chunkMilliseconds} ms: ` +
        `efficiency ${figures.efficiency.toFixed(3)}; queue overhead per chunk ` +
        `p50 ${figures.overheadP50.toFixed(1)} ms, p99 ${figures.overheadP99.toFixed(1)} ms`,
    );
  },
  scale: ({ folder }: BenchFolder) => reportScale(folder),
} satisfies Record<string, (bench: BenchFolder) => Promise<void>>;

const partNames = Object.keys(parts) as (keyof typeof parts)[];
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true },
    clip: { type: 'string', default: samplePath },
    quality: { type: 'string', default: 'fast' },
  },
});
const quality = z.enum(qualities).parse(values.quality);
const chosen = z.array(z.enum(partNames)).parse(values.quick ? ['pose'] : (values.part ?? partNames));

const folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-bench-'));
try {
  const [processor] = cpus();
  const load = loadavg()[0]?.toFixed(1);
  console.log(
    `${processor?.model.trim() ?? 'unknown processor'}, ${cpus().length} logical cores; load before: ${load}`,
  );
  for (const name of chosen) {
    const own = join(folder, name);
    await mkdir(own);
    console.log('');
    await parts[name]({
      folder: own,
      clip: (durationSeconds) =>
        makeBenchClip({ source: values.clip, folder: own, name: `${durationSeconds}`, heightPixels, durationSeconds }),
    });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
