/** The camera of a clip: where it stands, how it is held, and what it sees at any time. */

import { createRandom } from '../../../../worker/biomechanics/random.ts';
import type { CameraRecipe, View } from '../../clip-recipe.ts';
import type { BodySide } from '../body/rig.ts';
import { type Camera, cameraAxes, project } from '../scene/camera.ts';
import { add, cross, dot, normalize, radiansPerDegree, scale, subtract, type Vector3 } from '../vector.ts';

/** Where a right-hander's camera stands: degrees from the direction of home plate, towards third base positive. */
const azimuths: Readonly<Record<View, number>> = {
  side: 90,
  'side-far': -90,
  front: 0,
  rear: 180,
  'quarter-front': 45,
  'quarter-rear': 135,
};

/** Operators do not stand on the degree. */
const azimuthSpreadDegrees = 5;

export interface FilmedSubject {
  readonly hand: BodySide;
  readonly heightMetres: number;
  readonly durationSeconds: number;
  /** Outline of the body at a time: joint centres and the top of the head. */
  readonly outline: (timeSeconds: number) => readonly Vector3[];
  readonly pelvis: (timeSeconds: number) => Vector3;
}

export interface ClipCamera {
  /** Metres from the lens to the place where the athlete's size is measured: the middle of where he moves. */
  readonly distanceMetres: number;
  readonly athleteHeightPixels: number;
  readonly moves: boolean;
  /** Level direction from the camera to the athlete, unit length. */
  readonly outward: readonly [number, number];
  at(timeSeconds: number): Camera;
}

export function clipCamera(recipe: CameraRecipe, subject: FilmedSubject): ClipCamera {
  const random = createRandom(recipe.seed * 7919 + 11);
  const { distanceMetres, verticalFieldOfViewDegrees } = lens(recipe, subject.heightMetres, random());
  const handed = subject.hand === 'right' ? 1 : -1;
  const azimuth = (azimuths[recipe.view] + (random() * 2 - 1) * azimuthSpreadDegrees) * handed * radiansPerDegree;
  const outward: readonly [number, number] = [-Math.cos(azimuth), Math.sin(azimuth)];
  const middle = middleOf(subject);
  const position: Vector3 = [
    middle[0] - outward[0] * distanceMetres,
    middle[1] - outward[1] * distanceMetres,
    recipe.heightMetres,
  ];
  const { width, height } = recipe;
  const aimedAt = (target: Vector3): Camera => ({ width, height, position, target, verticalFieldOfViewDegrees });
  const still = framed(aimedAt, middle, subject);
  const { focalPixels } = cameraAxes(still);
  const shake = recipe.support === 'tripod' ? () => [0, 0] as const : handShake(random);
  const follow = recipe.support === 'panned' ? smoothPath(subject) : () => middle;
  return {
    distanceMetres,
    athleteHeightPixels: (subject.heightMetres * focalPixels) / distanceMetres,
    moves: recipe.support !== 'tripod',
    outward,
    at(timeSeconds) {
      if (recipe.support === 'tripod') return still;
      const moved = subtract(follow(timeSeconds), middle);
      const level: Vector3 = [moved[0], moved[1], 0];
      const target = add(still.target, level);
      const { right, up } = cameraAxes(aimedAt(target));
      const [x, y] = shake(timeSeconds);
      const perPixel = Math.hypot(...subtract(target, position)) / focalPixels;
      return aimedAt(add(target, add(scale(right, x * perPixel), scale(up, y * perPixel))));
    },
  };
}

/**
 * A view that holds everything a moving camera sees between two times, from the same point, in the same scale; and
 * the way from a picture's pixels to its own.
 */
export function wideCamera(camera: ClipCamera, times: readonly number[]): Camera {
  const still = camera.at(times[Math.floor(times.length / 2)] ?? 0);
  const { focalPixels } = cameraAxes(still);
  let [halfWidth, halfHeight] = [still.width / 2, still.height / 2];
  for (const time of times) {
    const now = camera.at(time);
    const { right, up, forward } = cameraAxes(now);
    for (const a of [-1, 1]) {
      for (const b of [-1, 1]) {
        const corner = add(
          scale(forward, focalPixels),
          add(scale(right, (a * now.width) / 2), scale(up, (b * now.height) / 2)),
        );
        const [x, y] = project(still, add(now.position, corner));
        halfWidth = Math.max(halfWidth, Math.abs(x - still.width / 2));
        halfHeight = Math.max(halfHeight, Math.abs(y - still.height / 2));
      }
    }
  }
  const margin = 2;
  const width = 2 * Math.ceil(halfWidth + margin);
  const height = 2 * Math.ceil(halfHeight + margin);
  return {
    ...still,
    width,
    height,
    verticalFieldOfViewDegrees: (2 * Math.atan(height / 2 / focalPixels)) / radiansPerDegree,
  };
}

/** Column-major 3 × 3: pixels of `camera` to pixels of `wide`, both from the lower left; the cameras share their point. */
export function pixelsToWide(camera: Camera, wide: Camera): readonly number[] {
  const from = cameraAxes(camera);
  const to = cameraAxes(wide);
  const ray = (x: number, y: number): Vector3 =>
    add(scale(from.right, x), add(scale(from.up, y), scale(from.forward, from.focalPixels)));
  const seen = (v: Vector3): readonly [number, number, number] => {
    const depth = dot(v, to.forward);
    return [
      to.focalPixels * dot(v, to.right) + (wide.width / 2) * depth,
      to.focalPixels * dot(v, to.up) + (wide.height / 2) * depth,
      depth,
    ];
  };
  return [...seen(from.right), ...seen(from.up), ...seen(ray(-camera.width / 2, -camera.height / 2))];
}

