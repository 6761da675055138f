/** A person who stands still, by hand: truth, and a product that finds exactly that unless told otherwise. */
import { type BlazePoseKeypoint, keypointIndex, blazePose33 as skeleton } from '../../../../models/skeletons.ts';
import type { Motion } from '../../../../worker/biomechanics/motion.ts';
import type { ClipTruth } from '../../../accuracy/clip-truth.ts';
import { mainJoints } from '../../../accuracy/score/paired-frames.ts';

const framesPerSecond = 100;
const pixelsPerMetre = 100;
/** Left is at greater x: he faces the camera. */
const standing: Readonly<Record<string, readonly [number, number]>> = {
  shoulder: [0.2, -0.5],
  elbow: [0.3, -0.2],
  wrist: [0.35, 0.05],
  hip: [0.1, 0],
  knee: [0.1, 0.4],
  ankle: [0.1, 0.8],
};

/** 2 m tall, which is 200 pixels; foot contact in frame 4, release in frame 6. */
export function madeTruth(frameCount = 10, changes: Partial<ClipTruth> = {}): ClipTruth {
  const places = mainJoints.map((name): readonly [number, number, number] => {
    const [side = '', joint = ''] = name.split('_');
    const [x, y] = standing[joint] ?? [0, 0];
    return [side === 'left' ? x : -x, y, 8];
  });
  const each = <T>(value: T): T[] => Array.from({ length: frameCount }, () => value);
  const pixels = places.map(([x, y]) => [320 + pixelsPerMetre * x, 240 + pixelsPerMetre * y] as const);
  const bend = (180 * Math.atan2(0.1, 0.3)) / Math.PI - (180 * Math.atan2(0.05, 0.25)) / Math.PI;
  return {
    framesPerSecond,
    frameCount,
    width: 640,
    height: 480,
    hand: 'right',
    athleteHeightMetres: 2,
    athleteHeightPixels: 200,
    keypoints: mainJoints,
    points2d: each(pixels),
    points3d: each(places),
    angles: {
      leftElbow: each(bend),
      rightElbow: each(bend),
      leftKnee: each(0),
      rightKnee: each(0),
      trunkTilt: each(0),
      hipShoulderSeparation: each(0),
    },
    events: { footContact: 0.04, ballRelease: 0.06 },
    projections: each([]),
    ...changes,
  };
}

/** What the product says when it is right, visibility 0.95. */
export function perfectMotion(truth: ClipTruth): Motion {
  const frames = truth.frameCount;
  const keypointCount = skeleton.names.length;
  const motion: Motion = {
    timesSeconds: Float64Array.from({ length: frames }, (_, frame) => frame / truth.framesPerSecond),
    keypointCount,
    landmarks2d: new Float32Array(frames * keypointCount * 4).fill(Number.NaN),
    landmarks3d: new Float32Array(frames * keypointCount * 3).fill(Number.NaN),
  };
  for (let frame = 0; frame < frames; frame++) {
    truth.keypoints.forEach((name, at) => {
      const [x = 0, y = 0, z = 0] = truth.points3d[frame]?.[at] ?? [];
      put(motion, frame, name, truth.points2d[frame]?.[at] ?? [0, 0], [x, y, z - 8]);
    });
  }
  return motion;
}

/** Pixels and metres of one keypoint in one frame. */
export function put(
  motion: Motion,
  frame: number,
  name: BlazePoseKeypoint,
  pixels: readonly [number, number],
  metres?: readonly [number, number, number],
): void {
  const sample = frame * motion.keypointCount + keypointIndex(skeleton, name);
  motion.landmarks2d.set([...pixels, 0.95, 1], sample * 4);
  if (metres) motion.landmarks3d.set(metres, sample * 3);
}

/** Exchanges the pixels of left and right. */
export function exchange(motion: Motion, frame: number, joint: string): void {
  const [left, right] = (['left', 'right'] as const).map(
    (side) => (frame * motion.keypointCount + keypointIndex(skeleton, `${side}_${joint}`)) * 4,
  );
  const kept = motion.landmarks2d.slice(left, (left ?? 0) + 4);
  motion.landmarks2d.copyWithin(left ?? 0, right ?? 0, (right ?? 0) + 4);
  motion.landmarks2d.set(kept, right);
}

/** Takes the pose out of one frame. */
export function lose(motion: Motion, frame: number): void {
  const at = frame * motion.keypointCount;
  motion.landmarks2d.fill(Number.NaN, at * 4, (at + motion.keypointCount) * 4);
  motion.landmarks3d.fill(Number.NaN, at * 3, (at + motion.keypointCount) * 3);
}
