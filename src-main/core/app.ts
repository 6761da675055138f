/** The application, without Electron: queue, workers, library, settings, and the calls of the bridge. */
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '../../worker/configuration.ts';
import { lockInstance } from '../../worker/machine/instance-lock.ts';
import { createSystemMachine } from '../../worker/machine/machine-state.ts';
import { workerCount } from '../../worker/machine/worker-count.ts';
import type { WorkerFleet } from '../../worker/machine/worker-fleet.ts';
import { AppError, type ErrorCode, toFailure } from '../../worker/protocol/errors.ts';
import { defaultClipLimits } from '../../worker/protocol/jobs.ts';
import { prometheusText } from '../../worker/protocol/prometheus-text.ts';
import { queueNames } from '../../worker/protocol/queues.ts';
import { createFileStores, type FileStores, removeUnfinished } from '../../worker/storage/file-stores.ts';
import type { JobView, Settings, WorkerView } from '../contract/calls.ts';
import { createCalls } from './app-calls.ts';
import type { AppDependencies } from './app-dependencies.ts';
import type { CallHandlers } from './call-handlers.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { readInstallationId } from './installation-id.ts';
import { createBatchWatch } from './jobs/batch-watch.ts';
import type { JobBoard } from './jobs/job-board.ts';
import { openLibrary } from './library/library.ts';
import { createJobMeter } from './metrics/job-meter.ts';
import { createMetricsServer } from './metrics/metrics-server.ts';
import { readQueueCounts } from './metrics/queue-counts.ts';
import { besideTeam, queueMetrics } from './metrics/queue-metrics.ts';
import { startQueueService } from './queue-service.ts';
import { openRunDirectory } from './run-directory.ts';
import { startScheduling } from './scheduling/scheduling.ts';
import { openSettingsStore } from './settings/settings-store.ts';
import { createMemberCalls } from './team/member-calls.ts';
import { openMembershipStore } from './team/membership.ts';
import { openTeam, type Team } from './team/team.ts';
import { createTeamCalls } from './team/team-calls.ts';
import { createUndoStack } from './undo-stack.ts';
import { createWork, type Work } from './work.ts';
import type { WorkerControl } from './workers/worker-control.ts';
import { listWorkers, watchWorkers } from './workers/worker-views.ts';

export interface App {
  readonly calls: CallHandlers;
  readonly events: EventHub;
  readonly stores: FileStores;
  readonly board: JobBoard;
  readonly work: Work;
  readonly fleet: WorkerFleet;
  readonly workerControl: WorkerControl;
  readonly team: Team;
  /** For files that nobody needs after this run. */
  readonly temporaryDirectory: string;
  /** Workers finish or hand back what they hold; then Redis ends. */
  stop(): Promise<void>;
}

const unfinishedKeptSeconds = 24 * 3600;

/**
 * Starts everything. Throws AppError CONFIGURATION_INVALID, REDIS_MISSING, REDIS_UNREACHABLE, DISK_FULL or
 * ALREADY_RUNNING; nothing is left running.
 */
