import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keypointIndex, blazePose33 as skeleton } from '../../models/skeletons.ts';
import { createPoseEngine } from '../../worker/inference/pose-engine.ts';
import { createMedia } from '../../worker/media/media.ts';
import type { PoseEngine, RgbImage } from '../../worker/pipeline/ports.ts';
import { clipsFolder, limits, neverAborted, noRealClips } from './media-made-clips.ts';
import { type MediaPipePose, type MediaPipeRuntime, startMediaPipeRuntime } from './mediapipe-runtime.ts';
import { samplePath, weightsDirectory } from './run-pipeline.ts';

/** Stills that MediaPipe's detector finds somebody in without help. */
const stills = [
  { name: 'the shipped sample', path: samplePath, frames: [0, 80] },
  { name: 'squats', path: join(clipsFolder, 'squat_portrait/squat.mp4'), frames: [0, 200, 400] },
  { name: 'a walk on a beam', path: join(clipsFolder, 'balance_two_cameras/cam01.mp4'), frames: [0, 80] },
];

const leastPoseScore = 0.5;

describe('BlazePose on onnxruntime against MediaPipe’s own runtime', () => {
  let engine: PoseEngine;
  let mediaPipe: MediaPipeRuntime;
  beforeAll(async () => {
    engine = await createPoseEngine({ modelId: 'blazepose-full', device: 'cpu', weightsDirectory });
    mediaPipe = await startMediaPipeRuntime('full');
  }, 120_000);
  afterAll(async () => {
    await mediaPipe?.close();
    await engine?.close();
  });

  for (const { name, path, frames } of stills) {
    const isPresent = existsSync(path);
    it.skipIf(!isPresent)(
      `agrees on ${name}${isPresent ? '' : ` (skipped: ${noRealClips})`}`,
      { timeout: 180_000 },
      async () => {
        const differences: { image: number; world: number }[] = [];
        for (const image of await readFrames(path, frames)) {
          const theirs = await mediaPipe.still(image);
          const [person] = await engine.detect(image);
          const ours = person && (await engine.estimate(image, person.region));
          // MediaPipe keeps a pose to itself when the landmark model doubts that it looks at a person.
          expect(theirs !== undefined).toBe(ours !== undefined && ours.score > leastPoseScore);
          if (theirs === undefined || ours === undefined) continue;
          differences.push(differenceOf(ours, theirs));
        }
        expect(differences.length).toBeGreaterThan(0);
        const mean = (pick: (d: { image: number; world: number }) => number) =>
          differences.reduce((sum, difference) => sum + pick(difference), 0) / differences.length;
        console.log(
          `${name}: ${(mean((d) => d.image) * 100).toFixed(3)} % of torso, ${(mean((d) => d.world) * 100).toFixed(4)} cm`,
        );
        expect(mean((d) => d.image)).toBeLessThanOrEqual(0.001);
        expect(mean((d) => d.world)).toBeLessThanOrEqual(0.0005);
      },
    );
  }
});

/** Mean distance over the landmarks: in torso lengths in the image, in metres in the world. */
function differenceOf(
  ours: Awaited<ReturnType<PoseEngine['estimate']>>,
  theirs: MediaPipePose,
): { image: number; world: number } {
  const point = (k: number) => theirs.landmarks[k] ?? [0, 0, 0, 0];
  let image = 0;
  let world = 0;
  theirs.landmarks.forEach(([x, y], k) => {
    image += Math.hypot((ours.landmarks2d[k * 4] ?? 0) - x, (ours.landmarks2d[k * 4 + 1] ?? 0) - y);
    const [wx, wy, wz] = theirs.world[k] ?? [0, 0, 0];
    const [ox = 0, oy = 0, oz = 0] = ours.landmarks3d.subarray(k * 3, k * 3 + 3);
    world += Math.hypot(ox - wx, oy - wy, oz - wz);
  });
  const skeletonIndex = (name: string): number => keypointIndex(skeleton, name);
  const middle = (left: string, right: string) => {
    const [a, b] = [point(skeletonIndex(left)), point(skeletonIndex(right))];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as const;
  };
  const shoulders = middle('left_shoulder', 'right_shoulder');
  const hips = middle('left_hip', 'right_hip');
  const torso = Math.hypot(shoulders[0] - hips[0], shoulders[1] - hips[1]);
  return { image: image / theirs.landmarks.length / torso, world: world / theirs.landmarks.length };
}

async function readFrames(path: string, frames: readonly number[]): Promise<RgbImage[]> {
  const media = createMedia();
  const index = await media.index(path, limits, () => undefined, neverAborted);
  const { displayWidth, displayHeight } = index.probe;
  const scale = Math.min(1, 1280 / Math.max(displayWidth, displayHeight));
  const [width, height] = [Math.round(displayWidth * scale), Math.round(displayHeight * scale)];
  const images: RgbImage[] = [];
  for (const frame of frames) {
    const request = { path, index, firstFrame: frame, endFrame: frame + 1, width, height };
    for await (const { image } of media.decode(request, neverAborted))
      images.push({ ...image, data: image.data.slice() });
  }
  return images;
}
