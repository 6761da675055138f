import type { JobView } from '../../../src-main/contract/calls.ts';

export const jobFilters = ['all', 'running', 'waiting', 'failed', 'ended'] as const;
export type JobFilter = (typeof jobFilters)[number];

/** Failed jobs are kept apart from what ended as it was meant to. */
export function passesFilter({ status }: JobView, filter: JobFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return status === 'running' || status === 'cancelling';
    case 'waiting':
      return status === 'queued' || status === 'paused';
    case 'failed':
      return status === 'failed';
    case 'ended':
      return status === 'done' || status === 'cancelled';
  }
}

const rank: Readonly<Record<JobView['status'], number>> = {
  running: 0,
  cancelling: 0,
  paused: 1,
  queued: 2,
  failed: 3,
  done: 3,
  cancelled: 3,
};

/** What runs, then what waits in the order it came, then what ended, the latest first. */
export function sortJobs(jobs: Iterable<JobView>): JobView[] {
  return [...jobs].sort((a, b) => {
    const difference = rank[a.status] - rank[b.status];
    if (difference !== 0) return difference;
    const [first, second] = rank[a.status] === 3 ? [endOf(b), endOf(a)] : [a.createdAt, b.createdAt];
    return first < second ? -1 : first > second ? 1 : a.id < b.id ? -1 : 1;
  });
}

function endOf({ endedAt, createdAt }: JobView): string {
  return endedAt ?? createdAt;
}
