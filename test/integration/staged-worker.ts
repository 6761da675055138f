/** A real worker process, with real queue, control channel and step job, and the stages of a test. */
import { createProcessors } from '../../worker/processors.ts';
import { runWorker } from '../../worker/run-worker.ts';
import { openTeamStores } from '../../worker/team-stores.ts';
import { readWorkerSettings } from '../../worker/worker-settings.ts';
import { stagedPorts, stagedStages } from './staged-stages.ts';

const settings = readWorkerSettings(process.env);

await runWorker({
  settings,
  ports: { ...stagedPorts(settings), ...openTeamStores(settings) },
  processors: createProcessors(stagedStages),
  measureDevice: async () => ({ requested: 'cpu', active: 'cpu' }),
  onEnd: async () => undefined,
});
