/** Every store of the window, made once over one bridge. Stores do not know each other; components bring them together. */
import { createContext, useContext } from 'react';
import type { AppBridge } from '../../src-main/contract/bridge.ts';
import { createAnalysisStore } from '../features/analysis/analysis-store.ts';
import { createAthleteStore } from '../features/analysis/athlete-store.ts';
import { createExportStore } from '../features/analysis/export-store.ts';
import { createPlaybackStore } from '../features/analysis/playback-store.ts';
import { createLibraryStore } from '../features/library/library-store.ts';
import { createMeasureStore } from '../features/measure/measure-store.ts';
import { createNoticesStore } from '../features/notices/notices-store.ts';
import { createJobsStore } from '../features/queue/jobs-store.ts';
import { createQueueStore, type QueueAccess } from '../features/queue/queue-store.ts';
import { createSettingsStore } from '../features/settings/settings-store.ts';
import { createSpaceStore } from '../features/space/space-store.ts';
import { createTeamStore } from '../features/team/team-store.ts';

export function createAppStores(bridge: AppBridge, access: QueueAccess = 'app') {
  const notices = createNoticesStore(bridge);
  const { report } = notices.getState();
  return {
    bridge,
    notices,
    library: createLibraryStore(bridge, report),
    jobs: createJobsStore(bridge, report),
    queue: createQueueStore(bridge, report, access),
    settings: createSettingsStore(bridge, report),
    team: createTeamStore(bridge, report),
    analysis: createAnalysisStore(bridge),
    playback: createPlaybackStore(),
    space: createSpaceStore(),
    measure: createMeasureStore(bridge, report),
    exports: createExportStore(bridge, report),
    athlete: createAthleteStore(bridge, report),
  };
}
export type AppStores = ReturnType<typeof createAppStores>;

export const AppStoresContext = createContext<AppStores | undefined>(undefined);

/** Throws outside the provider. */
export function useAppStores(): AppStores {
  const stores = useContext(AppStoresContext);
  if (stores === undefined) throw new Error('Stores are used outside of their provider.');
  return stores;
}
