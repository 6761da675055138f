const mostWorkers = 8;
/** What a worker with a model and an ffmpeg may grow to. Measured: about 0.6 GB with `heavy` and a 1080p clip. */
const bytesPerWorker = 1e9;

/** Two threads of its model and half a core for its film: what a worker keeps busy. */
const coresPerWorker = 2.5;

/** How many workers this machine carries. Half the memory is left to the window and to others. */
export function workerCount(machine: { readonly logicalCores: number; readonly memoryBytes: number }): number {
  const byMemory = Math.floor(machine.memoryBytes / 2 / bytesPerWorker);
  return Math.max(1, Math.min(mostWorkers, Math.round(machine.logicalCores / coresPerWorker), byMemory));
}
