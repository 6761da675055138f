import { cross, dot, normalize, radiansPerDegree, subtract, type Vector3 } from '../vector.ts';
import type { ViewData } from './scene.ts';

/** A pinhole camera; square pixels, no roll, principal point in the middle. */
export interface Camera {
  readonly width: number;
  readonly height: number;
  readonly position: Vector3;
  readonly target: Vector3;
  readonly verticalFieldOfViewDegrees: number;
}

interface CameraAxes {
  readonly right: Vector3;
  readonly up: Vector3;
  readonly forward: Vector3;
  /** Distance of the picture plane, pixels. */
  readonly focalPixels: number;
}

export function cameraAxes(camera: Camera): CameraAxes {
  const forward = normalize(subtract(camera.target, camera.position));
  const right = normalize(cross(forward, [0, 0, 1]));
  const focalPixels = camera.height / 2 / Math.tan((camera.verticalFieldOfViewDegrees * radiansPerDegree) / 2);
  return { right, up: cross(right, forward), forward, focalPixels };
}

/** Pixels from the upper left corner of the picture, pixel centres at half numbers. */
export function project(camera: Camera, point: Vector3): readonly [x: number, y: number] {
  const { right, up, forward, focalPixels } = cameraAxes(camera);
  const from = subtract(point, camera.position);
  const depth = dot(from, forward);
  return [
    camera.width / 2 + (focalPixels * dot(from, right)) / depth,
    camera.height / 2 - (focalPixels * dot(from, up)) / depth,
  ];
}

const near = 0.5;
const far = 400;

/** What the renderer needs of the camera. */
export function viewData(camera: Camera, focusMetres: number): ViewData {
  const { right, up, forward, focalPixels } = cameraAxes(camera);
  const eye = camera.position;
  const scaleX = (2 * focalPixels) / camera.width;
  const scaleY = (2 * focalPixels) / camera.height;
  const a = (far + near) / (far - near);
  const b = (-2 * far * near) / (far - near);
  const column = (axis: 0 | 1 | 2): number[] => [
    scaleX * right[axis],
    scaleY * up[axis],
    a * forward[axis],
    forward[axis],
  ];
  const depthOfOrigin = -dot(forward, eye);
  const viewProjection = [
    ...column(0),
    ...column(1),
    ...column(2),
    -scaleX * dot(right, eye),
    -scaleY * dot(up, eye),
    a * depthOfOrigin + b,
    depthOfOrigin,
  ];
  // Clip (x, y, 1, 1) to the point at the far plane; only its direction from the eye is used.
  const back = (axis: 0 | 1 | 2): readonly [number, number, number] => [
    (right[axis] * far) / scaleX,
    (up[axis] * far) / scaleY,
    eye[axis] + forward[axis] * far,
  ];
  const rows = [back(0), back(1), back(2)];
  const clipToWorld = [
    ...rows.map((row) => row[0]),
    0,
    ...rows.map((row) => row[1]),
    0,
    0,
    0,
    0,
    0,
    ...rows.map((row) => row[2]),
    1,
  ];
  return { width: camera.width, height: camera.height, viewProjection, clipToWorld, eye, right, up, focusMetres };
}
