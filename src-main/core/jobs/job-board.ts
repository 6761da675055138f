/**
 * The queue as the core sees it: submit, cancel, retry, and a view of every job that a coach started.
 * What Redis holds is the truth; events only say when to look.
 */
import { type Job, Queue, QueueEvents } from 'bullmq';
import { connectRedis, type RedisTarget } from '../../../worker/connection.ts';
import { type ControlMessage, cancelKey, cancelKeySeconds, controlChannel } from '../../../worker/protocol/control.ts';
import { AppError, CancelledError } from '../../../worker/protocol/errors.ts';
import {
  chunkJobId,
  type JobPayload,
  jobDefinitions,
  jobOptions,
  jobProgressSchema,
  plannedChunksSchema,
} from '../../../worker/protocol/jobs.ts';
import { type QueueName, queueNames, queueOfJob } from '../../../worker/protocol/queues.ts';
import { isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import type { JobView } from '../../contract/calls.ts';
import { readFailure } from './job-failure.ts';
import { createProgressMeter, type ProgressMeter, type ShownJobKind } from './job-progress.ts';

export interface JobBoardOptions {
  readonly redis: RedisTarget;
  readonly keyPrefix: string;
  readonly onChange: (view: JobView) => void;
}

export interface JobBoard {
  /** The same id is the same job: nothing is queued twice. A job that failed or was cancelled is queued again. */
  submit<N extends ShownJobKind>(name: N, id: string, payload: JobPayload<N>, priority: number): Promise<JobView>;
  /** Acts at once on what runs; what waits is never run. */
  cancel(id: string): Promise<void>;
  retry(id: string): Promise<void>;
  list(): JobView[];
  /** Throws AppError NOT_FOUND. */
  viewOf(id: string): JobView;
  /** What a finished job returned; undefined while it has not. */
  resultOf(id: string): Promise<unknown>;
  /** Resolves when the job has ended, however it ended. */
  waitFor(id: string, signal: AbortSignal): Promise<JobView>;
  close(): Promise<void>;
}

interface Entry {
  view: JobView;
  queue: QueueName;
  meter: ProgressMeter;
  plannedFrames: number;
}

/** Events may be lost while Redis is away. */
const reconcileMilliseconds = 2000;
const mostListedJobs = 1000;
const shownKinds: readonly ShownJobKind[] = ['prepare-playback', 'analyse-clip', 'export-analysis'];

export async function openJobBoard(options: JobBoardOptions): Promise<JobBoard> {
  const { keyPrefix: prefix } = options;
  const connection = connectRedis(options.redis);
  const queues = new Map(queueNames.map((name) => [name, new Queue(name, { connection, prefix })]));
  const eventConnections = queueNames.map(() => connectRedis(options.redis));
  const listeners = queueNames.map((name, i) => {
    const eventConnection = eventConnections[i] ?? connection;
    return { name, events: new QueueEvents(name, { connection: eventConnection, prefix }) };
  });
  const entries = new Map<string, Entry>();
  const waiters = new Map<string, Set<(view: JobView) => void>>();

  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new AppError('INTERNAL', `There is no queue ${name}.`);
    return queue;
  };

  const publish = (entry: Entry, view: JobView): void => {
    const isNews = JSON.stringify(view) !== JSON.stringify(entry.view);
    entry.view = view;
    if (!isNews) return;
    options.onChange(view);
    if (isEnded(view.status)) for (const resolve of waiters.get(view.id) ?? []) resolve(view);
  };

  const statusOf = async (job: Job): Promise<{ status: JobStatus; failure?: JobView['failure'] }> => {
    const state = await job.getState();
    if (state === 'completed') return { status: 'done' };
    const isCancelled = (await connection.exists(cancelKey(prefix, job.id ?? ''))) === 1;
    if (state === 'failed') {
      const failure = await readFailure(job, queueOf('pose'));
      if (failure.code === 'CANCELLED' || isCancelled) return { status: 'cancelled' };
      return { status: 'failed', failure };
    }
    if (isCancelled) return { status: state === 'active' ? 'cancelling' : 'cancelled' };
    return { status: state === 'active' || state === 'waiting-children' ? 'running' : 'queued' };
  };

  const refresh = async (queue: QueueName, id: string): Promise<void> => {
    const job = await queueOf(queue).getJob(id);
    if (job === undefined || !isShown(job.name)) return;
    const { status, failure } = await statusOf(job);
    const entry = entries.get(id) ?? createEntry(job, job.name, queue, status);
    const isNew = !entries.has(id);
    entries.set(id, entry);
    entry.plannedFrames = plannedChunksSchema.safeParse(job.data.planned).data?.frames ?? entry.plannedFrames;
    const progress = isEnded(status) ? undefined : entry.meter.current();
    const view: JobView = {
      ...baseView(job, job.name, status),
      ...(progress && { progress }),
      ...(failure && { failure }),
      ...(isEnded(status) && job.finishedOn !== undefined && { endedAt: new Date(job.finishedOn).toISOString() }),
      ...(status === 'done' && resultView(job)),
    };
    if (isNew) options.onChange(view);
    publish(entry, view);
  };

  const onProgress = (queue: QueueName, id: string, data: unknown): void => {
    const progress = jobProgressSchema.safeParse(data).data;
    if (progress === undefined) return;
    const chunk = /^(.*)-chunk-(\d+)$/.exec(id);
    const entry = entries.get(chunk?.[1] ?? id);
    if (entry === undefined || isEnded(entry.view.status)) return;
    if (queue === 'pose')
      entry.meter.reportChunk(Number(chunk?.[2]), progress.framesDone, entry.plannedFrames, progress.at);
    else entry.meter.report(progress);
    const current = entry.meter.current();
    if (current) publish(entry, { ...entry.view, progress: current });
  };

  for (const { name, events } of listeners) {
    const look = ({ jobId }: { jobId: string }): void => {
      if (name !== 'pose') refresh(name, jobId).catch(() => undefined);
    };
    events.on('progress', ({ jobId, data }) => onProgress(name, jobId, data));
    for (const event of ['waiting', 'active', 'completed', 'failed', 'waiting-children', 'delayed'] as const)
      events.on(event, look);
    events.on('error', () => undefined);
    await events.waitUntilReady();
  }
  for (const name of queueNames) {
    if (name === 'pose') continue;
    for (const job of await queueOf(name).getJobs(undefined, 0, mostListedJobs))
      if (job?.id) await refresh(name, job.id);
  }
  const reconcile = setInterval(() => {
    for (const { view, queue } of entries.values())
      if (!isEnded(view.status)) refresh(queue, view.id).catch(() => undefined);
  }, reconcileMilliseconds);

  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new AppError('NOT_FOUND', 'This job is not known any more.');
    return entry;
  };

  /** Takes a job and its chunks out of the queue, so that the same ids can be queued afresh. */
  const forget = async (queue: QueueName, id: string): Promise<void> => {
    await connection.del(cancelKey(prefix, id));
    const job = await queueOf(queue).getJob(id);
    const planned = plannedChunksSchema.safeParse(job?.data.planned).data;
    for (let i = 0; i < (planned?.chunkCount ?? 0); i++) await queueOf('pose').remove(chunkJobId(id, i));
    await job?.remove();
    entries.delete(id);
  };

  return {
    async submit(name, id, payload, priority) {
      const queue = queueOfJob[name];
      const known = await queueOf(queue).getJob(id);
      if (known) {
        const { status } = await statusOf(known);
        if (status === 'failed' || status === 'cancelled') await forget(queue, id);
      }
      await queueOf(queue).add(name, payload, { ...jobOptions, jobId: id, priority });
      await refresh(queue, id);
      return find(id).view;
    },
    async cancel(id) {
      const { queue, view } = find(id);
      if (isEnded(view.status)) return;
      const job = await queueOf(queue).getJob(id);
      const planned = plannedChunksSchema.safeParse(job?.data.planned).data;
      const chunkIds = Array.from({ length: planned?.chunkCount ?? 0 }, (_, i) => chunkJobId(id, i));
      await connection.set(cancelKey(prefix, id), '1', 'EX', cancelKeySeconds);
      const message: ControlMessage = { type: 'cancel', jobIds: [id, ...chunkIds] };
      await connection.publish(controlChannel(prefix), JSON.stringify(message));
      await refresh(queue, id);
    },
    async retry(id) {
      const { queue, view } = find(id);
      if (view.status !== 'failed' && view.status !== 'cancelled') return;
      const job = await queueOf(queue).getJob(id);
      if (job === undefined || !isShown(job.name)) throw new AppError('NOT_FOUND', 'This job is not known any more.');
      const payload = jobDefinitions[job.name].payload.parse(job.data);
      const { priority = 0 } = job.opts;
      await forget(queue, id);
      await queueOf(queue).add(job.name, payload, { ...jobOptions, jobId: id, priority });
      await refresh(queue, id);
    },
    viewOf: (id) => find(id).view,
    async resultOf(id) {
      return (await queueOf(find(id).queue).getJob(id))?.returnvalue;
    },
    list: () => [...entries.values()].map(({ view }) => view),
    async waitFor(id, signal) {
      const { view } = find(id);
      if (isEnded(view.status)) return view;
      return await new Promise<JobView>((resolve, reject) => {
        const set = waiters.get(id) ?? new Set();
        waiters.set(id, set.add(resolve));
        signal.addEventListener('abort', () => reject(new CancelledError()), { once: true });
      });
    },
    async close() {
      clearInterval(reconcile);
      await Promise.all(listeners.map(({ events }) => events.close().catch(() => undefined)));
      await Promise.all([...queues.values()].map((queue) => queue.close().catch(() => undefined)));
      for (const each of [connection, ...eventConnections]) each.disconnect();
    },
  };
}

function isShown(name: string): name is ShownJobKind {
  return (shownKinds as readonly string[]).includes(name);
}

function baseView(job: Job, kind: ShownJobKind, status: JobStatus): JobView {
  const { clip } = job.data as { clip: { sha256: string } };
  return { id: job.id ?? '', kind, clipSha256: clip.sha256, status, createdAt: new Date(job.timestamp).toISOString() };
}

function createEntry(job: Job, kind: ShownJobKind, queue: QueueName, status: JobStatus): Entry {
  return { view: baseView(job, kind, status), queue, meter: createProgressMeter(kind), plannedFrames: 0 };
}

function resultView(job: Job): Pick<JobView, 'analysisId' | 'exported'> {
  if (job.name === 'analyse-clip') {
    return { analysisId: jobDefinitions['analyse-clip'].result.parse(job.returnvalue).analysisId };
  }
  if (job.name === 'export-analysis') {
    const { kind } = jobDefinitions['export-analysis'].payload.parse(job.data);
    return { exported: { kind, ...jobDefinitions['export-analysis'].result.parse(job.returnvalue) } };
  }
  return {};
}