/** World (metres) to pixels from the upper left corner: 3 × 4, row by row. */
export function projectionMatrix(camera: Camera): readonly number[] {
  const { right, up, forward, focalPixels } = cameraAxes(camera);
  const row = (v: Vector3): readonly number[] => [...v, -dot(v, camera.position)];
  const x = add(scale(right, focalPixels), scale(forward, camera.width / 2));
  const y = add(scale(up, -focalPixels), scale(forward, camera.height / 2));
  return [...row(x), ...row(y), ...row(forward)];
}

/** Metres in the camera's axes: x right, y down, z away. */
export function inCameraAxes(camera: Camera, point: Vector3): Vector3 {
  const { right, up, forward } = cameraAxes(camera);
  const from = subtract(point, camera.position);
  return [dot(from, right), -dot(from, up), dot(from, forward)];
}

/** Coaches stand 4 to 9 m away; farther where the athlete is to be small, as they cannot zoom out at will. */
function lens(
  { athleteHeightFraction }: CameraRecipe,
  heightMetres: number,
  share: number,
): { distanceMetres: number; verticalFieldOfViewDegrees: number } {
  const wanted = (5 + 4 * share) * Math.sqrt(0.6 / athleteHeightFraction);
  const widest = 62;
  const nearest = heightMetres / athleteHeightFraction / (2 * Math.tan((widest * radiansPerDegree) / 2));
  const distanceMetres = Math.max(wanted, nearest, 3.5);
  const half = Math.atan(heightMetres / athleteHeightFraction / 2 / distanceMetres);
  return { distanceMetres, verticalFieldOfViewDegrees: (2 * half) / radiansPerDegree };
}

function sampleTimes(subject: FilmedSubject): readonly number[] {
  return Array.from({ length: 25 }, (_, index) => (index / 24) * subject.durationSeconds);
}

function middleOf(subject: FilmedSubject): Vector3 {
  const points = sampleTimes(subject).map(subject.pelvis);
  const middle = (axis: 0 | 1 | 2): number => {
    const values = points.map((point) => point[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  return [middle(0), middle(1), subject.heightMetres / 2];
}

/** Aims so that the whole motion lies in the middle of the picture. */
function framed(aimedAt: (target: Vector3) => Camera, start: Vector3, subject: FilmedSubject): Camera {
  const outline = sampleTimes(subject).flatMap((time) => subject.outline(time));
  let camera = aimedAt(start);
  for (let round = 0; round < 3; round++) {
    const pixels = outline.map((point) => project(camera, point));
    const middle = (axis: 0 | 1): number => {
      const values = pixels.map((pixel) => pixel[axis]);
      return (Math.min(...values) + Math.max(...values)) / 2;
    };
    const { right, up, focalPixels } = cameraAxes(camera);
    const perPixel = Math.hypot(...subtract(camera.target, camera.position)) / focalPixels;
    const shift = add(
      scale(right, (middle(0) - camera.width / 2) * perPixel),
      scale(up, (camera.height / 2 - middle(1)) * perPixel),
    );
    camera = aimedAt(add(camera.target, shift));
  }
  return camera;
}

/** Held by hand: a sum of slow sines up to 6 Hz, 1 to 3 pixels (standard deviation) each way. */
function handShake(random: () => number): (timeSeconds: number) => readonly [number, number] {
  const size = 1 + 2 * random();
  const waves = Array.from({ length: 12 }, (_, index) => {
    const frequency = 0.3 + 5.7 * (((index % 6) + random()) / 6) ** 1.5;
    return { frequency, phase: random() * 2 * Math.PI, height: 1 / (0.6 + frequency) };
  });
  const axis = (from: number): ((timeSeconds: number) => number) => {
    const own = waves.slice(from, from + 6);
    const spread = Math.sqrt(own.reduce((sum, wave) => sum + wave.height ** 2 / 2, 0));
    return (t) =>
      (own.reduce((sum, wave) => sum + wave.height * Math.sin(2 * Math.PI * wave.frequency * t + wave.phase), 0) *
        size) /
      spread;
  };
  const [x, y] = [axis(0), axis(6)];
  return (timeSeconds) => [x(timeSeconds), y(timeSeconds)];
}

/** The pelvis as an operator follows it: smoothly, over about half a second. */
function smoothPath(subject: FilmedSubject): (timeSeconds: number) => Vector3 {
  const width = 0.22;
  const offsets = Array.from({ length: 13 }, (_, index) => (index / 6 - 1) * 2.2);
  const weights = offsets.map((offset) => Math.exp((-offset * offset) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (timeSeconds) =>
    offsets.reduce<Vector3>(
      (sum, offset, index) => {
        const time = Math.max(0, Math.min(subject.durationSeconds, timeSeconds + offset * width));
        return add(sum, scale(subject.pelvis(time), (weights[index] ?? 0) / total));
      },
      [0, 0, 0],
    );
}

/** Light from one side, never straight behind the athlete: level turn against the camera's own direction, and height. */
export function sunFor(outward: readonly [number, number], seed: number): Vector3 {
  const random = createRandom(seed * 104729 + 5);
  const side = random() < 0.5 ? -1 : 1;
  const turn = side * (25 + 80 * random()) * radiansPerDegree;
  const elevation = (38 + 24 * random()) * radiansPerDegree;
  const back: Vector3 = [-outward[0], -outward[1], 0];
  const aside = cross([0, 0, 1], back);
  const level = add(scale(back, Math.cos(turn)), scale(aside, Math.sin(turn)));
  return normalize(add(scale(level, Math.cos(elevation)), [0, 0, Math.sin(elevation)]));
}
