/**
 * All unfinished jobs of an engine as one file, out of it and into another: the way to change engines with jobs in
 * flight, and back. Finished chunks travel with their analysis and are not computed again.
 */
import { z } from 'zod';
import { AppError } from '../protocol/errors.ts';
import { type JobName, jobDefinitions } from '../protocol/jobs.ts';
import { queueNames, queueOfJob } from '../protocol/queues.ts';
import { protocolVersion } from '../protocol/version.ts';
import {
  chunksOfJob,
  plannedChunksOf,
  type ResumedChunks,
  resumedChunksOf,
  resumedChunksSchema,
} from './chunks-of-job.ts';
import { type JobEngine, type JobState, type StoredJob, unfinishedStates } from './job-engine.ts';

/** Chunks are part of their analysis. */
type WholeJobName = Exclude<JobName, 'pose-chunk'>;

const common = {
  id: z.string().min(1),
  priority: z.number().int().nonnegative(),
  /** Attempts that failed. */
  attemptsMade: z.number().int().nonnegative(),
  /** Milliseconds since 1970, as `notBefore`. */
  createdAt: z.number(),
  notBefore: z.number().optional(),
  paused: z.boolean(),
  /** What happened to it so far, oldest first. */
  log: z.array(z.string()),
};
const jobOf = <N extends WholeJobName>(name: N) =>
  // What else a job keeps of itself travels with what it was given.
  z.object({ ...common, name: z.literal(name), payload: jobDefinitions[name].payload.loose() });
const exportedJobSchema = z.discriminatedUnion('name', [
  jobOf('analyse-clip').extend({ resume: resumedChunksSchema.optional() }),
  jobOf('prepare-playback'),
  jobOf('export-analysis'),
]);
export type ExportedJob = z.infer<typeof exportedJobSchema>;

/** The file. Clips and chunks lie in the asset store: it is meant for an engine over the same data folder. */
export const exportedJobsSchema = z.object({
  format: z.literal('shadow-trainer/jobs'),
  formatVersion: z.literal(1),
  protocolVersion: z.literal(protocolVersion),
  exportedAt: z.string(),
  jobs: z.array(exportedJobSchema),
});
export type ExportedJobs = z.infer<typeof exportedJobsSchema>;

/** Throws AppError INVALID_INPUT. */
export function parseExportedJobs(text: string): ExportedJobs {
  try {
    return exportedJobsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'This is no file of jobs that this version of Shadow Trainer can read.', {
      cause,
    });
  }
}

export interface ExportReport {
  /** In the file, and no longer in the engine. */
  readonly taken: readonly string[];
  /** Still in the engine and not in the file: a worker did not let go of them, or they cannot be understood. */
  readonly left: readonly string[];
}

const mostJobs = 100_000;
/** Longer than a dead worker's hold on a job. */
const longestReleaseMilliseconds = 30_000;
const releasePollMilliseconds = 50;

/**
 * Takes every unfinished job out of a running engine; those that were cancelled, and runs of schedules, stay there.
 * `write` has to keep what it is given before it resolves: jobs leave the engine only after that, so that none is ever in neither
 * place. Should this process die in between, jobs are in both; they have the same ids and the same results.
 */
export async function exportJobs(
  engine: JobEngine,
  write: (jobs: ExportedJobs) => Promise<void>,
  { releaseMilliseconds = longestReleaseMilliseconds } = {},
): Promise<ExportReport> {
  const hold = await engine.hold();
  try {
    await letGo(engine, releaseMilliseconds);
    const found: { job: StoredJob; exported: ExportedJob | undefined }[] = [];
    for (const queue of queueNames) {
      if (queue === queueOfJob['pose-chunk']) continue;
      for (const job of await engine.list(queue, { states: unfinishedStates, limit: mostJobs }))
        if (!isScheduledRun(job) && !(await engine.isCancelled(job.id)))
          found.push({ job, exported: await describeJob(engine, job) });
    }
    const exported = found.flatMap((each) => each.exported ?? []);
    await write(documentOf(exported));
    const taken = new Set<string>();
    for (const { job, exported: known } of found) {
      if (known === undefined || !(await engine.remove(job))) continue;
      taken.add(job.id);
      if (known.paused) await engine.resumeJobs([job]);
    }
    if (taken.size < exported.length) await write(documentOf(exported.filter(({ id }) => taken.has(id))));
    return { taken: [...taken], left: found.flatMap(({ job }) => (taken.has(job.id) ? [] : [job.id])) };
  } finally {
    await hold.release();
  }
}

/**
 * Takes what nobody has begun, and `isWanted`, out of a running engine, in which everything else goes on. `write` is
 * called as by `exportJobs`; a job that a worker takes in the last moment stays, and is in no later file.
 */
