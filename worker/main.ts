/** Entry of one worker process. */
import { rm } from 'node:fs/promises';
import { defaultModelId } from '../models/registry.ts';
import { measureSpeed } from './inference/pose-engine.ts';
import type { Ports } from './pipeline/ports.ts';
import { processors } from './processors.ts';
import type { DeviceReport } from './protocol/devices.ts';
import { runWorker } from './run-worker.ts';
import { openTeamStores } from './team-stores.ts';
import { createWorkerPorts } from './worker-ports.ts';
import { readWorkerSettings } from './worker-settings.ts';

const settings = readWorkerSettings(process.env);
const ports = await createWorkerPorts(settings, openTeamStores(settings));
await runWorker({
  settings,
  ports,
  processors,
  measureDevice: () => measureDevice(ports),
  onEnd: () => rm(ports.temporaryDirectory, { recursive: true, force: true }),
});

/** Undefined when no model can be loaded: the jobs that need one will say why. */
async function measureDevice({ poseEngine, log }: Ports): Promise<DeviceReport | undefined> {
  try {
    const engine = await poseEngine(defaultModelId);
    return { ...engine.device, inferencesPerSecond: await measureSpeed(engine) };
  } catch (error) {
    log('no pose model', { error: String(error) });
    return undefined;
  }
}
