/** The main job from a terminal: the same core, the same queue, no window. */
import { cp } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { currentNodeRunner } from '../worker/node-runner.ts';
import {
  analysisDocumentSchema,
  analysisFileNames,
  analysisFiles,
  defaultQuality,
  qualities,
} from '../worker/protocol/analysis.ts';
import { AppError, type Failure, isClipRefusal, toFailure } from '../worker/protocol/errors.ts';
import { type ExportKind, exportKinds } from '../worker/protocol/jobs.ts';
import { appPaths, appVersion, defaultDataDirectory } from './app-paths.ts';
import type { JobView } from './contract/calls.ts';
import { type App, createApp } from './core/app.ts';
import type { AppDependencies } from './core/app-dependencies.ts';
import type { StoredClip } from './core/work.ts';
import { exportJobsTo, finishJobsOf, importJobsFrom } from './move-jobs.ts';
import { createProgressLine } from './progress-line.ts';

const usage = `Usage: npm run -s analyze -- [CLIP] [--out FOLDER] [--model lite|full|heavy] [--quality fast|standard|best] [--workers N] [--overlay] [--export KIND,KIND] [--engine redis|in-process] [--json]
       npm run -s analyze -- --export-jobs FILE | --import-jobs FILE [--engine redis|in-process] [--json]
--export writes pdf, xlsx, csv, json, c3d, trc, mot, npy or npz beside the analysis.
Without CLIP the shipped sample is analysed. The in-process engine needs no Redis.
--export-jobs takes the unfinished jobs of the app out of its queue, --import-jobs puts them back or, with the in-process engine, does them at once.`;

/** Films are `--overlay`, and two clips side by side have a reference, which is chosen in the window. */
const fileKinds = exportKinds.filter((kind) => kind !== 'overlay' && kind !== 'side-by-side');

