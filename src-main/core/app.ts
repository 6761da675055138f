/** The application, without Electron: queue, workers, library, settings, and the calls of the bridge. */
import { createHash } from 'node:crypto';
import { access, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { connectRedis, type RedisConnection } from '../../worker/connection.ts';
import { type AnalysisParameters, analysisDocumentSchema, analysisFiles } from '../../worker/protocol/analysis.ts';
import type { AssetReference, Sha256 } from '../../worker/protocol/assets.ts';
import { AppError, ClipRefusedError, isClipRefusal, toFailure } from '../../worker/protocol/errors.ts';
import {
  type ClipLimits,
  defaultClipLimits,
  type ExportKind,
  jobDefinitions,
  priorities,
} from '../../worker/protocol/jobs.ts';
import { defaultKeyPrefix, queueNames } from '../../worker/protocol/queues.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { createFileStores, type FileStores } from '../../worker/storage/file-stores.ts';
import { mediaTypeOf } from '../../worker/storage/media-types.ts';
import type { AppCalls } from '../contract/bridge.ts';
import type { ClipView, JobView, Settings } from '../contract/calls.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { type JobBoard, openJobBoard } from './jobs/job-board.ts';
import { type Library, openLibrary } from './library/library.ts';
import type { NodeRunner } from './node-runner.ts';
import { startLocalRedis } from './redis/local-redis.ts';
import { openSettingsStore, type SettingsStore } from './settings/settings-store.ts';
import { createWorkerFleet, type WorkerFleet } from './workers/worker-fleet.ts';
import { listWorkers, watchWorkers } from './workers/worker-views.ts';

export interface AppDependencies {
  readonly host: 'electron' | 'loopback' | 'terminal';
  readonly version: string;
  /** Library, assets, analyses, settings. */
  readonly dataDirectory: string;
  /** The queue's append-only file and socket; the terminal has one of its own for each run. */
  readonly redisDirectory: string;
  readonly weightsDirectory: string;
  readonly samplePath: string;
  readonly runner: NodeRunner;
  readonly workerScript: string;
  readonly redisGuardScript: string;
  /** Overrules the settings. */
  readonly workers?: number | undefined;
  /** Path of a file that the host handed out under an id. */
  readonly resolveFile: (id: string) => string | undefined;
  readonly onLog: (line: string) => void;
}

type CallHandlers = { [K in keyof AppCalls]: (input: AppCalls[K]['input']) => Promise<AppCalls[K]['output']> };

export interface App {
  readonly calls: CallHandlers;
  readonly events: EventHub;
  readonly stores: FileStores;
  readonly board: JobBoard;
  /** Adds a file to the library without analysing it. */
  addFile(path: string, name: string): Promise<ClipView>;
  analyse(clip: ClipView, parameters: AnalysisParameters): Promise<JobView>;
  exportAnalysis(clip: ClipView, analysisId: Sha256, kind: ExportKind): Promise<JobView>;
  stop(): Promise<void>;
}

/** Starts everything. Throws AppError REDIS_MISSING or REDIS_UNREACHABLE; nothing is left running then. */
export async function createApp(dependencies: AppDependencies): Promise<App> {
  const { dataDirectory, onLog } = dependencies;
  const events = createEventHub();
  const stores = createFileStores({ dataDirectory });
  const settings = await openSettingsStore(join(dataDirectory, 'settings.json'));
  const library = await openLibrary({
    directory: join(dataDirectory, 'library'),
    onChange: (clip) => events.emit('clip.changed', { clip }),
  });
  const redis = await startLocalRedis({
    directory: dependencies.redisDirectory,
    runner: dependencies.runner,
    guardScript: dependencies.redisGuardScript,
    onLog,
  });
  const connection = connectRedis(redis.target);
  connection.on('error', () => undefined);
  const board = await openJobBoard({
    redis: redis.target,
    keyPrefix: defaultKeyPrefix,
    onChange: (job) => {
      events.emit('job.changed', { job });
      void recordOutcome(job);
    },
  });
  const fleet = createWorkerFleet({
    runner: dependencies.runner,
    workerScript: dependencies.workerScript,
    settings: {
      appVersion: dependencies.version,
      redis: redis.target,
      keyPrefix: defaultKeyPrefix,
      queues: [...queueNames],
      dataDirectory,
      weightsDirectory: dependencies.weightsDirectory,
      device: settings.get().device,
    },
    onLog,
    onChange: () => undefined,
  });
  const wantedWorkers = (): number => dependencies.workers ?? settings.get().workers ?? defaultWorkerCount();
  fleet.resize(wantedWorkers());
  const stopWatching = watchWorkers(() => listWorkers(fleet, connection, defaultKeyPrefix), events);

  /** A finished job changes what the library knows of its clip. */
  async function recordOutcome(job: JobView): Promise<void> {
    const { failure, analysisId } = job;
    const playback =
      job.kind === 'prepare-playback' && job.status === 'done' ? await board.resultOf(job.id) : undefined;
    const prepared = jobDefinitions['prepare-playback'].result.safeParse(playback).data;
    const isRefused = job.status === 'failed' && failure !== undefined && isClipRefusal(failure.code);
    await library.update(job.clipSha256, ({ failure: before, ...clip }) => {
      const remaining = isRefused ? failure : job.status === 'done' ? undefined : before;
      return {
        ...clip,
        ...(prepared && { probe: prepared.probe, playback: prepared.playback }),
        ...(analysisId && { analysisIds: [analysisId, ...clip.analysisIds.filter((id) => id !== analysisId)] }),
        ...(remaining && { failure: remaining }),
      };
    });
  }

  async function addFile(path: string, name: string): Promise<ClipView> {
    const clip = await storeClip(path, stores);
    return await library.add(clip, name);
  }

  const limits = (): ClipLimits => ({ ...defaultClipLimits, maximumSeconds: settings.get().maximumClipSeconds });
  const common = (clip: ClipView) =>
    ({ protocolVersion, clip: clip.clip, clipName: clip.name, limits: limits() }) as const;
  const analyse = async (clip: ClipView, parameters: AnalysisParameters): Promise<JobView> => {
    const id = `analyse-${shortHash([clip.clip.sha256, parameters, limits()])}`;
    return await board.submit('analyse-clip', id, { ...common(clip), parameters }, priorities.interactive);
  };
  const prepare = async (clip: ClipView): Promise<JobView> => {
    const id = `playback-${shortHash([clip.clip.sha256, limits()])}`;
    return await board.submit('prepare-playback', id, common(clip), priorities.interactive);
  };
  const exportAnalysis = async (clip: ClipView, analysisId: Sha256, kind: ExportKind): Promise<JobView> => {
    const payload = { protocolVersion, clip: clip.clip, clipName: clip.name, analysisId, kind } as const;
    return await board.submit('export-analysis', `export-${kind}-${analysisId}`, payload, priorities.interactive);
  };
  const importFile = async (path: string, name: string): Promise<ClipView> => {
    const clip = await addFile(path, name);
    await prepare(clip);
    await analyse(clip, { model: settings.get().model });
    return library.get(clip.clip.sha256);
  };

  const calls = createCalls({
    dependencies,
    settings,
    library,
    board,
    stores,
    events,
    fleet,
    connection,
    importFile,
    analyse,
    exportAnalysis,
    wantedWorkers,
  });
  return {
    calls,
    events,
    stores,
    board,
    addFile,
    analyse,
    exportAnalysis,
    async stop() {
      stopWatching();
      await board.close();
      await fleet.stop();
      connection.disconnect();
      await redis.stop();
    },
  };
}

interface Parts {
  readonly dependencies: AppDependencies;
  readonly settings: SettingsStore;
  readonly library: Library;
  readonly board: JobBoard;
  readonly stores: FileStores;
  readonly events: EventHub;
  readonly fleet: WorkerFleet;
  readonly connection: RedisConnection;
  readonly importFile: (path: string, name: string) => Promise<ClipView>;
  readonly analyse: (clip: ClipView, parameters: AnalysisParameters) => Promise<JobView>;
  readonly exportAnalysis: App['exportAnalysis'];
  readonly wantedWorkers: () => number;
}

function createCalls(parts: Parts): CallHandlers {
  const {
    dependencies,
    settings,
    library,
    board,
    stores,
    events,
    fleet,
    connection,
    importFile,
    analyse,
    exportAnalysis,
  } = parts;
  return {
    'app.info': async () => ({
      version: dependencies.version,
      host: dependencies.host,
      dataDirectory: dependencies.dataDirectory,
      logicalCores: availableParallelism(),
      sampleAvailable: await isFile(dependencies.samplePath),
    }),
    'library.list': async () => ({ clips: library.list() }),
    async 'library.import'({ files }) {
      const clips: ClipView[] = [];
      const refused: { name: string; failure: ReturnType<typeof toFailure> }[] = [];
      for (const { id, name } of files) {
        try {
          const path = dependencies.resolveFile(id);
          if (path === undefined) throw new AppError('INVALID_INPUT', 'The file was not handed over by this window.');
          clips.push(await importFile(path, name));
        } catch (error) {
          refused.push({ name, failure: toFailure(error) });
        }
      }
      return { clips, refused };
    },
    'library.importSample': async () => ({
      clip: await importFile(dependencies.samplePath, basename(dependencies.samplePath)),
    }),
    async 'library.remove'({ clipSha256 }) {
      for (const job of board.list()) if (job.clipSha256 === clipSha256) await board.cancel(job.id);
      await library.remove(clipSha256);
      events.emit('clip.removed', { clipSha256 });
      return {};
    },
    'analysis.start': async ({ clipSha256, parameters }) => ({
      jobId: (await analyse(library.get(clipSha256), parameters)).id,
    }),
    async 'analysis.open'({ analysisId }) {
      const bytes = await stores.analyses.read(analysisId, analysisFiles.document);
      return { document: analysisDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes))) };
    },
    async 'export.start'({ analysisId, kind }) {
      const clip = library.list().find((candidate) => candidate.analysisIds.includes(analysisId));
      if (clip === undefined) throw new AppError('NOT_FOUND', 'This analysis belongs to no clip in the library.');
      return { jobId: (await exportAnalysis(clip, analysisId, kind)).id };
    },
    'jobs.list': async () => ({ jobs: board.list() }),
    async 'jobs.cancel'({ jobId }) {
      await board.cancel(jobId);
      return {};
    },
    async 'jobs.retry'({ jobId }) {
      await board.retry(jobId);
      return {};
    },
    'workers.list': async () => ({ workers: await listWorkers(fleet, connection, defaultKeyPrefix) }),
    'settings.get': async () => ({ settings: settings.get() }),
    async 'settings.set'({ settings: wanted }) {
      const saved = await settings.set(wanted as Settings);
      fleet.resize(parts.wantedWorkers());
      events.emit('settings.changed', { settings: saved });
      return { settings: saved };
    },
  };
}

/** One core is left to the window and to ffmpeg. */
function defaultWorkerCount(): number {
  return Math.max(1, Math.min(8, availableParallelism() - 1));
}

/** Throws ClipRefusedError CLIP_NOT_FOUND or CLIP_EMPTY before anything is copied. */
async function storeClip(path: string, stores: FileStores): Promise<AssetReference> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new ClipRefusedError('CLIP_NOT_FOUND', `There is no file ${basename(path)}.`);
  }
  if (found.size === 0) throw new ClipRefusedError('CLIP_EMPTY', `${basename(path)} is empty (0 bytes).`);
  return await stores.assets.putFile(path, mediaTypeOf(path));
}

async function isFile(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
