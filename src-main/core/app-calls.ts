/** The calls of the bridge, each answered by the part of the core that knows. */
import { access } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { analysisDocumentSchema, analysisFiles } from '../../worker/protocol/analysis.ts';
import { AppError, type Failure, toFailure } from '../../worker/protocol/errors.ts';
import type { FileStores } from '../../worker/storage/file-stores.ts';
import { type ClipView, type Settings, settingsSchema, type WorkerView } from '../contract/calls.ts';
import type { AppDependencies } from './app-dependencies.ts';
import type { CallHandlers } from './call-handlers.ts';
import type { EventHub } from './event-hub.ts';
import type { BatchWatch } from './jobs/batch-watch.ts';
import type { PlacedBoard } from './jobs/placed-board.ts';
import type { Library } from './library/library.ts';
import type { MetricsServer } from './metrics/metrics-server.ts';
import { createQueueCalls, type ShownQueue } from './queue-calls.ts';
import type { ScheduleCalls } from './scheduling/schedule-calls.ts';
import type { SettingsStore } from './settings/settings-store.ts';
import type { MemberCalls } from './team/member-calls.ts';
import type { TeamCalls } from './team/team-calls.ts';
import type { Work, WorkOptions } from './work.ts';
import { createWorkerCalls } from './workers/worker-calls.ts';
import type { WorkerControl } from './workers/worker-control.ts';

export interface CallParts {
  readonly dependencies: AppDependencies;
  readonly settings: SettingsStore;
  readonly library: Library;
  readonly board: PlacedBoard;
  readonly queue: () => ShownQueue;
  readonly work: Work;
  readonly scheduleCalls: ScheduleCalls;
  readonly teamCalls: TeamCalls;
  readonly memberCalls: MemberCalls;
  readonly stores: FileStores;
  readonly events: EventHub;
  readonly listWorkers: () => Promise<WorkerView[]>;
  readonly controlOf: (worker: WorkerView) => WorkerControl;
  /** As a worker says; undefined while none has. */
  readonly ffmpegVersion: () => Promise<string | undefined>;
  /** Lets workers follow the settings. */
  readonly applySettings: (settings: Settings) => void;
  readonly metrics: MetricsServer;
  readonly batches: BatchWatch;
}

export function createCalls(parts: CallParts): CallHandlers {
  const { dependencies, settings, library, board, work, stores, events } = parts;

  const importOne = async (id: string, name: string, options: WorkOptions): Promise<ClipView> => {
    const path = dependencies.files.pathOf(id);
    if (path === undefined) throw new AppError('INVALID_INPUT', 'The file was not handed over by this window.');
    try {
      return await work.importFile(path, name, options);
    } finally {
      await dependencies.files.release(id);
    }
  };

  const clipOf = (analysisId: string): ClipView => {
    const clip = library.list().find((candidate) => candidate.analysisIds.includes(analysisId));
    if (clip === undefined) throw new AppError('NOT_FOUND', 'This analysis belongs to no clip in the library.');
    return clip;
  };
  const described = ({ clip, name, marks }: ClipView) => ({ clip, clipName: name, marks });

  return {
    async 'app.info'() {
      const ffmpegVersion = await parts.ffmpegVersion();
      const metricsAddress = parts.metrics.address();
      return {
        version: dependencies.version,
        host: dependencies.host,
        dataDirectory: dependencies.dataDirectory,
        logicalCores: availableParallelism(),
        sampleAvailable: await isFile(dependencies.samplePath),
        ...(ffmpegVersion !== undefined && { ffmpegVersion }),
        ...(metricsAddress !== undefined && { metricsAddress }),
      };
    },
    'library.list': async () => ({ clips: library.list() }),
    async 'library.import'({ files, when }) {
      const clips: ClipView[] = [];
      const refused: { name: string; failure: Failure }[] = [];
      const isComplete = parts.batches.expectMore();
      // One clip is waited for, many are not: those that are have to be asked for (`jobs.prioritize`).
      const priority = files.length > 1 ? 'batch' : 'interactive';
      for (const { id, name } of files) {
        try {
          clips.push(await importOne(id, name, { priority, when }));
        } catch (error) {
          refused.push({ name, failure: toFailure(error) });
        }
      }
      isComplete();
      return { clips, refused };
    },
    'library.importSample': async () => ({
      clip: await work.importFile(dependencies.samplePath, basename(dependencies.samplePath)),
    }),
    async 'library.mark'({ clipSha256, marks }) {
      library.get(clipSha256);
      await library.update(clipSha256, (clip) => ({ ...clip, marks }));
      return {};
    },
    async 'library.remove'({ clipSha256 }) {
      for (const job of board.list()) if (job.clipSha256 === clipSha256) await board.cancel(job.id);
      await library.remove(clipSha256);
      events.emit('clip.removed', { clipSha256 });
      return {};
    },
    'analysis.start': async ({ clipSha256, parameters, when }) => ({
      jobId: (await work.analyse(library.get(clipSha256), parameters, { when })).id,
    }),
    async 'analysis.open'({ analysisId }) {
      const bytes = await stores.analyses.read(analysisId, analysisFiles.document);
      return { document: analysisDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes))) };
    },
    async 'export.start'({ analysisId, kind, repetition, reference }) {
      const clip = clipOf(analysisId);
      const beside = reference && { ...reference, ...described(clipOf(reference.analysisId)) };
      const options = { marks: clip.marks, repetition, reference: beside };
      return { jobId: (await work.exportAnalysis(clip, analysisId, kind, options)).id };
    },
    ...parts.scheduleCalls,
    ...parts.teamCalls,
    ...parts.memberCalls,
    ...createQueueCalls({ board, queue: parts.queue, engineOf: board.engineOf }),
    ...createWorkerCalls(parts.listWorkers, parts.controlOf),
    'settings.get': async () => ({ settings: settings.get() }),
    // Parsed again by the store: what dispatch has parsed has its defaults, what a test hands over may not.
    async 'settings.set'({ settings: wanted }) {
      await parts.metrics.apply(settingsSchema.parse(wanted).metrics);
      const saved = await settings.set(wanted);
      parts.applySettings(saved);
      events.emit('settings.changed', { settings: saved });
      return { settings: saved };
    },
  };
}

async function isFile(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
