/**
 * The jobs of an engine as they are shown: read when an event says so, and every now and then, because events get lost.
 */
import { AppError, type Failure } from '../../../worker/protocol/errors.ts';
import { jobDefinitions, jobProgressSchema, parseChunkJobId } from '../../../worker/protocol/jobs.ts';
import { type QueueName, queueNames } from '../../../worker/protocol/queues.ts';
import { canTransition, isEnded, type JobStatus } from '../../../worker/protocol/status.ts';
import { chunksOfJob, plannedChunksOf, resumedChunksOf } from '../../../worker/queue/chunks-of-job.ts';
import type { JobAddress, JobEngine, StoredJob } from '../../../worker/queue/job-engine.ts';
import { type Wish, wishOf } from '../../../worker/queue/job-wishes.ts';
import type { JobView } from '../../contract/job-view.ts';
import { createJobEndings } from './job-endings.ts';
import { createProgressMeter, type ProgressMeter } from './job-progress.ts';
import { isShown, statusOf, viewJob } from './job-view.ts';
import { createTurns, type Turns } from './turns.ts';

export interface ShownJobsOptions {
  readonly engine: JobEngine;
  readonly onChange: (view: JobView) => void;
  /** A job is not known any more. */
  readonly onRemove?: (id: string) => void;
  /**
   * An unfinished job that the engine lost is queued again, when absent. Who only looks on must not do that: a job
   * that others took elsewhere would be there twice.
   */
  readonly isOnlooker?: boolean;
  /**
   * Who this is, in an engine that others use too: a job that several want is stopped when none of them is left. When
   * absent, whatever is done about a job is done for everybody.
   */
  readonly member?: string;
  /** Of such an engine: whether a job is any business of this board. Every one is, when absent. */
  readonly concerns?: (job: StoredJob) => boolean;
  /** Of an engine elsewhere: a job is shown as done when what it made is here. */
  readonly homecoming?: Homecoming;
}

/** How what a job made gets to this computer. */
export interface Homecoming {
  /** Asked again and again while it is `coming`. */
  look(job: StoredJob): Promise<'here' | 'coming' | Failure>;
}

export interface ShownJob {
  view: JobView;
  readonly queue: QueueName;
  readonly meter: ProgressMeter;
  plannedFrames: number;
  /** When the job may begin, as long as it waits for that. */
  notBefore: number | undefined;
  /** What this member wants of it. */
  wish: Wish | undefined;
  /** Queues the job as it was submitted, or as this member's own. */
  readonly add: (as: { notBefore?: number | undefined; owner?: string | undefined }) => Promise<unknown>;
}

export interface FoundJob {
  readonly job: StoredJob;
  /** For everybody. */
  readonly status: JobStatus;
  readonly wish: Wish | undefined;
  /** Others want it still: for this member it was cancelled. */
  readonly hasLeft: boolean;
}

export interface ShownJobs {
  /** Everything that is done about one job is done one after the other. */
  readonly turns: Turns;
  readJob(address: JobAddress): Promise<FoundJob | undefined>;
  /** Reads the job and shows what has become of it. */
  refresh(address: JobAddress): Promise<void>;
  /** Throws AppError NOT_FOUND. */
  find(id: string): ShownJob;
  list(): JobView[];
  /** As it is shown; undefined where it is not. */
  statusOf(id: string): JobStatus | undefined;
  /** Shown again as soon as it is read again; whoever waits for it goes on waiting. */
  drop(id: string): void;
  /** It will not come back: whoever waits for it is told. */
  remove(id: string): void;
  /** See JobBoard. */
  waitFor(id: string, signal: AbortSignal): Promise<JobView>;
  /** While it runs, a job that is missing was taken out, not lost. */
  whileTaking<T>(take: () => Promise<T>): Promise<T>;
  close(): void;
}

const reconcileMilliseconds = 1000;
const mostListedJobs = 1000;

