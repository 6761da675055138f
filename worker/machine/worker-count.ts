const mostWorkers = 8;
/** What a worker with a model and an ffmpeg may grow to. Measured: about 0.6 GB with `heavy` and a 1080p clip. */
const bytesPerWorker = 1e9;

/** How many workers this machine carries: one core and half the memory are left to the window and to ffmpeg. */
export function workerCount(machine: { readonly logicalCores: number; readonly memoryBytes: number }): number {
  const byMemory = Math.floor(machine.memoryBytes / 2 / bytesPerWorker);
  return Math.max(1, Math.min(mostWorkers, machine.logicalCores - 1, byMemory));
}
