import { createRandom } from '../../../../worker/biomechanics/random.ts';
import { boneNames, sides } from '../body/rig.ts';
import { type Ground, groundHeight } from '../motion/mound.ts';
import { add, distance, normalize, type Placement, place, rotate, scale, subtract, type Vector3 } from '../vector.ts';
import { type Camera, cameraAxes, project } from './camera.ts';
import type { Moment } from './performance.ts';
import type { FrameData, PixelArea } from './scene.ts';

export interface InstantCounts {
  readonly fewest: number;
  readonly most: number;
  /** For each pixel that the fastest joint moves within the exposure. */
  readonly perPixel: number;
  /** Whether one shadow of the sun does for all of them. */
  readonly sharesSunShadow: boolean;
}

export interface FrameRequest {
  readonly momentAt: (timeSeconds: number) => Moment;
  /** Middle of the exposure. */
  readonly timeSeconds: number;
  readonly exposureSeconds: number;
  readonly camera: Camera;
  readonly sunDirection: Vector3;
  readonly seed: number;
  readonly instantCounts: InstantCounts;
  /** The mound, when absent. */
  readonly ground?: Ground;
}

/** Carries every point to one: nothing is drawn. */
const noRows: readonly number[] = Array.from({ length: 12 }, () => 0);

/** Half the width of the sun's disc as it softens shadows, radians; hazy air makes it wider than it is. */
const sunSpread = 0.009;

/** One exposure: instants spread over it, each with its own sub-pixel shift, point of the sun and piece of sky. */
export function frameData(request: FrameRequest): FrameData {
  const { momentAt, timeSeconds, exposureSeconds } = request;
  const count = instantCount(request);
  const random = createRandom(request.seed);
  const shifts = shuffled(count, random);
  const skies = shuffled(count, random);
  const instants = Array.from({ length: count }, (_, index) => {
    const moment = momentAt(timeSeconds + ((index + 0.5) / count - 0.5) * exposureSeconds);
    const shift = shifts[index] ?? 0;
    const turn = index * 2.399963;
    const off = sunSpread * Math.sqrt((index + 0.5) / count);
    return {
      boneRows: boneNames.flatMap((name) => matrixRows(moment.body.bones[name])),
      ballRows: moment.ball ? matrixRows(moment.ball) : noRows,
      jitter: [(index + 0.5) / count - 0.5, (shift + 0.5) / count - 0.5] as const,
      sunDirection: normalize(add(request.sunDirection, [off * Math.cos(turn), off * Math.sin(turn), 0])),
      skyDirection: skyDirection((skies[index] ?? 0) + 0.5, count),
    };
  });
  const pelvis = momentAt(timeSeconds).body;
  const middle = scale(add(pelvis.left.hip, pelvis.right.hip), 0.5);
  const center: Vector3 = [middle[0], middle[1], 0.7];
  return { instants, sharesSunShadow: request.instantCounts.sharesSunShadow, center, ...areas(request) };
}

/** Room around the joint centres for flesh, cap and glove, and on the ground for soft shadows, metres. */
const fleshMargin = 0.34;
const shadowMargin = 0.9;

function areas(request: FrameRequest): Pick<FrameData, 'athleteArea' | 'shadowArea'> {
  const { momentAt, timeSeconds, exposureSeconds, camera, sunDirection, ground = groundHeight } = request;
  const solid: Vector3[] = [];
  const shade: Vector3[] = [];
  for (const share of [-0.5, 0, 0.5]) {
    const { body, ball } = momentAt(timeSeconds + share * exposureSeconds);
    const joints = sides.flatMap((side) => Object.values<Vector3>({ ...body[side] }));
    for (const point of [...joints, place(body.bones.head, [0, 0, 1.86]), ...(ball ? [ball.origin] : [])]) {
      const shadow = subtract(point, scale(sunDirection, (point[2] - ground(point[0])) / sunDirection[2]));
      for (const a of [-1, 1]) {
        for (const b of [-1, 1]) {
          solid.push(add(point, [a * fleshMargin, 0, b * fleshMargin]));
          shade.push(add(shadow, [a * shadowMargin, b * shadowMargin, 0]));
        }
      }
    }
  }
  return { athleteArea: boundingArea(camera, solid), shadowArea: boundingArea(camera, shade) };
}

function boundingArea(camera: Camera, points: readonly Vector3[]): PixelArea {
  const pixels = points.map((point) => project(camera, point));
  const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)));
  const left = within(Math.min(...pixels.map(([x]) => x)), camera.width);
  const right = within(Math.max(...pixels.map(([x]) => x)), camera.width);
  const top = within(Math.min(...pixels.map(([, y]) => y)), camera.height);
  const bottom = within(Math.max(...pixels.map(([, y]) => y)), camera.height);
  return { x: left, y: camera.height - bottom, width: right - left, height: bottom - top };
}

/** As many instants as the pixels ask for that the fastest joint moves within the exposure. */
function instantCount({ momentAt, timeSeconds, exposureSeconds, camera, instantCounts }: FrameRequest): number {
  const start = momentAt(timeSeconds - exposureSeconds / 2).body;
  const end = momentAt(timeSeconds + exposureSeconds / 2).body;
  const far = distance(camera.position, camera.target);
  const pixelsPerMetre = cameraAxes(camera).focalPixels / far;
  const moved = Math.max(
    distance(start.right.wrist, end.right.wrist),
    distance(start.left.wrist, end.left.wrist),
    distance(start.left.ankle, end.left.ankle),
    distance(start.right.ankle, end.right.ankle),
  );
  const wanted = Math.ceil(moved * pixelsPerMetre * instantCounts.perPixel);
  return Math.max(instantCounts.fewest, Math.min(instantCounts.most, wanted));
}

/** Even spread over the upper half of the sky. */
function skyDirection(index: number, count: number): Vector3 {
  const up = index / count;
  const turn = index * 2.399963;
  const flat = Math.sqrt(1 - up * up);
  return [flat * Math.cos(turn), flat * Math.sin(turn), up];
}

function shuffled(count: number, random: () => number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
}

function matrixRows(placement: Placement): readonly number[] {
  const x = rotate(placement.rotation, [1, 0, 0]);
  const y = rotate(placement.rotation, [0, 1, 0]);
  const z = rotate(placement.rotation, [0, 0, 1]);
  return ([0, 1, 2] as const).flatMap((axis) => [x[axis], y[axis], z[axis], placement.origin[axis]]);
}
