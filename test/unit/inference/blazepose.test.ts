import { beforeEach, describe, expect, it } from 'vitest';
import { createBlazePose } from '../../../worker/inference/blazepose.ts';
import type { Network, Tensors } from '../../../worker/inference/pose-family.ts';
import type { PoseEstimate, PoseRegion, RgbImage } from '../../../worker/pipeline/ports.ts';

const edge = 256;
const heatmapEdge = 64;
const image: RgbImage = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3).fill(255) };
const upright: PoseRegion = { centerX: 300, centerY: 200, size: 128, rotationRadians: 0 };
const quarterTurn: PoseRegion = { ...upright, rotationRadians: Math.PI / 2 };

const idle: Network = { run: () => Promise.reject(new Error('The detector has nothing to do here.')) };

let outputs: { landmarks: Float32Array; flag: Float32Array; heatmap: Float32Array; world: Float32Array };
beforeEach(() => {
  outputs = {
    landmarks: new Float32Array(39 * 5).fill(edge / 2),
    flag: new Float32Array([0.75]),
    heatmap: new Float32Array(39 * heatmapEdge * heatmapEdge).fill(-50),
    world: new Float32Array(39 * 3),
  };
});

function estimate(region: PoseRegion, answer: Tensors = outputs, mirrored = false): Promise<PoseEstimate> {
  return createBlazePose({ detector: idle, landmarks: { run: async () => answer } }).estimate(image, region, mirrored);
}

/** Crop pixels. */
function setLandmark(index: number, values: readonly [x: number, y: number, z?: number, v?: number, p?: number]): void {
  outputs.landmarks.set(values as readonly number[], index * 5);
}

function setHeat(index: number, column: number, row: number, logit: number): void {
  outputs.heatmap[(index * heatmapEdge + row) * heatmapEdge + column] = logit;
}

function pointOf({ landmarks2d }: PoseEstimate, index: number): number[] {
  return [...landmarks2d.subarray(index * 4, index * 4 + 2)];
}

describe('landmarks in the picture', () => {
  it('puts the middle of the crop at the middle of the region', async () => {
    expect(pointOf(await estimate(upright), 5)).toEqual([300, 200]);
  });

  it('scales the crop to the region', async () => {
    setLandmark(3, [0, edge]);
    expect(pointOf(await estimate(upright), 3)).toEqual([300 - 64, 200 + 64]);
  });

  it('turns clockwise with the region: the crop’s top is the picture’s right', async () => {
    setLandmark(3, [edge / 2, 0]);
    const [x = 0, y = 0] = pointOf(await estimate(quarterTurn), 3);
    expect(x).toBeCloseTo(300 + 64, 4);
    expect(y).toBeCloseTo(200, 4);
  });

  it('keeps landmarks outside the crop', async () => {
    setLandmark(3, [-edge, 2 * edge]);
    expect(pointOf(await estimate(upright), 3)).toEqual([300 - 192, 200 + 192]);
  });

  it('makes visibility and presence of logits, and takes the score as it is', async () => {
    setLandmark(7, [10, 10, 0, Math.log(9), -Math.log(4)]);
    const pose = await estimate(upright);
    expect(pose.landmarks2d[7 * 4 + 2]).toBeCloseTo(0.9, 6);
    expect(pose.landmarks2d[7 * 4 + 3]).toBeCloseTo(0.2, 6);
    expect(pose.score).toBe(0.75);
    expect(pose.landmarks2d).toHaveLength(33 * 4);
    expect(pose.landmarks3d).toHaveLength(33 * 3);
  });
});

