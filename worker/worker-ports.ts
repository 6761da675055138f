import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelId } from '../models/registry.ts';
import { createPoseEngine } from './inference/pose-engine.ts';
import { runtimeVersion } from './inference/runtime-version.ts';
import { createMedia } from './media/media.ts';
import type { Ports, PoseEngine } from './pipeline/ports.ts';
import { createFileStores } from './storage/file-stores.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** The real ports of a worker process: this machine's ffmpeg, model and disk. */
export async function createWorkerPorts(settings: WorkerSettings): Promise<Ports> {
  await mkdir(settings.temporaryDirectory, { recursive: true });
  const engines = new Map<ModelId, Promise<PoseEngine>>();
  return {
    media: createMedia(),
    ...createFileStores({ dataDirectory: settings.dataDirectory }),
    poseEngine(modelId) {
      let engine = engines.get(modelId);
      if (engine === undefined) {
        const { device, weightsDirectory } = settings;
        engine = createPoseEngine({ modelId, device, weightsDirectory }).then(oneCallAtATime);
        // A failed load is tried again by the next job.
        engine.catch(() => engines.delete(modelId));
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

/** An engine is not re-entrant, and a scout and a chunk may be at work in one process. */
function oneCallAtATime(engine: PoseEngine): PoseEngine {
  let last: Promise<unknown> = Promise.resolve();
  function afterOthers<T>(call: () => Promise<T>): Promise<T> {
    const result = last.then(call, call);
    last = result.catch(() => undefined);
    return result;
  }
  return {
    model: engine.model,
    device: engine.device,
    get inferenceSeconds() {
      return engine.inferenceSeconds;
    },
    detect: (image, area) => afterOthers(() => engine.detect(image, area)),
    estimate: (image, region) => afterOthers(() => engine.estimate(image, region)),
    close: () => afterOthers(() => engine.close()),
  };
}
