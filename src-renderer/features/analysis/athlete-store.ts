import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { AnalysisParameters, NormalizedBox } from '../../../worker/protocol/analysis.ts';
import type { Report } from '../notices/notices-store.ts';

export interface AthleteState {
  /** True while the coach points out the athlete on the picture. */
  readonly choosing: boolean;
  /** What was pointed at and is not yet confirmed. */
  readonly draft: { readonly timeSeconds: number; readonly box: NormalizedBox } | undefined;
  begin(): void;
  point(timeSeconds: number, box: NormalizedBox): void;
  cancel(): void;
  /** Starts a new analysis that follows whoever was pointed at. */
  confirm(clipSha256: string, parameters: AnalysisParameters): Promise<void>;
}

export function createAthleteStore(bridge: AppBridge, report: Report) {
  return createStore<AthleteState>()((set, get) => ({
    choosing: false,
    draft: undefined,
    begin: () => set({ choosing: true, draft: undefined }),
    point: (timeSeconds, box) => set({ draft: { timeSeconds, box } }),
    cancel: () => set({ choosing: false, draft: undefined }),
    confirm: async (clipSha256, parameters) => {
      const { draft } = get();
      if (draft === undefined) return;
      set({ choosing: false, draft: undefined });
      try {
        await bridge.call('analysis.start', { clipSha256, parameters: { ...parameters, athlete: draft } });
      } catch (error) {
        report(error);
      }
    },
  }));
}
