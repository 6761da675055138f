import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poseModels } from '../../models/registry.ts';
import { createPoseEngine, measureSpeed } from '../../worker/inference/pose-engine.ts';
import type { Device } from '../../worker/protocol/devices.ts';
import { weightsDirectory } from './run-pipeline.ts';

const modelId = 'blazepose-lite';
const { detector, landmarks } = poseModels[modelId];

describe('weights that are not right', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'shadow-trainer-weights-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });
  const open = () => createPoseEngine({ modelId, device: 'cpu', weightsDirectory: directory });
  const install = (file: string) => copyFile(join(weightsDirectory, file), join(directory, file));

  it('refuses a folder without weights, and names the file', async () => {
    await expect(open()).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining(detector.file),
    });
  });

  it('refuses when only the detector is there', async () => {
    await install(detector.file);
    await expect(open()).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining(landmarks.file),
    });
  });

  it('refuses a file with one wrong bit', async () => {
    await install(detector.file);
    const bytes = await readFile(join(weightsDirectory, landmarks.file));
    const middle = bytes.length >> 1;
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    await writeFile(join(directory, landmarks.file), bytes);
    await expect(open()).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining(landmarks.file),
    });
  });

  it('refuses a file that was cut short', async () => {
    const bytes = await readFile(join(weightsDirectory, detector.file));
    await writeFile(join(directory, detector.file), bytes.subarray(0, bytes.length - 1));
    await install(landmarks.file);
    await expect(open()).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining(detector.file),
    });
  });
});

describe('devices', () => {
  it('runs on the processor without a word about a fallback', async () => {
    const engine = await createPoseEngine({ modelId, device: 'cpu', weightsDirectory });
    try {
      expect(engine.device).toEqual({ requested: 'cpu', active: 'cpu' });
    } finally {
      await engine.close();
    }
  });

  /** One that onnxruntime has for another operating system only. */
  const foreign: Device = process.platform === 'win32' ? 'coreml' : 'directml';
  it(`gives way to the processor where ${foreign} cannot be, says why, and works`, async () => {
    const engine = await createPoseEngine({ modelId, device: foreign, weightsDirectory });
    try {
      expect(engine.device).toMatchObject({ requested: foreign, active: 'cpu' });
      expect(engine.device.fallbackReason).toContain(`${foreign} is not available on this computer (`);
      expect(engine.device.fallbackReason).not.toContain('()');
      expect(await measureSpeed(engine)).toBeGreaterThan(0);
    } finally {
      await engine.close();
    }
  });

  it('runs on CUDA or says why it does not', async () => {
    const engine = await createPoseEngine({ modelId, device: 'cuda', weightsDirectory });
    try {
      const { requested, active, fallbackReason } = engine.device;
      expect(requested).toBe('cuda');
      if (active === 'cuda') expect(fallbackReason).toBeUndefined();
      else {
        expect(active).toBe('cpu');
        expect(fallbackReason).toMatch(/^cuda is not available on this computer \(.+\)\.$/);
      }
      expect(await measureSpeed(engine)).toBeGreaterThan(0);
    } finally {
      await engine.close();
    }
  });
});
