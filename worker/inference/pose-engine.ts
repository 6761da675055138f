import { type ModelId, type PoseModel, poseModels } from '../../models/registry.ts';
import type { PoseEngine, PoseRegion, RgbImage } from '../pipeline/ports.ts';
import type { Device, DeviceReport } from '../protocol/devices.ts';
import { AppError } from '../protocol/errors.ts';
import { createBlazePose } from './blazepose.ts';
import { type OpenNetwork, openNetwork, readWeights } from './open-network.ts';
import type { PoseFamilyFactory } from './pose-family.ts';
import { unavailableReason } from './unavailable-reason.ts';

/** A second family is one more line here and one more file beside blazepose.ts. */
const families: Readonly<Record<PoseModel['family'], PoseFamilyFactory>> = { blazepose: createBlazePose };

export interface PoseEngineOptions {
  readonly modelId: ModelId;
  readonly device: Device;
  /** Folder of the .onnx files. */
  readonly weightsDirectory: string;
  /** Threads that share one run on the processor; the numbers that come out do not depend on it. */
  readonly inferenceThreads?: number | undefined;
}

interface Weights {
  readonly detector: Uint8Array;
  readonly landmarks: Uint8Array;
}

interface Networks {
  readonly detector: OpenNetwork;
  readonly landmarks: OpenNetwork;
}

/**
 * Loads a pose model. A device that cannot run it gives way to the processor, and the report says why.
 * Throws AppError MODEL_MISSING, MODEL_CORRUPT, or DEVICE_UNAVAILABLE when not even the processor runs it.
 */
export async function createPoseEngine(options: PoseEngineOptions): Promise<PoseEngine> {
  const model = poseModels[options.modelId];
  const weights = {
    detector: await readWeights(options.weightsDirectory, model.detector),
    landmarks: await readWeights(options.weightsDirectory, model.landmarks),
  };
  const { networks, device } = await openWithFallback(weights, options.device, options.inferenceThreads);
  const family = families[model.family](networks);
  return {
    model,
    device,
    detect: (image, area) => family.detect(image, area),
    estimate: (image, region, mirrored) => family.estimate(image, region, mirrored),
    get inferenceSeconds() {
      return networks.detector.inferenceSeconds + networks.landmarks.inferenceSeconds;
    },
    async close() {
      await networks.detector.close();
      await networks.landmarks.close();
    },
  };
}

async function openWithFallback(
  weights: Weights,
  requested: Device,
  threads: number | undefined,
): Promise<{ networks: Networks; device: DeviceReport }> {
  try {
    return { networks: await openNetworks(weights, requested, threads), device: { requested, active: requested } };
  } catch (cause) {
    const reason = unavailableReason(cause);
    if (requested === 'cpu')
      throw new AppError('DEVICE_UNAVAILABLE', `The pose model does not run here: ${reason}.`, { cause });
    return {
      networks: await openWithFallback(weights, 'cpu', threads).then(({ networks }) => networks),
      device: {
        requested,
        active: 'cpu',
        fallbackReason: `${requested} is not available on this computer (${reason}).`,
      },
    };
  }
}

async function openNetworks(weights: Weights, device: Device, threads: number | undefined): Promise<Networks> {
  const detector = await openNetwork(weights.detector, device, threads);
  try {
    return { detector, landmarks: await openNetwork(weights.landmarks, device, threads) };
  } catch (error) {
    await detector.close();
    throw error;
  }
}

/** Full pose inferences a second on a grey picture: the speed that a worker reports. */
export async function measureSpeed(engine: PoseEngine): Promise<number> {
  const [width, height] = [640, 360];
  const image: RgbImage = { width, height, data: new Uint8Array(width * height * 3).fill(127) };
  const region: PoseRegion = { centerX: width / 2, centerY: height / 2, size: height, rotationRadians: 0 };
  const warmUpRuns = 3;
  const runs = 10;
  for (let i = 0; i < warmUpRuns; i++) await engine.estimate(image, region);
  const started = performance.now();
  for (let i = 0; i < runs; i++) await engine.estimate(image, region);
  return (runs * 1000) / (performance.now() - started);
}