describe('refinement by heatmaps', () => {
  /** Crop pixels of a heatmap cell: MediaPipe divides the index by the number of cells. */
  const cell = (index: number): number => (index / heatmapEdge) * edge;
  const inCrop = (pose: PoseEstimate, index: number): number[] => {
    const [x = 0, y = 0] = pointOf(pose, index);
    return [(x - upright.centerX + 64) * 2, (y - upright.centerY + 64) * 2];
  };

  it('moves a landmark onto a single sure peak near by', async () => {
    setLandmark(2, [cell(20) + 1, cell(30) + 1]);
    setHeat(2, 22, 29, 5);
    expect(inCrop(await estimate(upright), 2)).toEqual([cell(22), cell(29)]);
  });

  it('takes the mean of two peaks, weighted by their sigmoids', async () => {
    setLandmark(2, [cell(20), cell(30)]);
    setHeat(2, 19, 30, Math.log(3));
    setHeat(2, 22, 30, -Math.log(3));
    const [x = 0, y = 0] = inCrop(await estimate(upright), 2);
    expect(x).toBeCloseTo(cell(19.75), 3);
    expect(y).toBeCloseTo(cell(30), 3);
  });

  it.each([
    ['a peak below one half', 21, 30, -0.01],
    ['a peak four cells away', 24, 30, 9],
    ['another landmark’s peak', 21, 30, undefined],
  ])('leaves it alone for %s', async (_, column, row, logit) => {
    setLandmark(2, [cell(20), cell(30)]);
    setHeat(logit === undefined ? 3 : 2, column, row, logit ?? 9);
    expect(inCrop(await estimate(upright), 2)).toEqual([cell(20), cell(30)]);
  });

  it('cuts its window at the border of the map', async () => {
    setLandmark(2, [0, edge - 1]);
    setHeat(2, 3, 63, 9);
    // The cell that follows the map's row in memory belongs to another place.
    setHeat(2, 63, 62, 9);
    expect(inCrop(await estimate(upright), 2)).toEqual([cell(3), cell(63)]);
  });
});

describe('world and next region', () => {
  it('turns the world back into the picture’s axes and leaves depth alone', async () => {
    outputs.world.set([0.1, -0.5, 0.3], 11 * 3);
    const { landmarks3d } = await estimate(quarterTurn);
    const [x = 0, y = 0, z = 0] = landmarks3d.subarray(33, 36);
    expect(x).toBeCloseTo(0.5, 6);
    expect(y).toBeCloseTo(0.1, 6);
    expect(z).toBeCloseTo(0.3, 6);
  });

  it('takes the next region from the auxiliary landmarks, with its margin', async () => {
    setLandmark(33, [edge / 2, edge / 2]);
    setLandmark(34, [edge / 2 + 80, edge / 2]);
    const { nextRegion } = await estimate(upright);
    expect(nextRegion.centerX).toBeCloseTo(300, 6);
    expect(nextRegion.centerY).toBeCloseTo(200, 6);
    expect(nextRegion.size).toBeCloseTo(2 * 40 * 1.25, 6);
    expect(nextRegion.rotationRadians).toBeCloseTo(Math.PI / 2, 6);
  });

  it('says so when a network lacks an output', async () => {
    const { flag, heatmap, world } = outputs;
    await expect(estimate(upright, { flag, heatmap, world })).rejects.toThrow('lacks an output');
  });
});

describe('a mirrored region', () => {
  const [leftWrist, rightWrist] = [15, 16];

  it('comes back unmirrored: the right hand that the model sees is the left one', async () => {
    setLandmark(rightWrist, [edge / 4, edge / 8, 0, 3, 4]);
    setLandmark(leftWrist, [edge / 2, edge / 2, 0, -3, 4]);
    outputs.world.set([0.3, -0.2, 0.1], rightWrist * 3);
    const { landmarks2d, landmarks3d } = await estimate(upright, outputs, true);
    expect([...landmarks2d.subarray(leftWrist * 4, leftWrist * 4 + 2)]).toEqual([300 + 32, 200 - 48]);
    expect(landmarks2d[leftWrist * 4 + 2]).toBeGreaterThan(landmarks2d[rightWrist * 4 + 2] ?? 1);
    expect(landmarks3d[leftWrist * 3]).toBeCloseTo(-0.3, 5);
    expect(landmarks3d[leftWrist * 3 + 1]).toBeCloseTo(-0.2, 5);
    expect(landmarks3d[leftWrist * 3 + 2]).toBeCloseTo(0.1, 5);
  });

  it('expects the person at the same place next', async () => {
    setLandmark(33, [edge / 4, edge / 2]);
    setLandmark(34, [edge / 4, 0]);
    expect((await estimate(upright, outputs, true)).nextRegion.centerX).toBeCloseTo(300 + 32, 4);
    expect((await estimate(upright)).nextRegion.centerX).toBeCloseTo(300 - 32, 4);
  });
});
