/** An analytic walker seen from the side, as motion arrays: legs and arms swing to and fro, left and right cross. */
import { blazePose33, keypointIndex } from '../../../models/skeletons.ts';
import type { Motion } from '../../../worker/biomechanics/motion.ts';
import { seededNoise } from '../biomechanics/seeded-noise.ts';

export const skeleton = blazePose33;
const keypoints = skeleton.names.length;
const pixelsPerMetre = 300;

export interface WalkerOptions {
  readonly seconds?: number;
  readonly framesPerSecond?: number;
  /** Standard deviation. Metres. */
  readonly noiseMetres?: number;
  /** Half the distance of left and right in depth, as the model sees it. Metres. */
  readonly halfDepthMetres?: number;
}

export function drawWalker(options: WalkerOptions = {}): Motion {
  const { seconds = 4, framesPerSecond = 30, noiseMetres = 0.004, halfDepthMetres = 0.04 } = options;
  const frames = Math.round(seconds * framesPerSecond);
  const timesSeconds = Float64Array.from({ length: frames }, (_, i) => i / framesPerSecond);
  const landmarks2d = new Float32Array(frames * keypoints * 4);
  const landmarks3d = new Float32Array(frames * keypoints * 3);
  const noise = seededNoise(17);
  for (let frame = 0; frame < frames; frame++) {
    const time = timesSeconds[frame] ?? 0;
    skeleton.names.forEach((name, keypoint) => {
      const [x, y] = placeOf(name, time);
      const z = name.startsWith('left') ? -halfDepthMetres : name.startsWith('right') ? halfDepthMetres : 0;
      const sample = frame * keypoints + keypoint;
      landmarks3d.set(
        [x + noiseMetres * noise(), y + noiseMetres * noise(), z + 2 * noiseMetres * noise()],
        sample * 3,
      );
      const [u, v] = [200 + 100 * time + pixelsPerMetre * x, 400 + pixelsPerMetre * y];
      const spread = noiseMetres * pixelsPerMetre;
      landmarks2d.set([u + spread * noise(), v + spread * noise(), 0.95, 0.99], sample * 4);
    });
  }
  return { timesSeconds, keypointCount: keypoints, landmarks2d, landmarks3d };
}

/** Metres from mid-hip, y down. One stride a second; arms against legs. */
function placeOf(name: string, time: number): readonly [number, number] {
  const side = name.includes('left') ? 1 : -1;
  const swing = 0.5 * side * Math.sin(2 * Math.PI * time);
  const along = (length: number, angle: number): readonly [number, number] => [
    length * Math.sin(angle),
    length * Math.cos(angle),
  ];
  if (/knee/.test(name)) return along(0.42, swing);
  if (/ankle|heel|foot/.test(name)) {
    const [x, y] = along(0.84, swing);
    return [x + (/foot/.test(name) ? 0.15 : /heel/.test(name) ? -0.05 : 0), y + 0.04];
  }
  if (/hip/.test(name)) return [0.02 * side, 0];
  if (/shoulder/.test(name)) return [0.03 * side, -0.5];
  if (/elbow/.test(name)) return sum([0, -0.5], along(0.28, -swing));
  if (/wrist|pinky|index|thumb/.test(name)) return sum([0, -0.5], along(0.53, -swing + 0.2));
  return [0.08 + 0.02 * side, -0.7];
}

function sum(a: readonly [number, number], b: readonly [number, number]): readonly [number, number] {
  return [a[0] + b[0], a[1] + b[1]];
}

/** A copy with left and right exchanged in some frames, for the pairs whose left name matches. */
export function withSwaps(motion: Motion, frames: readonly number[], names: RegExp): Motion {
  const swapped = copyOf(motion);
  for (const frame of frames) {
    for (const [left, right] of skeleton.leftRightPairs) {
      if (!names.test(skeleton.names[left])) continue;
      for (const [array, width] of [
        [swapped.landmarks2d, 4],
        [swapped.landmarks3d, 3],
      ] as const) {
        const a = (frame * keypoints + left) * width;
        const b = (frame * keypoints + right) * width;
        const kept = array.slice(a, a + width);
        array.copyWithin(a, b, b + width);
        array.set(kept, b);
      }
    }
  }
  return swapped;
}

export function copyOf(motion: Motion): Motion {
  return {
    ...motion,
    landmarks2d: Float32Array.from(motion.landmarks2d),
    landmarks3d: Float32Array.from(motion.landmarks3d),
  };
}

/** Writes NaN into every component of some keypoints of some frames of a copy. */
export function withoutSamples(motion: Motion, frames: readonly number[], names: RegExp): Motion {
  const holed = copyOf(motion);
  for (const frame of frames) {
    skeleton.names.forEach((name, keypoint) => {
      if (!names.test(name)) return;
      const sample = frame * keypoints + keypoint;
      holed.landmarks2d.fill(Number.NaN, sample * 4, sample * 4 + 4);
      holed.landmarks3d.fill(Number.NaN, sample * 3, sample * 3 + 3);
    });
  }
  return holed;
}

/** Mean distance in the picture of one keypoint over frames. Pixels. */
export function pixelsApart(a: Motion, b: Motion, name: string, frames: readonly number[]): number {
  const keypoint = keypointIndex(skeleton, name);
  const total = frames.reduce((sum, frame) => {
    const at = (frame * keypoints + keypoint) * 4;
    const dx = (a.landmarks2d[at] ?? 0) - (b.landmarks2d[at] ?? 0);
    const dy = (a.landmarks2d[at + 1] ?? 0) - (b.landmarks2d[at + 1] ?? 0);
    return sum + Math.hypot(dx, dy);
  }, 0);
  return total / frames.length;
}
