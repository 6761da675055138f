import type { BlazePoseKeypoint } from '../../../../models/skeletons.ts';
import { bodyAngles } from '../../../../worker/biomechanics/body-angles.ts';
import type { ClipRecipe } from '../../clip-recipe.ts';
import type { ClipTruth, TruthAngle } from '../../clip-truth.ts';
import { hipShoulderSeparationDegrees } from '../../hip-shoulder-separation.ts';
import { sides } from '../body/rig.ts';
import { type Camera, project } from '../scene/camera.ts';
import { truthPoints } from '../scene/truth.ts';
import type { Vector3 } from '../vector.ts';
import type { Cast } from './cast.ts';
import { inCameraAxes, projectionMatrix } from './clip-camera.ts';

export interface TruthRequest {
  readonly recipe: ClipRecipe;
  readonly cast: Cast;
  /** One for each frame, as are the times: seconds from the start of the motion, middle of the exposure. */
  readonly cameras: readonly Camera[];
  readonly times: readonly number[];
  readonly athleteHeightPixels: number;
}

const angleIds = {
  leftElbow: 'left_elbow_flexion',
  rightElbow: 'right_elbow_flexion',
  leftKnee: 'left_knee_flexion',
  rightKnee: 'right_knee_flexion',
  trunkTilt: 'trunk_tilt',
} as const satisfies Partial<Record<TruthAngle, string>>;

export function clipTruth({ recipe, cast, cameras, times, athleteHeightPixels }: TruthRequest): ClipTruth {
  const { performance, character } = cast;
  const { rig, outfit } = character;
  const bareHands = outfit.throwingHand ? [outfit.throwingHand] : sides;
  const world = times.map((time) => truthPoints(rig, performance.momentAt(time).body, bareHands));
  const keypoints = Object.keys(world[0] ?? {}) as BlazePoseKeypoint[];
  const frames = cameras.map((camera, index) => {
    const points = keypoints.map((name): Vector3 => {
      const point = world[index]?.[name];
      if (!point) throw new Error(`${recipe.name}: frame ${index} lacks ${name}`);
      return point;
    });
    return {
      points2d: points.map((point) => project(camera, point)),
      points3d: points.map((point) => inCameraAxes(camera, point)),
      projection: projectionMatrix(camera),
    };
  });
  const angle = (id: string): readonly number[] => {
    const definition = bodyAngles.find((candidate) => candidate.id === id);
    if (!definition) throw new RangeError(`No body angle ${id}`);
    const at = definition.keypoints.map((name) => keypoints.indexOf(name as BlazePoseKeypoint));
    return frames.map(({ points2d, points3d }) =>
      definition.measure(at.map((index) => (definition.space === '2d' ? points2d : points3d)[index] ?? [])),
    );
  };
  const point = (points: readonly Vector3[], name: BlazePoseKeypoint): Vector3 =>
    points[keypoints.indexOf(name)] ?? [Number.NaN, Number.NaN, Number.NaN];
  const from = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  return {
    framesPerSecond: recipe.camera.framesPerSecond,
    frameCount: times.length,
    width: recipe.camera.width,
    height: recipe.camera.height,
    hand: performance.hand,
    athleteHeightMetres: rig.lengths.height,
    athleteHeightPixels,
    keypoints,
    points2d: frames.map((frame) => frame.points2d),
    points3d: frames.map((frame) => frame.points3d),
    angles: {
      leftElbow: angle(angleIds.leftElbow),
      rightElbow: angle(angleIds.rightElbow),
      leftKnee: angle(angleIds.leftKnee),
      rightKnee: angle(angleIds.rightKnee),
      trunkTilt: angle(angleIds.trunkTilt),
      hipShoulderSeparation: frames.map(({ points3d }) =>
        hipShoulderSeparationDegrees({
          leftShoulder: point(points3d, 'left_shoulder'),
          rightShoulder: point(points3d, 'right_shoulder'),
          leftHip: point(points3d, 'left_hip'),
          rightHip: point(points3d, 'right_hip'),
          hand: performance.hand,
        }),
      ),
    },
    events: Object.fromEntries(
      Object.entries(performance.events)
        .filter(([, time]) => time >= from && time <= last)
        .map(([name, time]) => [name, time - from]),
    ),
    projections: frames.map((frame) => frame.projection),
  };
}
