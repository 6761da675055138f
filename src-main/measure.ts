/** Events and metrics of a motion from a terminal: the same functions as in the window. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { clipSecondsForOne, toFilmedTime } from '../worker/biomechanics/filmed-time.ts';
import { FrameOrderError } from '../worker/biomechanics/frame-order.ts';
import { uncertaintyOf } from '../worker/biomechanics/known-errors.ts';
import { decodeNpy } from '../worker/biomechanics/npy.ts';
import type { MotionProfile } from '../worker/biomechanics/profile.ts';
import { profiles } from '../worker/biomechanics/profiles.ts';
import { sampleRate } from '../worker/biomechanics/rates.ts';
import { type ReadMotion, readAnalysisMotion, readMotionFile } from '../worker/motion-files/read-motion-file.ts';
import { analysisFiles } from '../worker/protocol/analysis.ts';
import { AppError, toFailure } from '../worker/protocol/errors.ts';
import { defaultProfile, profileIds } from '../worker/protocol/marks.ts';
import {
  type ComparedReference,
  type ComparedReport,
  comparedReport,
  comparisonLines,
  normName,
  normReference,
  referenceOf,
} from './measure-comparison.ts';
import { type MeasureReport, measureReport, reportLines } from './measure-report.ts';

const usage = `Usage: npm run -s measure -- MOTION.(trc|c3d|npy)|ANALYSIS_FOLDER [--hand left|right] [--profile pitching|squat|any] [--height METRES] [--fps RATE] [--filmed-fps RATE] [--reference OTHER|norm] [--json]
--fps is for .npy, which does not say it; a time.npy with the seconds of the frames beside the file does as well.
--filmed-fps is for slow motion: the rate it was filmed with, where it is stored slower. Moments stay on the file's clock.
--reference is what to hold every repetition against: another motion or analysis folder, or the published norm.`;

const optionsSchema = z.object({
  hand: z.enum(['left', 'right'], 'The hand is left or right.').optional(),
  profile: z.enum(profileIds, 'The profile is pitching, squat or any.').default(defaultProfile),
  height: z.coerce.number('The height is in metres.').min(0.5, 'The height is in metres.').max(2.8).optional(),
  fps: z.coerce.number('The rate is in frames a second.').min(1).max(10_000).optional(),
  'filmed-fps': z.coerce.number('The filmed rate is in frames a second.').min(1).max(10_000).optional(),
  reference: z.string().min(1).optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

interface Request extends z.infer<typeof optionsSchema> {
  readonly motion: string | undefined;
}

function readRequest(args: readonly string[]): Request {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ hand: { type: 'string' }, profile: { type: 'string' }, height: { type: 'string' } },
        ...{
          fps: { type: 'string' },
          'filmed-fps': { type: 'string' },
          reference: { type: 'string' },
          json: { type: 'boolean' },
          help: { type: 'boolean' },
        },
      },
    });
    if (positionals.length > 1) throw new AppError('INVALID_INPUT', 'One motion at a time, please.');
    const parsed = optionsSchema.safeParse(values);
    if (!parsed.success) throw new AppError('INVALID_INPUT', parsed.error.issues[0]?.message ?? usage);
    return { ...parsed.data, motion: positionals[0] };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('INVALID_INPUT', `${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function measure(request: Request): Promise<MeasureReport | ComparedReport> {
  if (request.motion === undefined) throw new AppError('INVALID_INPUT', usage);
  const path = resolve(request.motion);
  const read = await readMotion(path, request);
  try {
    const profile = profiles[request.profile];
    const secondsForOne = clipSecondsForOne({
      storedFramesPerSecond: sampleRate(read.motion.timesSeconds),
      filmedFramesPerSecond: request['filmed-fps'],
    });
    const repetitions = profile.measure({
      ...{ motion: toFilmedTime(read.motion, secondsForOne), uncertainty: uncertaintyOf(read.errors) },
      ...{ hand: request.hand ?? read.hand, heightMetres: request.height },
    });
    if (repetitions.length === 0) {
      throw new AppError('INVALID_INPUT', `No repetition is seen in this motion: ${profile.label.toLowerCase()}.`);
    }
    const slowMotion =
      request['filmed-fps'] === undefined && !read.isRateGuessed
        ? profile.recogniseSlowMotion?.(read.motion, request.hand ?? read.hand)
        : undefined;
    const isHeightGiven = request.height !== undefined;
    const report = measureReport({ path, read, profile, repetitions, isHeightGiven, secondsForOne, slowMotion });
    const reference = await readReference(request, profile);
    if (reference === undefined) return report;
    return comparedReport({ report, errors: read.errors, profile, repetitions, reference, secondsForOne });
  } catch (error) {
    if (error instanceof FrameOrderError) throw new AppError('INVALID_INPUT', error.message, { cause: error });
    throw error;
  }
}

/** Throws what `readMotion` does. */
async function readReference(request: Request, profile: MotionProfile): Promise<ComparedReference | undefined> {
  const { reference, fps } = request;
  if (reference === undefined) return undefined;
  if (reference === normName) return normReference(profile);
  return referenceOf(await readMotion(resolve(reference), { hand: undefined, fps }), profile);
}

/** Throws AppError INVALID_INPUT, or ASSET_CORRUPT for a damaged analysis. */
async function readMotion(path: string, { hand, fps }: Pick<Request, 'hand' | 'fps'>): Promise<ReadMotion> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('INVALID_INPUT', `There is no motion at ${path}.`, { cause });
  });
  if (found.isDirectory()) {
    const names = await readdir(path);
    if (!names.includes(analysisFiles.document)) {
      throw new AppError(
        'INVALID_INPUT',
        `${path} is not the folder of an analysis: ${analysisFiles.document} is missing.`,
      );
    }
    const files = new Map<string, Uint8Array>();
    for (const name of Object.values(analysisFiles)) {
      if (names.includes(name)) files.set(name, await readFile(join(path, name)));
    }
    return readAnalysisMotion(files);
  }
  const bytes = await readFile(path);
  const framesPerSecond = fps ?? (path.toLowerCase().endsWith('.npy') ? await rateBeside(path) : undefined);
  return readMotionFile({ fileName: basename(path), bytes, hand, framesPerSecond });
}

/** Of a time.npy beside the file. */
async function rateBeside(path: string): Promise<number | undefined> {
  const bytes = await readFile(join(dirname(path), analysisFiles.time)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const { data } = decodeNpy(bytes);
  const span = Number(data[data.length - 1]) - Number(data[0]);
  return data.length > 1 && span > 0 ? (data.length - 1) / span : undefined;
}

/** Exit codes: a result, a failure. */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  try {
    const request = readRequest(args);
    if (request.help) {
      console.log(usage);
      return 0;
    }
    const report = await measure(request);
    for (const warning of report.warnings) console.error(warning);
    const lines = [...reportLines(report), ...comparisonLines(report)];
    console.log(request.json ? JSON.stringify(report) : lines.join('\n'));
    return 0;
  } catch (error) {
    const failure = toFailure(error);
    console.error(failure.message);
    if (args.includes('--json')) console.log(JSON.stringify({ error: failure }));
    return 1;
  }
}

process.exitCode = await main();
