/** The shipped sample: one pitch, seen from the third-base side. */
import { athleteParts } from './body/athlete-parts.ts';
import { createRig, type Rig } from './body/rig.ts';
import { referenceHeightMetres } from './motion/pitch-keys.ts';
import { createPitchMotion, type PitchMotion } from './motion/pitch-motion.ts';
import { partData } from './render-scene.ts';
import { type Camera, viewData } from './scene/camera.ts';
import { type FrameRequest, frameData } from './scene/frame.ts';
import { type MomentWithBall, performance } from './scene/performance.ts';
import type { FrameData, Palette, SceneData } from './scene/scene.ts';
import { distance, normalize, scale, type Vector3 } from './vector.ts';

export const sample = {
  seed: 20,
  framesPerSecond: 60,
  exposureSeconds: 1 / 300,
  constantRateFactor: 17,
  instantCounts: { fewest: 10, most: 24, perPixel: 1.5, sharesSunShadow: false },
  body: { heightMetres: 1.86, build: 1 },
  camera: {
    width: 1280,
    height: 720,
    position: [0.95, -12, 1.25],
    target: [0.95, 0, 0.86],
    verticalFieldOfViewDegrees: 13.2,
  },
  sunDirection: normalize([0.52, -0.62, 0.78]),
} as const satisfies { camera: Camera; sunDirection: Vector3 } & Record<string, unknown>;

const palette: Palette = {
  skin: [0.52, 0.3, 0.205],
  hair: [0.05, 0.028, 0.017],
  team: [0.022, 0.05, 0.16],
  trim: [0.5, 0.03, 0.04],
  cloth: [0.74, 0.735, 0.72],
};

export interface SamplePitch {
  readonly rig: Rig;
  readonly motion: PitchMotion;
  readonly frameCount: number;
  momentAt(timeSeconds: number): MomentWithBall;
  /** What is drawn for a frame; its time is the middle of the exposure. */
  frame(index: number, instantCounts?: FrameRequest['instantCounts']): FrameData;
  scene(): SceneData;
}

export function samplePitch(): SamplePitch {
  const rig = createRig(sample.body);
  const motion = createPitchMotion(rig);
  const momentAt = performance(rig, motion);
  const bodySize = rig.lengths.height / referenceHeightMetres;
  return {
    rig,
    motion,
    momentAt,
    frameCount: Math.round(motion.durationSeconds * sample.framesPerSecond),
    frame: (index, instantCounts = sample.instantCounts) =>
      frameData({
        momentAt,
        timeSeconds: index / sample.framesPerSecond,
        exposureSeconds: sample.exposureSeconds,
        camera: sample.camera,
        sunDirection: sample.sunDirection,
        seed: sample.seed,
        instantCounts,
      }),
    scene: () => ({
      view: viewData(sample.camera, distance(sample.camera.position, sample.camera.target)),
      place: 'ballpark',
      outward: [0, 1],
      fine: true,
      shadowSize: 1024,
      parts: athleteParts(rig).map(partData),
      palette,
      bodySize,
      hipAtRest: scale(rig.left.hip, 1 / bodySize),
      ankleAtRest: scale(rig.left.ankle, 1 / bodySize),
      shoulderAtRest: scale(rig.left.shoulder, 1 / bodySize),
      sunDirection: sample.sunDirection,
      grain: (sample.seed * 0.618034) % 1,
      lensPoints: Array.from({ length: 20 }, (_, index) => {
        const radius = Math.sqrt((index + 0.5) / 20);
        return [radius * Math.cos(index * 2.399963), radius * Math.sin(index * 2.399963)] as const;
      }),
    }),
  };
}