export async function exportQueuedJobs(
  engine: JobEngine,
  isWanted: (job: StoredJob) => boolean,
  write: (jobs: ExportedJobs) => Promise<void>,
): Promise<ExportReport> {
  const queued = (await describeJobs(engine, queuedStates)).filter(
    ({ job }) => plannedChunksOf(job.data) === undefined && isWanted(job),
  );
  if (queued.length === 0) return { taken: [], left: [] };
  await write(documentOf(queued.map(({ exported }) => exported)));
  const taken: ExportedJob[] = [];
  for (const { job, exported } of queued) {
    const now = await engine.get(job);
    if (now === undefined || !queuedStates.includes(now.state) || !(await engine.remove(job))) continue;
    taken.push(exported);
    if (exported.paused) await engine.resumeJobs([job]);
  }
  if (taken.length < queued.length) await write(documentOf(taken));
  const ids = new Set(taken.map(({ id }) => id));
  return { taken: [...ids], left: queued.flatMap(({ job }) => (ids.has(job.id) ? [] : [job.id])) };
}

/** Every unfinished job as it is now; they stay where they are. */
export async function snapshotJobs(engine: JobEngine): Promise<ExportedJobs> {
  return documentOf((await describeJobs(engine, unfinishedStates)).map(({ exported }) => exported));
}

const queuedStates: readonly JobState[] = ['waiting', 'delayed'];

async function describeJobs(
  engine: JobEngine,
  states: readonly JobState[],
): Promise<{ job: StoredJob; exported: ExportedJob }[]> {
  const found: { job: StoredJob; exported: ExportedJob }[] = [];
  for (const queue of queueNames) {
    if (queue === queueOfJob['pose-chunk']) continue;
    for (const job of await engine.list(queue, { states, limit: mostJobs })) {
      if (isScheduledRun(job) || (await engine.isCancelled(job.id))) continue;
      const exported = await describeJob(engine, job);
      if (exported) found.push({ job, exported });
    }
  }
  return found;
}

/** Puts the jobs into an engine. One whose id is there already stays as it is there. */
export async function importJobs(engine: JobEngine, { jobs }: ExportedJobs): Promise<void> {
  for (const job of jobs) await importJob(engine, job);
}

export async function importJob(engine: JobEngine, job: ExportedJob): Promise<void> {
  const { name, id, payload, priority, attemptsMade, createdAt, notBefore } = job;
  const resume = job.name === 'analyse-clip' ? job.resume : undefined;
  const data = { ...payload, ...(resume && { resume }) };
  const queue = queueOfJob[name];
  if ((await engine.get({ queue, id })) !== undefined) return;
  // Before it is there: nobody begins a job that is paused.
  if (job.paused) await engine.pauseJobs([id]);
  await engine.add({ queue, id, name, data, priority, attemptsMade, createdAt, notBefore });
  for (const line of job.log) await engine.log({ queue, id }, line);
}

/** Until nobody works on anything, or for a while: a worker that died lets go when its lock expires. */
async function letGo(engine: JobEngine, releaseMilliseconds: number): Promise<void> {
  const deadline = Date.now() + releaseMilliseconds;
  for (;;) {
    const active = await Promise.all(
      queueNames.map((queue) => engine.list(queue, { states: ['active'], limit: mostJobs })),
    );
    const ids = active.flat().map(({ id }) => id);
    if (ids.length === 0 || Date.now() > deadline) return;
    // Every time: one may have been taken just before the hold.
    await engine.handBack(ids);
    await new Promise((resolve) => setTimeout(resolve, releasePollMilliseconds));
  }
}

/** Recurring jobs stay with their schedule, and every app makes its own schedules. */
function isScheduledRun({ id }: StoredJob): boolean {
  return id.startsWith('repeat:');
}

/** Undefined for a job that this version cannot understand: it has to be ended where it is. */
async function describeJob(engine: JobEngine, job: StoredJob): Promise<ExportedJob | undefined> {
  const { id, name, priority, attemptsMade, createdAt, notBefore } = job;
  const { planned: _planned, resume: _resume, ...payload } = job.data;
  return exportedJobSchema.safeParse({
    ...{ id, name, priority, attemptsMade, createdAt, notBefore, payload },
    resume: await resumedOf(engine, job),
    paused: await engine.isJobPaused(id),
    log: await engine.readLog(job),
  }).data;
}

/** What has been done of an analysis, here and in engines before this one. */
async function resumedOf(engine: JobEngine, job: StoredJob): Promise<ResumedChunks | undefined> {
  const planned = plannedChunksOf(job.data);
  const before = resumedChunksOf(job.data);
  if (planned === undefined) return before;
  const results = await engine.childrenResults(job);
  const chunks = await Promise.all(
    chunksOfJob(job).map(async (chunk, chunkIndex) => {
      const earlier = before?.chunks.find((each) => each.chunkIndex === chunkIndex);
      const result = jobDefinitions['pose-chunk'].result.safeParse(results.get(chunk.id)).data ?? earlier?.result;
      const attemptsMade = (await engine.get(chunk))?.attemptsMade ?? earlier?.attemptsMade ?? 0;
      return { chunkIndex, attemptsMade, ...(result && { result }) };
    }),
  );
  return { planned, chunks };
}

export function documentOf(jobs: ExportedJob[]): ExportedJobs {
  return {
    format: 'shadow-trainer/jobs',
    formatVersion: 1,
    protocolVersion,
    exportedAt: new Date().toISOString(),
    jobs,
  };
}
