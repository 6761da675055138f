import { Worker } from 'node:worker_threads';
import { poseModels } from '../../models/registry.ts';
import type { PersonDetection, PoseEngine, PoseEstimate } from '../pipeline/ports.ts';
import type { DeviceReport } from '../protocol/devices.ts';
import { AppError } from '../protocol/errors.ts';
import type { InferenceCalls, InferenceReply } from './inference-calls.ts';
import type { PoseEngineOptions } from './pose-engine.ts';

/** The built thread, beside the bundle that this file becomes part of. */
const builtThread = new URL('./inference-thread.js', import.meta.url);

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A pose engine in a thread of its own. onnxruntime keeps the thread that calls it: here that is not the one which
 * renews the locks of jobs, hears a cancel, and reads the next frames. Frames in shared memory are not copied.
 * Throws what createPoseEngine throws. Calls may overlap; they are answered one after the other. When the thread dies,
 * its calls reject with DEVICE_UNAVAILABLE and `onEnd` is called.
 */
export async function createThreadedPoseEngine(
  options: PoseEngineOptions & { readonly threadScript?: URL; readonly onEnd?: () => void },
): Promise<PoseEngine> {
  const { onEnd, threadScript = builtThread, ...workerData } = options;
  const thread = new Worker(threadScript, { workerData });
  const waiting = new Map<number, Waiting>();
  let inferenceSeconds = 0;
  let lastId = 0;
  let end: AppError | undefined;

  const wait = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      // A process with nothing else to do may end, but not in the middle of a call.
      thread.ref();
    });
  const endWith = (cause: unknown): void => {
    if (end) return;
    end = new AppError('DEVICE_UNAVAILABLE', 'The pose model stopped working. Try again.', { cause });
    for (const { reject } of waiting.values()) reject(end);
    waiting.clear();
    onEnd?.();
  };
  thread.on('error', endWith);
  thread.on('exit', (code) => endWith(new Error(`The inference thread ended with ${code}.`)));
  thread.on('message', (reply: InferenceReply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) thread.unref();
    if ('failure' in reply) {
      const { code, message } = reply.failure;
      call?.reject(new AppError(code, message, { cause: new Error(reply.detail) }));
    } else if ('device' in reply) {
      call?.resolve(reply.device);
    } else {
      ({ inferenceSeconds } = reply);
      call?.resolve(reply.result);
    }
  });

  const call = async <N extends keyof InferenceCalls>(name: N, input: InferenceCalls[N]['input']): Promise<unknown> => {
    if (end) throw end;
    const id = ++lastId;
    const result = wait(id);
    thread.postMessage({ id, name, input });
    return await result;
  };

  try {
    const device = (await wait(0)) as DeviceReport;
    return {
      model: poseModels[options.modelId],
      device,
      get inferenceSeconds() {
        return inferenceSeconds;
      },
      detect: async (image, area) => (await call('detect', { image, area })) as PersonDetection[],
      estimate: async (image, region, mirrored) =>
        (await call('estimate', { image, region, mirrored })) as PoseEstimate,
      async close() {
        await call('close', {});
        await thread.terminate();
      },
    };
  } catch (error) {
    await thread.terminate();
    throw error;
  }
}
