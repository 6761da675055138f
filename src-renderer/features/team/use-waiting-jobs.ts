import { useStore } from 'zustand';
import type { JobPlace } from '../../../src-main/contract/team-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';

/** How many jobs of that queue have not been begun: turning the switch can take them along. */
export function useWaitingJobs(place: JobPlace): number {
  const { jobs } = useAppStores();
  return useStore(
    jobs,
    (state) =>
      [...state.jobs.values()].filter(
        ({ status, place: own = 'local' }) => own === place && (status === 'queued' || status === 'paused'),
      ).length,
  );
}