export async function createApp(dependencies: AppDependencies): Promise<App> {
  const undo = createUndoStack();
  try {
    return await start(dependencies, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function start(dependencies: AppDependencies, undo: ReturnType<typeof createUndoStack>): Promise<App> {
  const { dataDirectory, onLog } = dependencies;
  const settings = await openSettingsStore(join(dataDirectory, 'settings.json'));
  const configuration = readConfiguration(dependencies.environment ?? {}, settings.get());
  const startedAt = Date.now();
  const events = createEventHub();
  const stores = createFileStores({ dataDirectory });
  const report = (code: ErrorCode, message: string): void => events.emit('app.problem', { failure: { code, message } });
  const run = await openRunDirectory(dataDirectory);
  undo.add(run.remove);
  const redisDirectory = join(dependencies.queue === 'kept' ? dataDirectory : run.path, 'redis');
  const lock = await lockInstance(redisDirectory);
  undo.add(lock.release);
  removeUnfinished({ dataDirectory, olderThanSeconds: unfinishedKeptSeconds }).catch((error) => onLog(String(error)));

  const libraryDirectory = join(dataDirectory, 'library');
  const library = await openLibrary({
    directory: libraryDirectory,
    onChange: (clip) => events.emit('clip.changed', { clip }),
  });
  const { engine, source, fleet, workerControl, heartbeats, assertRoom } = await startQueueService({
    dependencies,
    configuration,
    redisDirectory,
    temporaryDirectory: run.path,
    device: settings.get().device,
    undo,
    onWorkerChange: () => watch?.look(),
    report,
  });
  const wantedWorkers = ({ workers }: Settings): number =>
    dependencies.workers ??
    configuration.workers ??
    workers ??
    workerCount({ logicalCores: availableParallelism(), memoryBytes: totalmem() });
  const applySettings = (wanted: Settings): void => {
    fleet.setDevice(wanted.device);
    fleet.resize(wantedWorkers(wanted));
  };
  const ownWorkers = async () => listWorkers(fleet, await heartbeats());
  /** With those of the team, while it is connected. */
  const allWorkers = async () => [...(await ownWorkers()), ...(team.queue()?.workers ?? [])];
  const controlOf = ({ place }: WorkerView): WorkerControl => {
    if (place !== 'team') return workerControl;
    const queue = team.queue();
    if (queue === undefined) throw new AppError('TEAM_UNREACHABLE', 'The team is away now.');
    queue.assertMayOperate();
    return queue.control;
  };
  const ffmpegVersion = async (): Promise<string | undefined> =>
    [...(await heartbeats()).values()].find(({ versions }) => versions.ffmpeg)?.versions.ffmpeg;
  const early: JobView[] = [];
  let heard = (job: JobView): void => void early.push(job);
  const meter = createJobMeter(startedAt);
  const batches = createBatchWatch({
    since: startedAt,
    onNotice: (notice) => {
      if (settings.get().notifications) events.emit('queue.notice', { notice });
    },
  });
  undo.add(async () => batches.close());
  const owner = await readInstallationId(dataDirectory);
  const isWorking = async (): Promise<boolean> =>
    [...(await heartbeats()).values()].some(({ currentJobs }) => currentJobs.length > 0) || team.isBusy();
  const machine = dependencies.machine ?? createSystemMachine({ platform: process.platform, isWorking });
  // A queue that ends with this run is nobody else's business.
  const isPossible = dependencies.queue === 'kept' && dependencies.engine?.kind !== 'in-process';
  const teamDirectory = join(isPossible ? dataDirectory : run.path, 'team');
  const membership = await openMembershipStore(join(teamDirectory, 'membership.json'));
  const team = await openTeam({
    ...{ isPossible, membership, engine, stores, library, settings, owner, machine, onLog },
    version: dependencies.version,
    directory: teamDirectory,
    workers: {
      runner: dependencies.runner,
      workerScript: dependencies.workerScript,
      settings: () => ({
        appVersion: dependencies.version,
        queues: [...queueNames],
        dataDirectory: join(teamDirectory, 'worker'),
        weightsDirectory: dependencies.weightsDirectory,
        device: settings.get().device,
        temporaryDirectory: run.path,
        ...dependencies.workerSettings,
      }),
      count: () => wantedWorkers(settings.get()),
    },
    onChange: (job) => {
      events.emit('job.changed', { job });
      meter.observe(job);
      batches.observe(job);
      heard(job);
    },
    onRemove: (jobId) => events.emit('job.removed', { jobId }),
    onStatus: (status) => events.emit('team.changed', { status }),
  });
  undo.add(team.stop);
  const watch = watchWorkers(allWorkers, events);
  undo.add(async () => watch.stop());
  applySettings(settings.get());
  const { board } = team;
  const metrics = createMetricsServer(async () => {
    const { version } = dependencies;
    const [queues, workers] = await Promise.all([readQueueCounts(engine), ownWorkers()]);
    const own = queueMetrics({ version, queues, workers });
    const connected = team.queue();
    if (connected === undefined) return prometheusText([...own, ...meter.families()]);
    const theirs = { version, queues: await readQueueCounts(connected.engine), workers: connected.workers };
    return prometheusText([...besideTeam(own, connected.team, queueMetrics(theirs)), ...meter.families()]);
  });
  undo.add(metrics.close);
  // A terminal that comes and goes is nothing to watch.
  if (dependencies.host !== 'terminal') {
    await metrics.apply(settings.get().metrics).catch((error: unknown) => {
      events.emit('app.problem', { failure: toFailure(error) });
    });
  }
  const work = createWork({
    board,
    library,
    stores,
    owner,
    assertRoom,
    limits: () => ({ ...defaultClipLimits, maximumSeconds: settings.get().maximumClipSeconds }),
    prefersGpu: () => settings.get().team.prefersGpu,
    defaults: () => ({ model: settings.get().model, quality: settings.get().quality }),
  });
  heard = (job) => {
    work.recordOutcome(job).catch((error) => {
      onLog(`The library could not be changed: ${String(error)}`);
      events.emit('app.problem', { failure: toFailure(error) });
    });
  };
  for (const job of early) heard(job);
  const scheduling = startScheduling({
    dependencies: { ...dependencies, machine },
    engine,
    source,
    outbox: team.outbox,
    owner,
    settings,
    libraryDirectory,
    library,
    stores,
    work,
    isWorking,
    mostHeldAtOnce: () => Math.max(2, fleet.list().length),
    onSettings: (changed) => events.emit('settings.changed', { settings: changed }),
    onChange: () => events.emit('schedules.changed', {}),
  });
  undo.add(scheduling.stop);
  await scheduling.apply();

  return {
    calls: createCalls({
      dependencies,
      settings,
      library,
      board,
      queue: () => team.queue() ?? { engine },
      work,
      stores,
      events,
      listWorkers: allWorkers,
      controlOf,
      ffmpegVersion,
      applySettings(wanted) {
        applySettings(wanted);
        team.apply();
        void scheduling.apply();
      },
      scheduleCalls: scheduling.calls,
      teamCalls: createTeamCalls(team),
      memberCalls: createMemberCalls(membership),
      metrics,
      batches,
    }),
    events,
    stores,
    board,
    work,
    fleet,
    workerControl,
    team,
    temporaryDirectory: run.path,
    stop: () => undo.run(),
  };
}
