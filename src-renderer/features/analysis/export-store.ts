import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { JobView } from '../../../src-main/contract/calls.ts';
import type { ExportKind } from '../../../worker/protocol/jobs.ts';
import type { Report } from '../notices/notices-store.ts';

export type { ExportKind };

/** For two clips side by side: a repetition of either, counted from 0; the first, when absent. */
export interface SideBySide {
  readonly repetition?: number | undefined;
  readonly reference: { readonly analysisId: string; readonly repetition?: number | undefined };
}

export interface ExportState {
  /** Exports under way, by job id. */
  readonly running: ReadonlyMap<string, { readonly kind: ExportKind; readonly job: JobView | undefined }>;
  start(analysisId: string, kind: ExportKind, beside?: SideBySide): Promise<void>;
  cancel(jobId: string): Promise<void>;
}

export function createExportStore(bridge: AppBridge, report: Report) {
  /** Ended before the call that started them had returned. */
  const early = new Map<string, JobView>();
  const store = createStore<ExportState>()((set) => ({
    running: new Map(),
    start: async (analysisId, kind, beside) => {
      try {
        const { jobId } = await bridge.call('export.start', { analysisId, kind, ...beside });
        set(({ running }) => ({ running: new Map(running).set(jobId, { kind, job: undefined }) }));
        const known = early.get(jobId) ?? (await bridge.call('jobs.list', {})).jobs.find(({ id }) => id === jobId);
        if (known !== undefined) await follow(known);
      } catch (error) {
        report(error);
      }
    },
    cancel: async (jobId) => {
      try {
        await bridge.call('jobs.cancel', { jobId });
      } catch (error) {
        report(error);
      }
    },
  }));

  const follow = async (job: JobView): Promise<void> => {
    const running = new Map(store.getState().running);
    const followed = running.get(job.id);
    if (followed === undefined) {
      early.set(job.id, job);
      return;
    }
    early.delete(job.id);
    const ended = job.status === 'done' || job.status === 'failed' || job.status === 'cancelled';
    if (ended) running.delete(job.id);
    else running.set(job.id, { ...followed, job });
    store.setState({ running });
    if (job.failure !== undefined && job.status === 'failed') report(job.failure, 'Export');
    if (job.exported === undefined || job.status !== 'done') return;
    try {
      await bridge.saveAsset(job.exported.file, job.exported.suggestedName);
    } catch (error) {
      report(error, job.exported.suggestedName);
    }
  };

  bridge.on('job.changed', ({ job }) => {
    if (job.kind === 'export-analysis') void follow(job);
  });
  return store;
}
