/** A worker with the largest model and a 4K clip stays well below this; more is a leak, or a clip that is too much. */
const leastRestartBytes = 1.5e9;

export interface WorkerMemory {
  /** Grown beyond this, a worker is started again between two jobs. */
  readonly restartAboveBytes: number;
  /** Grown beyond this, it is ended at once. */
  readonly endAboveBytes: number;
}

/** What each worker may use: three quarters of the machine's memory are shared by all, and never less than it needs. */
export function workerMemory(machine: { readonly memoryBytes: number; readonly workers: number }): WorkerMemory {
  const share = (machine.memoryBytes * 0.75) / Math.max(1, machine.workers);
  const endAboveBytes = Math.max(2 * leastRestartBytes, share);
  return { restartAboveBytes: Math.max(leastRestartBytes, endAboveBytes / 2), endAboveBytes };
}