/** `onFailed` is called once for a job that failed for good, before anything else is done about it. */
export async function showJobs(
  { engine, onChange, onRemove, isOnlooker = false, member, concerns = () => true, homecoming }: ShownJobsOptions,
  onFailed: (job: StoredJob) => Promise<void>,
): Promise<ShownJobs> {
  const entries = new Map<string, ShownJob>();
  const endings = createJobEndings();
  const turns = createTurns();
  let isTaking = false;

  const publish = (entry: ShownJob, view: JobView): void => {
    const { status } = entry.view;
    // A look that was overtaken by a later one.
    if (view.status !== status && !canTransition(status, view.status)) return;
    if (JSON.stringify(view) === JSON.stringify(entry.view)) return;
    entry.view = view;
    onChange(view);
    endings.tell(view.id, view);
  };

  const readJob = async (address: JobAddress): Promise<FoundJob | undefined> => {
    const job = await engine.get(address);
    if (job === undefined) return undefined;
    const [isCancelled, isPaused] = await Promise.all([engine.isCancelled(job.id), engine.isJobPaused(job.id)]);
    const wish = member === undefined ? undefined : wishOf(job, member);
    const hasLeft = wish === 'withdrawn' && !isCancelled;
    return { job, status: statusOf(job, { isCancelled, isPaused }), wish, hasLeft };
  };

  /** What is done elsewhere goes on here until it has arrived. */
  const whereItIs = async (found: FoundJob): Promise<Pick<FoundJob, 'job' | 'status'>> => {
    if (found.hasLeft) return { ...found, status: 'cancelled' };
    if (found.status !== 'done' || homecoming === undefined) return found;
    const arrival = await homecoming.look(found.job);
    if (arrival === 'here') return found;
    if (arrival === 'coming') return { ...found, status: 'running' };
    return { job: { ...found.job, failure: arrival }, status: 'failed' };
  };

  const createEntry = async (job: StoredJob, view: JobView): Promise<ShownJob> => {
    const { kind: name, id } = view;
    const { queue, priority } = job;
    const payload = jobDefinitions[name].payload.safeParse(job.data).data;
    const entry: ShownJob = {
      view,
      queue,
      meter: createProgressMeter(name),
      plannedFrames: plannedFramesOf(job),
      notBefore: undefined,
      wish: undefined,
      async add({ notBefore, owner = payload?.owner }) {
        if (payload) await engine.add({ queue, name, id, data: { ...payload, owner }, priority, notBefore });
      },
    };
    entries.set(id, entry);
    onChange(view);
    if (isEnded(view.status)) return entry;
    // A job that an earlier run of the app started is already some way on.
    onProgress(job, job.progress);
    for (const { chunkIndex, result } of resumedChunksOf(job.data)?.chunks ?? [])
      if (result) entry.meter.reportChunk(chunkIndex, result.frames, plannedFramesOf(job), Date.now());
    for (const chunk of chunksOfJob(job)) onProgress(chunk, (await engine.get(chunk))?.progress);
    entry.meter.restart();
    return entry;
  };

  const refresh = async (address: JobAddress): Promise<void> => {
    const found = await readJob(address);
    const known = entries.get(address.id);
    if (found === undefined) {
      if (known === undefined || isEnded(known.view.status) || isTaking) return;
      // Redis may lose the last second before a power cut; what was accepted is queued again.
      if (!isOnlooker) {
        await known.add(known);
        if (member !== undefined && known.wish === 'wanted') await engine.want(address, member);
      } else if (entries.delete(address.id)) onRemove?.(address.id);
      return;
    }
    const { wish } = found;
    if (!isShown(found.job.name) || wish === 'forgotten' || !(known || concerns(found.job))) return;
    // Others have it done anew: here it stays as this member has left it.
    if (known?.wish === 'withdrawn' && wish === undefined) return;
    const { job, status } = await whereItIs(found);
    const { name } = job;
    if (!isShown(name)) return;
    // Ended, and made anew since: it may run already.
    const isAnew = known && isEnded(known.view.status) && Date.parse(known.view.createdAt) < job.createdAt;
    const same = isAnew ? undefined : known;
    const entry = same ?? (await createEntry(job, viewJob(job, name, status, createProgressMeter(name))));
    entry.wish = wish;
    entry.plannedFrames = plannedFramesOf(job) || entry.plannedFrames;
    entry.notBefore = isWaiting(job) ? job.notBefore : undefined;
    const wasEnded = isEnded(entry.view.status);
    publish(entry, viewJob(job, name, status, entry.meter));
    if (!wasEnded && status === 'failed') await onFailed(job);
  };

  const onProgress = ({ queue, id }: JobAddress, data: unknown): void => {
    const progress = jobProgressSchema.safeParse(data).data;
    const chunk = queue === 'pose' ? parseChunkJobId(id) : undefined;
    const entry = entries.get(chunk?.analyseJobId ?? id);
    if (progress === undefined || entry === undefined || isEnded(entry.view.status)) return;
    if (chunk) entry.meter.reportChunk(chunk.chunkIndex, progress.framesDone, entry.plannedFrames, progress.at);
    else entry.meter.report(progress);
    const current = entry.meter.current();
    if (current) publish(entry, { ...entry.view, progress: current });
  };

  /** Who looks on for weeks remembers no more than who has just come. What the engine keeps is left alone. */
  const forgetOldest = (): void => {
    const endOf = ({ endedAt, createdAt }: JobView): string => endedAt ?? createdAt;
    const ended = [...entries.values()].map(({ view }) => view).filter(({ status }) => isEnded(status));
    ended.sort((a, b) => endOf(a).localeCompare(endOf(b)));
    for (const { id } of ended.slice(0, Math.max(0, ended.length - mostListedJobs))) {
      entries.delete(id);
      onRemove?.(id);
    }
  };

  const look = (address: JobAddress): void => {
    // Where the queue is away the next look finds out.
    turns.take(address.id, () => refresh(address)).catch(() => undefined);
  };

  engine.listen({
    onState: (address) => {
      if (address.queue !== 'pose') look(address);
    },
    onProgress,
  });
  for (const name of queueNames) {
    if (name === 'pose') continue;
    for (const job of await engine.list(name, { limit: mostListedJobs })) if (concerns(job)) await refresh(job);
  }
  const reconcile = setInterval(() => {
    if (isOnlooker && entries.size > mostListedJobs) forgetOldest();
    for (const { view, queue } of entries.values()) if (!isEnded(view.status)) look({ queue, id: view.id });
  }, reconcileMilliseconds);

  const find = (id: string): ShownJob => {
    const entry = entries.get(id);
    if (entry === undefined) throw new AppError('NOT_FOUND', 'This job is not known any more.');
    return entry;
  };

  return {
    turns,
    readJob,
    refresh,
    find,
    list: () => [...entries.values()].map(({ view }) => view),
    statusOf: (id) => entries.get(id)?.view.status,
    drop: (id) => void entries.delete(id),
    remove(id) {
      entries.delete(id);
      onRemove?.(id);
      endings.tell(id);
    },
    waitFor: async (id, signal) => await endings.waitFor(find(id).view, signal),
    async whileTaking(take) {
      isTaking = true;
      try {
        return await take();
      } finally {
        isTaking = false;
      }
    },
    close: () => clearInterval(reconcile),
  };
}

/** For its time, or for the machine; one that was begun before waits to be tried again. */
export function isWaiting({ state, startedAt }: StoredJob): boolean {
  return state === 'delayed' && startedAt === undefined;
}

/** 0 while nothing is planned. */
function plannedFramesOf({ data }: StoredJob): number {
  return (plannedChunksOf(data) ?? resumedChunksOf(data)?.planned)?.frames ?? 0;
}
