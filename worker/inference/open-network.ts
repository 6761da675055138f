/** Opens .onnx files on a device, with an explicit fallback. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { WeightFile } from '../../models/registry.ts';
import type { Device } from '../protocol/devices.ts';
import { AppError } from '../protocol/errors.ts';
import type { Network } from './pose-family.ts';

/** Names of onnxruntime's execution providers. */
const providers: Readonly<Record<Device, string>> = {
  cpu: 'cpu',
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
};

/** Measured on `full`: one thread 10.2 ms, two 6.5 ms with bit-equal outputs; more gain little. More workers do. */
const usefulThreads = 2;

export interface OpenNetwork extends Network {
  /** Seconds spent inside the runtime so far. */
  readonly inferenceSeconds: number;
  close(): Promise<void>;
}

/** Throws AppError MODEL_MISSING or MODEL_CORRUPT. */
export async function readWeights(directory: string, weights: WeightFile): Promise<Uint8Array> {
  const bytes = await readFile(join(directory, weights.file)).catch((cause: unknown) => {
    throw new AppError('MODEL_MISSING', `The pose model ${weights.file} is not installed. Run the set-up again.`, {
      cause,
    });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== weights.sha256) {
    throw new AppError(
      'MODEL_CORRUPT',
      `The pose model ${weights.file} is damaged. Delete it and run the set-up again.`,
    );
  }
  return bytes;
}

/** Rejects when the device cannot run the network; other devices than the processor are tried out with one run. */
export async function openNetwork(
  weights: Uint8Array,
  device: Device,
  threads = Math.min(usefulThreads, availableParallelism()),
): Promise<OpenNetwork> {
  const session = await InferenceSession.create(weights, {
    executionProviders: [providers[device]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // A thread that waits by spinning takes its core from ffmpeg and from the cutting out of the next picture.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const [inputName] = session.inputNames;
  if (inputName === undefined) throw new AppError('MODEL_CORRUPT', 'The pose model has no input.');
  let inferenceSeconds = 0;
  const network: OpenNetwork = {
    get inferenceSeconds() {
      return inferenceSeconds;
    },
    async run(input, shape) {
      const started = performance.now();
      const outputs = await session.run({ [inputName]: new Tensor('float32', input, shape) });
      inferenceSeconds += (performance.now() - started) / 1000;
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => {
          if (!(tensor.data instanceof Float32Array))
            throw new AppError('MODEL_CORRUPT', `Output ${name} is not float32.`);
          return [name, tensor.data];
        }),
      );
    },
    async close() {
      await session.release();
    },
  };
  if (device === 'cpu') return network;
  try {
    // Some graphics drivers accept a network and fail when they run it: better now than in the middle of a clip.
    const shape = inputShape(session);
    await network.run(new Float32Array(shape.reduce((product, length) => product * length, 1)), shape);
    return network;
  } catch (error) {
    await network.close();
    throw error;
  }
}

/** Of the network's first input, for a batch of one. */
function inputShape(session: InferenceSession): number[] {
  const [input] = session.inputMetadata;
  if (!input?.isTensor) throw new AppError('MODEL_CORRUPT', 'The pose model has no tensor as its input.');
  return input.shape.map((length) => (typeof length === 'number' ? length : 1));
}