const optionsSchema = z.object({
  model: z.enum(['lite', 'full', 'heavy'], 'The model is lite, full or heavy.').default('full'),
  quality: z.enum(qualities, 'The quality is fast, standard or best.').default(defaultQuality),
  workers: z.coerce.number('The number of workers is a whole number.').int().min(1).max(64).optional(),
  engine: z.enum(['redis', 'in-process'], 'The engine is redis or in-process.').default('redis'),
  'export-jobs': z.string().optional(),
  'import-jobs': z.string().optional(),
  out: z.string().optional(),
  overlay: z.boolean().default(false),
  export: z
    .string()
    .transform((kinds) => [...new Set(kinds.split(','))])
    .pipe(z.array(z.enum(fileKinds, `What can be exported is ${fileKinds.join(', ')}.`)))
    .default([]),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** Exit codes: a result, our own failure, a clip that was refused. */
const exitCodes = { result: 0, failure: 1, refused: 2 } as const;

interface Request extends z.infer<typeof optionsSchema> {
  readonly clip: string;
}

function readRequest(args: readonly string[]): Request {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        quality: { type: 'string' },
        workers: { type: 'string' },
        engine: { type: 'string' },
        'export-jobs': { type: 'string' },
        'import-jobs': { type: 'string' },
        out: { type: 'string' },
        overlay: { type: 'boolean' },
        export: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const [clip, ...rest] = positionals;
    if (rest.length > 0) throw new AppError('INVALID_INPUT', 'One clip at a time, please.');
    const parsed = optionsSchema.safeParse(values);
    if (!parsed.success) throw new AppError('INVALID_INPUT', parsed.error.issues[0]?.message ?? usage);
    return { ...parsed.data, clip: clip === undefined ? appPaths.samplePath : resolve(clip) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('INVALID_INPUT', `${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function main(): Promise<number> {
  const wantsJson = process.argv.includes('--json');
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  try {
    const request = readRequest(process.argv.slice(2));
    if (request.help) {
      console.log(usage);
      return exitCodes.result;
    }
    const { 'export-jobs': exported, 'import-jobs': imported } = request;
    if (exported !== undefined || imported !== undefined) return await moveJobs(request, abort.signal);
    const result = await withApp(request, { queue: 'private' }, (app) => analyseWith(app, request, abort.signal));
    if (request.json) console.log(JSON.stringify(result));
    return exitCodes.result;
  } catch (error) {
    const failure = toFailure(error);
    console.error(failure.message);
    if (wantsJson) console.log(JSON.stringify({ error: failure }));
    return isClipRefusal(failure.code) ? exitCodes.refused : exitCodes.failure;
  }
}

/**
 * A queue of its own (private) lets several runs, and the window, be at work at once. That of the window (kept) is moved
 * in and out of, and left alone otherwise: without workers.
 */
async function withApp<T>(
  request: Request,
  { queue }: Pick<AppDependencies, 'queue'>,
  use: (app: App) => Promise<T>,
): Promise<T> {
  const log: string[] = [];
  const isInProcess = request.engine === 'in-process';
  const workers = isInProcess ? (request.workers ?? 1) : request.workers;
  const app = await createApp({
    host: 'terminal',
    version: appVersion(),
    dataDirectory: defaultDataDirectory(process.env),
    queue,
    ...(isInProcess && { engine: await inProcessEngine() }),
    ...appPaths,
    runner: currentNodeRunner(),
    environment: process.env,
    workers: queue === 'kept' ? 0 : workers,
    files: { pathOf: () => undefined, release: async () => undefined },
    onLog: (line) => log.push(line),
  });
  app.events.on('app.problem', ({ failure }) => console.error(failure.message));
  app.events.repeatProblems();
  try {
    return await use(app);
  } catch (error) {
    if (toFailure(error).code === 'INTERNAL') console.error(log.slice(-20).join('\n'));
    throw error;
  } finally {
    await app.stop();
  }
}

/** Loaded where it is used: it brings the model's runtime with it. */
async function inProcessEngine(): Promise<AppDependencies['engine']> {
  const { startInProcessWorker } = await import('../worker/in-process-worker.ts');
  return { kind: 'in-process', startWorker: startInProcessWorker };
}

async function moveJobs(request: Request, signal: AbortSignal): Promise<number> {
  const { 'export-jobs': exportTo, 'import-jobs': importFrom, engine, json } = request;
  const tell = (result: object, sentence: string): void => console.log(json ? JSON.stringify(result) : sentence);
  if (exportTo !== undefined) {
    const result = await withApp({ ...request, engine: 'redis' }, { queue: 'kept' }, (app) =>
      exportJobsTo(resolve(exportTo), app),
    );
    const kept = result.left === 0 ? '' : `; ${result.left} stay in the queue`;
    tell(result, `${result.exported} unfinished jobs are in ${exportTo} now${kept}.`);
    return exitCodes.result;
  }
  const file = resolve(importFrom ?? '');
  if (engine === 'redis') {
    const result = await withApp(request, { queue: 'kept' }, (app) => importJobsFrom(file, app));
    tell(result, `${result.imported} jobs are in the queue of Shadow Trainer now.`);
    return exitCodes.result;
  }
  const result = await withApp(request, { queue: 'private' }, (app) => finishJobsOf(file, app, signal));
  tell(result, `${result.done} of ${result.imported} jobs are done, ${result.failed} failed, ${result.left} left.`);
  return result.failed === 0 ? exitCodes.result : exitCodes.failure;
}

async function analyseWith(app: App, request: Request, signal: AbortSignal) {
  const started = performance.now();
  const clip = await app.work.storeFile(request.clip, basename(request.clip));
  const line = createProgressLine(process.stderr);
  const stopShowing = app.events.on('job.changed', ({ job }) => line.show(job));
  try {
    const job = await app.work.analyse(clip, { model: `blazepose-${request.model}`, quality: request.quality });
    const { analysisId } = await finish(app, job, signal);
    const seconds = (performance.now() - started) / 1000;
    if (analysisId === undefined) throw new AppError('INTERNAL', 'The analysis ended without a result.');
    const folder = app.stores.analyses.folder(analysisId);
    const bytes = await app.stores.analyses.read(analysisId, analysisFiles.document);
    const document = analysisDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const analysisFolder = request.out === undefined ? folder : resolve(request.out);
    if (request.out !== undefined) await copyAnalysis(folder, analysisFolder);
    const save = async (kind: ExportKind, as?: string): Promise<string> =>
      await saveExport(app, { clip, analysisId, kind, folder: analysisFolder, as }, signal);
    if (request.overlay) await save('overlay', 'overlay.mp4');
    const exports: [ExportKind, string][] = [];
    for (const kind of request.export) exports.push([kind, await save(kind)]);
    line.end();
    const { frames, framesWithPose, people, warnings } = document;
    for (const warning of warnings) console.error(warning);
    if (!request.json) {
      console.log(
        `${framesWithPose} of ${frames} frames with a pose; ${people.length === 1 ? '1 person' : `${people.length} people`} seen; ${seconds.toFixed(1)} s.`,
      );
      for (const [, path] of exports) console.log(path);
      console.log(analysisFolder);
    }
    return {
      clip: request.clip,
      analysisFolder,
      frames,
      framesWithPose,
      people: people.length,
      model: document.model.id,
      quality: request.quality,
      device: document.devices.join(', '),
      workers: document.workers,
      seconds,
      framesPerSecond: frames / seconds,
      ...(exports.length > 0 && { exports: Object.fromEntries(exports) }),
    };
  } finally {
    line.end();
    stopShowing();
  }
}

/** Throws AppError INVALID_INPUT: the analysis itself is kept in the data folder. */
async function copyAnalysis(folder: string, target: string): Promise<void> {
  await cp(folder, target, { recursive: true }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('INVALID_INPUT', `The analysis cannot be written to ${target}: ${reason}`, { cause });
  });
}

/** Returns where the file lies; `as`: its name there, the export's own when absent. */
async function saveExport(
  app: App,
  wanted: {
    readonly clip: StoredClip;
    readonly analysisId: string;
    readonly kind: ExportKind;
    readonly folder: string;
    readonly as: string | undefined;
  },
  signal: AbortSignal,
): Promise<string> {
  const { clip, analysisId, kind, folder, as } = wanted;
  const { exported } = await finish(app, await app.work.exportAnalysis(clip, analysisId, kind), signal);
  if (exported === undefined) throw new AppError('INTERNAL', `The export ${kind} was not made.`);
  const { suggestedName } = exported;
  // A clip may have the name of a file of the analysis.
  const isTaken = analysisFileNames.some((name) => name === suggestedName);
  const path = join(folder, as ?? (isTaken ? `export-${suggestedName}` : suggestedName));
  await cp(await app.stores.assets.localPath(exported.file), path);
  return path;
}

/** Waits for a job to end; throws what it failed with. */
async function finish(app: App, job: JobView, signal: AbortSignal): Promise<JobView> {
  const ended = await app.board.waitFor(job.id, signal).catch(async (error: unknown) => {
    // Otherwise the workers would go on with it for a while when they are asked to leave.
    await app.board.cancel(job.id);
    throw error;
  });
  if (ended.status === 'done') return ended;
  const failure: Failure = ended.failure ?? { code: 'CANCELLED', message: 'Cancelled.' };
  throw new AppError(failure.code, failure.message);
}

process.exitCode = await main();
