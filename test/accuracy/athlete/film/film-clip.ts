/** What a recipe describes, ready to be drawn: the scene, every frame of it, and what is known of them. */
import type { ClipRecipe } from '../../clip-recipe.ts';
import type { ClipTruth } from '../../clip-truth.ts';
import { athleteParts } from '../body/athlete-parts.ts';
import { sides } from '../body/rig.ts';
import { referenceHeightMetres } from '../motion/pitch-keys.ts';
import { partData } from '../render-scene.ts';
import { type Camera, viewData } from '../scene/camera.ts';
import { frameData, type InstantCounts } from '../scene/frame.ts';
import type { FrameData, SceneData } from '../scene/scene.ts';
import { place, scale } from '../vector.ts';
import { castFor } from './cast.ts';
import { clipCamera, pixelsToWide, sunFor, wideCamera } from './clip-camera.ts';
import { clipTruth } from './film-truth.ts';

/** Enough for edges without steps and for blur without gaps: accuracy is measured on hundreds of clips. */
const instantCounts: InstantCounts = { fewest: 3, most: 10, perPixel: 0.5, sharesSunShadow: true };
const lensSamples = 4;
/** Triangles of the body need not be finer than this, pixels. */
const cellPixels = 5;
const finestCellMetres = 0.0105;

export interface FilmedClip {
  readonly frameCount: number;
  readonly truth: ClipTruth;
  /** Takes a second or so. */
  scene(): SceneData;
  frame(index: number): FrameData;
}

/** Throws RangeError for a recipe of which no frame can be filmed. */
export function filmClip(recipe: ClipRecipe): FilmedClip {
  const cast = castFor(recipe);
  const { performance, character } = cast;
  const { rig } = character;
  const from = recipe.fromSeconds ?? 0;
  const to = Math.min(performance.durationSeconds, recipe.toSeconds ?? performance.durationSeconds);
  const { framesPerSecond, exposureSeconds } = recipe.camera;
  const frameCount = Math.round((to - from) * framesPerSecond);
  if (!(frameCount > 0)) throw new RangeError(`${recipe.name}: nothing to film from ${from} s to ${to} s`);
  const times = Array.from({ length: frameCount }, (_, index) => from + index / framesPerSecond);
  const camera = clipCamera(recipe.camera, {
    hand: performance.hand,
    heightMetres: rig.lengths.height,
    durationSeconds: performance.durationSeconds,
    outline(timeSeconds) {
      const { body } = performance.momentAt(timeSeconds);
      const joints = sides.flatMap((side) => Object.values({ ...body[side] }));
      return [...joints, place(body.bones.head, [0, 0, rig.lengths.height])];
    },
    pelvis: (timeSeconds) => place(performance.momentAt(timeSeconds).body.bones.pelvis, rig.pelvis),
  });
  const cameras = times.map((time) => camera.at(time));
  const wide = camera.moves ? wideCamera(camera, times) : undefined;
  const sunDirection = sunFor(camera.outward, recipe.camera.seed);
  const cameraOf = (index: number): Camera => {
    const found = cameras[index];
    if (!found) throw new RangeError(`${recipe.name} has no frame ${index}`);
    return found;
  };
  return {
    frameCount,
    truth: clipTruth({ recipe, cast, cameras, times, athleteHeightPixels: camera.athleteHeightPixels }),
    scene() {
      const size = rig.lengths.height / referenceHeightMetres;
      const coarseness = (cellPixels * rig.lengths.height) / camera.athleteHeightPixels / finestCellMetres;
      const view = viewData(cameraOf(0), camera.distanceMetres);
      return {
        view,
        ...(wide ? { wideView: viewData(wide, camera.distanceMetres) } : {}),
        place: recipe.picture.place,
        outward: camera.outward,
        fine: false,
        shadowSize: camera.athleteHeightPixels > 600 ? 1024 : 512,
        parts: athleteParts(rig, character.outfit, Math.max(1.3, Math.min(2.6, coarseness))).map(partData),
        palette: character.palette,
        bodySize: size,
        hipAtRest: scale(rig.left.hip, 1 / size),
        ankleAtRest: scale(rig.left.ankle, 1 / size),
        shoulderAtRest: scale(rig.left.shoulder, 1 / size),
        sunDirection,
        grain: (recipe.camera.seed * 0.618034) % 1,
        lensPoints: Array.from({ length: lensSamples }, (_, index) => {
          const radius = Math.sqrt((index + 0.5) / lensSamples);
          return [radius * Math.cos(index * 2.399963), radius * Math.sin(index * 2.399963)] as const;
        }),
      };
    },
    frame(index) {
      const now = cameraOf(index);
      const data = frameData({
        momentAt: performance.momentAt,
        timeSeconds: times[index] ?? from,
        exposureSeconds,
        camera: now,
        sunDirection,
        seed: recipe.camera.seed,
        instantCounts,
        ground: cast.ground,
      });
      if (!wide) return data;
      const { viewProjection } = viewData(now, camera.distanceMetres);
      return { ...data, turned: { viewProjection, toWide: pixelsToWide(now, wide) } };
    },
  };
}
