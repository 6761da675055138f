import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { JobView } from '../../../src-main/contract/calls.ts';
import { isEnded } from '../../../worker/protocol/status.ts';
import type { Report } from '../notices/notices-store.ts';

export interface JobsState {
  readonly jobs: ReadonlyMap<string, JobView>;
  load(): Promise<void>;
  cancel(jobs: readonly JobView[]): Promise<void>;
  retry(jobs: readonly JobView[]): Promise<void>;
  /** Before all others; one that waits for its time, or for the machine, waits no longer. */
  doNext(job: JobView): Promise<void>;
  pause(job: JobView): Promise<void>;
  resume(job: JobView): Promise<void>;
  discard(job: JobView): Promise<void>;
  /** Every failed one. */
  retryAll(): Promise<void>;
  discardAll(): Promise<void>;
}

/** Jobs of one clip made within this time of each other come from the same import. */
const sameImportMilliseconds = 2000;

export function createJobsStore(bridge: AppBridge, report: Report) {
  /** When the cancelled work of a clip was made, by the clip's sha256. */
  const cancelled = new Map<string, string>();
  const store = createStore<JobsState>()((set) => ({
    jobs: new Map(),
    load: async () => {
      const { jobs } = await bridge.call('jobs.list', {});
      // An event that overtook the list is the newer truth.
      set((state) => ({ jobs: new Map([...jobs.map((job) => [job.id, job] as const), ...state.jobs]) }));
    },
    cancel: (jobs) => {
      for (const job of jobs) cancelled.set(job.clipSha256, job.createdAt);
      return attempt(jobs, (jobId) => bridge.call('jobs.cancel', { jobId }));
    },
    retry: (jobs) => {
      for (const job of jobs) cancelled.delete(job.clipSha256);
      return attempt(jobs, (jobId) => bridge.call('jobs.retry', { jobId }));
    },
    doNext: (job) =>
      attempt([job], async (jobId) => {
        await bridge.call('jobs.prioritize', { jobId, priority: 'next' });
        if (job.when !== undefined) await bridge.call('jobs.runNow', { jobId });
      }),
    pause: (job) => attempt([job], (jobId) => bridge.call('jobs.pause', { jobId })),
    resume: (job) => attempt([job], (jobId) => bridge.call('jobs.resume', { jobId })),
    discard: (job) => attempt([job], (jobId) => bridge.call('jobs.discard', { jobId })),
    retryAll: async () => void (await bridge.call('jobs.retryAll', {}).catch(report)),
    discardAll: async () => void (await bridge.call('jobs.discardAll', {}).catch(report)),
  }));
  const attempt = async (jobs: readonly JobView[], action: (jobId: string) => Promise<unknown>): Promise<void> => {
    await Promise.all(jobs.map(({ id }) => action(id).catch((error: unknown) => report(error))));
  };
  bridge.on('job.changed', ({ job }) => {
    const isNew = !store.getState().jobs.has(job.id);
    store.setState(({ jobs }) => ({ jobs: new Map(jobs).set(job.id, job) }));
    // Cancelled between the two jobs of an import: the second, only now known, was meant as well.
    const madeAt = cancelled.get(job.clipSha256);
    if (!isNew || madeAt === undefined || !isActive(job) || job.kind === 'export-analysis') return;
    const apart = Math.abs(Date.parse(job.createdAt) - Date.parse(madeAt));
    if (apart < sameImportMilliseconds) void store.getState().cancel([job]);
  });
  bridge.on('job.removed', ({ jobId }) =>
    store.setState(({ jobs }) => {
      const left = new Map(jobs);
      left.delete(jobId);
      return { jobs: left };
    }),
  );
  return store;
}

/** The jobs that a coach waits for on a clip: newest of each kind. */
export interface ClipJobs {
  readonly playback: JobView | undefined;
  readonly analysis: JobView | undefined;
}

/** Newest preparation and analysis of every clip, by the clip's sha256. */
export function jobsByClip(jobs: ReadonlyMap<string, JobView>): ReadonlyMap<string, ClipJobs> {
  const byClip = new Map<string, ClipJobs>();
  for (const job of jobs.values()) {
    if (job.kind === 'export-analysis') continue;
    const known = byClip.get(job.clipSha256) ?? { playback: undefined, analysis: undefined };
    const slot = job.kind === 'prepare-playback' ? 'playback' : 'analysis';
    if ((known[slot]?.createdAt ?? '') <= job.createdAt) byClip.set(job.clipSha256, { ...known, [slot]: job });
  }
  return byClip;
}

export function isActive(job: JobView | undefined): job is JobView {
  return job !== undefined && !isEnded(job.status);
}
