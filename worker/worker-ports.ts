import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelId } from '../models/registry.ts';
import { runtimeVersion } from './inference/runtime-version.ts';
import { createThreadedPoseEngine } from './inference/threaded-pose-engine.ts';
import { createMedia } from './media/media.ts';
import type { Ports, PoseEngine } from './pipeline/ports.ts';
import type { InProcessWorkerSettings } from './queue/in-process-worker.ts';
import { createFileStores } from './storage/file-stores.ts';
import type { TeamStores } from './team-stores.ts';

/** The real ports of a worker process: this machine's ffmpeg, model and disk, or a team's files. */
export async function createWorkerPorts(settings: InProcessWorkerSettings, stores?: TeamStores): Promise<Ports> {
  await mkdir(settings.temporaryDirectory, { recursive: true });
  const engines = new Map<ModelId, Promise<PoseEngine>>();
  return {
    media: createMedia(),
    ...(stores ?? createFileStores({ dataDirectory: settings.dataDirectory })),
    poseEngine(modelId) {
      let engine = engines.get(modelId);
      if (engine === undefined) {
        const { device, weightsDirectory, inferenceThreads } = settings;
        // A failed load, and a model that stopped working, are tried again by the next job.
        const forget = (): void => void engines.delete(modelId);
        engine = createThreadedPoseEngine({ modelId, device, weightsDirectory, inferenceThreads, onEnd: forget });
        engine.catch(forget);
        engines.set(modelId, engine);
      }
      return engine;
    },
    workerId: settings.workerId,
    versions: { app: settings.appVersion, onnxruntime: runtimeVersion },
    temporaryDirectory: await mkdtemp(join(settings.temporaryDirectory, 'worker-')),
    log: (message, details) => console.error(JSON.stringify({ worker: settings.workerId, message, ...details })),
  };
}
