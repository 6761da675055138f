import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import { failureOf, type ShownFailure } from './failure-of.ts';

export interface Notice {
  readonly id: number;
  /** What it is about, for example a file's name. */
  readonly subject?: string;
  readonly failure: ShownFailure;
}

export interface NoticesState {
  readonly notices: readonly Notice[];
  /** Shows anything thrown, or a failure as data. */
  report(error: unknown, subject?: string): void;
  dismiss(id: number): void;
}

/** Things to know that belong to no single job. The same sentence is not shown twice. */
export function createNoticesStore(bridge: AppBridge) {
  let lastId = 0;
  const store = createStore<NoticesState>()((set) => ({
    notices: [],
    report: (error, subject) => {
      const failure = failureOf(error);
      if (failure.code === 'CANCELLED') return;
      lastId += 1;
      const notice: Notice = { id: lastId, failure, ...(subject === undefined ? {} : { subject }) };
      set(({ notices }) => {
        const shown = notices.some((known) => known.subject === subject && known.failure.message === failure.message);
        return shown ? {} : { notices: [...notices, notice] };
      });
    },
    dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  }));
  bridge.on('app.problem', ({ failure }) => store.getState().report(failure));
  return store;
}

/** How the other stores hand on what went wrong. */
export type Report = NoticesState['report'];
