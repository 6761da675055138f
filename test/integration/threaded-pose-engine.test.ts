import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createPoseEngine } from '../../worker/inference/pose-engine.ts';
import { createThreadedPoseEngine } from '../../worker/inference/threaded-pose-engine.ts';
import type { PoseEngine, RgbImage } from '../../worker/pipeline/ports.ts';
import { threadScript, weightsDirectory } from './run-pipeline.ts';

const options = { modelId: 'blazepose-lite', device: 'cpu', weightsDirectory } as const;
const [width, height] = [320, 240];
const region = { centerX: 160, centerY: 120, size: 200, rotationRadians: 0.2 };

/** In the memory that decoded frames come in. */
function picture(seed: number): RgbImage {
  const data = new Uint8Array(new SharedArrayBuffer(width * height * 3));
  for (let i = 0; i < data.length; i++) data[i] = (i * seed) % 251;
  return { width, height, data };
}

describe('a pose engine in a thread', () => {
  const engines: PoseEngine[] = [];
  const kept = (engine: PoseEngine): PoseEngine => {
    engines.push(engine);
    return engine;
  };
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.close().catch(() => undefined);
  });

  it('gives the numbers of one that is not, also for calls that overlap and with more threads', async () => {
    const plain = kept(await createPoseEngine({ ...options, inferenceThreads: 1 }));
    const threaded = kept(await createThreadedPoseEngine({ ...options, inferenceThreads: 3, threadScript }));
    expect(threaded.device).toEqual(plain.device);
    const pictures = [picture(3), picture(7), picture(11)];
    const overlapping = await Promise.all(pictures.map((image) => threaded.estimate(image, region)));
    for (const [i, image] of pictures.entries()) expect(overlapping[i]).toEqual(await plain.estimate(image, region));
    const [first] = pictures;
    if (first) expect(await threaded.detect(first)).toEqual(await plain.detect(first));
    expect(threaded.inferenceSeconds).toBeGreaterThan(0);
  });

  it('leaves the thread that calls it free', async () => {
    const engine = kept(await createThreadedPoseEngine({ ...options, threadScript }));
    let turns = 0;
    let isDone = false;
    const done = engine.estimate(picture(5), region).then(() => {
      isDone = true;
    });
    while (!isDone) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    // An inference of some milliseconds in this thread would leave room for two or three.
    expect(turns).toBeGreaterThan(10);
  });

  it('says what keeps a model from loading', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'shadow-trainer-weights-'));
    try {
      await expect(
        createThreadedPoseEngine({ ...options, weightsDirectory: empty, threadScript }),
      ).rejects.toMatchObject({ name: 'AppError', code: 'MODEL_MISSING' });
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('fails its calls when the thread dies, and says so once', async () => {
    let ends = 0;
    const dying = `data:text/javascript,import { parentPort } from 'node:worker_threads';
      parentPort.postMessage({ id: 0, device: { requested: 'cpu', active: 'cpu' } });
      parentPort.on('message', () => process.exit(3));`;
    const engine = await createThreadedPoseEngine({
      ...options,
      threadScript: new URL(dying),
      onEnd: () => {
        ends++;
      },
    });
    const calls = [engine.estimate(picture(2), region), engine.detect(picture(2))];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    await expect(engine.estimate(picture(2), region)).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    expect(ends).toBe(1);
  });

  it('is not where it was built: says so instead of waiting', async () => {
    const nowhere = pathToFileURL(join(tmpdir(), 'no-such-thread.js'));
    await expect(createThreadedPoseEngine({ ...options, threadScript: nowhere })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
    });
  });
});
