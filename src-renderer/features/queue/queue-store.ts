import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { JobDetails, QueueStatistics } from '../../../src-main/contract/queue-views.ts';
import type { Report } from '../notices/notices-store.ts';
import type { JobFilter } from './sort-jobs.ts';

export type QueueAccess = 'app' | 'operator' | 'viewer';

export interface QueueState {
  /** `app`: in an app of its own. Of a team server's monitor: `operator` acts, `viewer` only looks. */
  readonly access: QueueAccess;
  readonly isOpen: boolean;
  readonly isHistoryOpen: boolean;
  readonly filter: JobFilter;
  readonly statistics: QueueStatistics | undefined;
  /** The job whose details are shown. */
  readonly selected: string | undefined;
  /** Of the selected job; undefined until the core has answered. */
  readonly details: JobDetails | undefined;
  show(isOpen: boolean): void;
  showHistory(isHistoryOpen: boolean): void;
  setFilter(filter: JobFilter): void;
  select(jobId: string | undefined): void;
  setPaused(isPaused: boolean): Promise<void>;
  tellWorker(what: 'pause' | 'resume' | 'restart' | 'drain', workerId: string): Promise<void>;
}

const statisticsMilliseconds = 2000;
/** Details are read again at most this often while their job goes on. */
const detailsMilliseconds = 400;

export function createQueueStore(bridge: AppBridge, report: Report, access: QueueAccess = 'app') {
  let statisticsTimer: ReturnType<typeof setInterval> | undefined;
  let detailsTimer: ReturnType<typeof setTimeout> | undefined;

  const store = createStore<QueueState>()((set, get) => ({
    access,
    isOpen: false,
    isHistoryOpen: false,
    filter: 'all',
    statistics: undefined,
    selected: undefined,
    details: undefined,
    show(isOpen) {
      if (get().isOpen === isOpen) return;
      clearInterval(statisticsTimer);
      if (isOpen) {
        void readStatistics();
        statisticsTimer = setInterval(readStatistics, statisticsMilliseconds);
      }
      set({ isOpen });
    },
    showHistory: (isHistoryOpen) => set({ isHistoryOpen }),
    setFilter: (filter) => set({ filter }),
    select(selected) {
      if (get().selected === selected) return;
      set({ selected, details: undefined });
      if (selected !== undefined) void readDetails();
    },
    async setPaused(isPaused) {
      try {
        await bridge.call(isPaused ? 'queue.pause' : 'queue.resume', {});
      } catch (error) {
        report(error);
      }
      await readStatistics();
    },
    async tellWorker(what, workerId) {
      await bridge.call(`workers.${what}`, { workerId }).catch(report);
    },
  }));

  // The next one may be answered: a queue that is away is told of elsewhere.
  const readStatistics = async (): Promise<void> => {
    const answer = await bridge.call('queue.statistics', {}).catch(() => undefined);
    if (answer) store.setState({ statistics: answer.statistics });
  };
  const readDetails = async (): Promise<void> => {
    const { selected } = store.getState();
    if (selected === undefined) return;
    const answer = await bridge.call('jobs.details', { jobId: selected }).catch(() => undefined);
    if (store.getState().selected === selected && answer) store.setState({ details: answer.details });
  };
  bridge.on('job.changed', ({ job }) => {
    if (job.id !== store.getState().selected || detailsTimer !== undefined) return;
    detailsTimer = setTimeout(() => {
      detailsTimer = undefined;
      void readDetails();
    }, detailsMilliseconds);
  });
  bridge.on('job.removed', ({ jobId }) => {
    if (jobId === store.getState().selected) store.getState().select(undefined);
  });
  return store;
}
