/** Job statuses and the one table of legal transitions. */
export const jobStatuses = ['queued', 'running', 'paused', 'cancelling', 'cancelled', 'failed', 'done'] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const legalTransitions: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ['running', 'paused', 'cancelling', 'cancelled', 'failed', 'done'],
  running: ['queued', 'paused', 'cancelling', 'cancelled', 'failed', 'done'],
  // A chunk that was at work when the job was paused may still fail or end it.
  paused: ['queued', 'running', 'cancelling', 'cancelled', 'failed', 'done'],
  cancelling: ['cancelled', 'failed', 'done'],
  // A retry puts an ended job back in the queue.
  cancelled: ['queued'],
  failed: ['queued'],
  done: [],
};

export function canTransition(from: JobStatus, to: JobStatus): boolean {
  return legalTransitions[from].includes(to);
}

export function isEnded(status: JobStatus): boolean {
  return status === 'cancelled' || status === 'failed' || status === 'done';
}
