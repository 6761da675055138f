/** Entry of an inference thread: loads one pose model and answers calls, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PoseEngine } from '../pipeline/ports.ts';
import { toFailure } from '../protocol/errors.ts';
import type { InferenceReply, InferenceRequest } from './inference-calls.ts';
import { createPoseEngine, type PoseEngineOptions } from './pose-engine.ts';

const port = parentPort;
if (port === null) throw new Error('This file is the entry of a thread.');
const reply = (message: InferenceReply): void => port.postMessage(message);
const fail = (id: number, error: unknown): void =>
  reply({
    id,
    failure: toFailure(error),
    detail: String(error instanceof Error ? (error.cause ?? error.stack) : error),
  });

async function answer(engine: PoseEngine, { name, input }: InferenceRequest): Promise<unknown> {
  switch (name) {
    case 'detect':
      return await engine.detect(input.image, input.area);
    case 'estimate':
      return await engine.estimate(input.image, input.region, input.mirrored);
    case 'close':
      return await engine.close();
  }
}

try {
  const engine = await createPoseEngine(workerData as PoseEngineOptions);
  // An engine is not re-entrant, and a scout and a chunk may be at work in one process.
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (request: InferenceRequest) => {
    last = last
      .then(() => answer(engine, request))
      .then(
        (result) => reply({ id: request.id, result, inferenceSeconds: engine.inferenceSeconds }),
        (error: unknown) => fail(request.id, error),
      );
  });
  reply({ id: 0, device: engine.device });
} catch (error) {
  fail(0, error);
}
