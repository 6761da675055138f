/** What is known of a drawn athlete, in the form that the product measures. */
import { type JointMotion, type JointName, jointNames } from '../../../worker/biomechanics/joint-motion.ts';
import { dot, length, scale, subtract, type Vector } from '../../../worker/biomechanics/vectors.ts';
import type { BodySide } from '../athlete/body/rig.ts';
import { castFor } from '../athlete/film/cast.ts';
import { truthPoints } from '../athlete/scene/truth.ts';
import type { ClipTruth, TruthEvent } from '../clip-truth.ts';

/**
 * The truth's name of each of the product's moments. Its foot contact is full weight on the foot, as the laboratory's
 * metrics "at foot plant" are.
 */
export const truthEvents = {
  firstMovement: 'firstMovement',
  peakKneeHeight: 'peakKneeHeight',
  footContact: 'footPlant',
  maximumExternalRotation: 'maximumExternalRotation',
  release: 'ballRelease',
  maximumInternalRotation: 'maximumInternalRotation',
} as const satisfies Record<string, TruthEvent>;
export type ScoredEvent = keyof typeof truthEvents;
export const scoredEvents = Object.keys(truthEvents) as readonly ScoredEvent[];

/** Seconds, by the product's names. */
export function productEvents(
  events: Readonly<Partial<Record<TruthEvent, number>>>,
): Partial<Record<ScoredEvent, number>> {
  return Object.fromEntries(
    scoredEvents.flatMap((event) => {
      const time = events[truthEvents[event]];
      return time === undefined ? [] : [[event, time]];
    }),
  );
}

export interface DrawnPitch {
  readonly motion: JointMotion;
  readonly heightMetres: number;
  readonly events: Partial<Record<ScoredEvent, number>>;
}

/** A pitcher of the population, his whole pitch as joints without error. `shift`: of the first frame, in frames. */
export function drawnPitchOf(options: {
  readonly seed: number;
  readonly hand: BodySide;
  readonly framesPerSecond: number;
  readonly shift?: number;
}): DrawnPitch {
  const { seed, hand, framesPerSecond, shift = 0 } = options;
  const { character, performance } = castFor({
    athlete: { seed, hand },
    motion: { kind: 'pitch' },
    picture: { place: 'ballpark' },
  });
  const { rig } = character;
  const frames = Math.floor(performance.durationSeconds * framesPerSecond - shift);
  const timesSeconds = Float64Array.from({ length: frames }, (_, frame) => (frame + shift) / framesPerSecond);
  const poses = Array.from(timesSeconds, (time) => truthPoints(rig, performance.momentAt(time).body, [hand]));
  const known = Object.keys(poses[0] ?? {});
  const joints = Object.fromEntries(
    jointNames
      .filter((name) => known.includes(name))
      .map((name) => [name, Float64Array.from(poses.flatMap((pose) => pose[name as keyof typeof pose] ?? []))]),
  );
  return {
    motion: { timesSeconds, joints, isGrounded: true, towardsTarget: [1, 0, 0] },
    heightMetres: rig.lengths.height,
    events: productEvents(performance.events),
  };
}

/** A rendered clip's joints in the world that its cameras stand in: z up, home plate along x. */
export function truthMotion(truth: ClipTruth): JointMotion {
  const world = truth.points3d.map((points, frame) => {
    const toWorld = cameraToWorld(truth, frame);
    return points.map(toWorld);
  });
  const joints: Partial<Record<JointName, Float64Array>> = {};
  for (const name of jointNames) {
    const at = (truth.keypoints as readonly string[]).indexOf(name);
    if (at >= 0) joints[name] = Float64Array.from(world.flatMap((points) => points[at] ?? []));
  }
  const timesSeconds = Float64Array.from(world, (_, frame) => frame / truth.framesPerSecond);
  return { timesSeconds, joints, isGrounded: true, towardsTarget: [1, 0, 0] };
}

/** Camera's axes are x right, y down, z away; they and its place are read from the projection of the frame. */
function cameraToWorld(truth: ClipTruth, frame: number): (point: Vector) => number[] {
  const projection = truth.projections[frame] ?? [];
  const row = (index: number): number[] => projection.slice(index * 4, index * 4 + 3);
  const forward = row(2);
  const axisOf = (index: number, halfPixels: number): number[] => {
    const axis = subtract(row(index), scale(forward, halfPixels));
    return scale(axis, 1 / length(axis));
  };
  const [right, down] = [axisOf(0, truth.width / 2), axisOf(1, truth.height / 2)];
  const focal = length(subtract(row(0), scale(forward, truth.width / 2)));
  const behind = -(projection[11] ?? Number.NaN);
  const along = (index: number, halfPixels: number): number =>
    (-(projection[index * 4 + 3] ?? Number.NaN) - halfPixels * behind) / focal;
  const place = [along(0, truth.width / 2), along(1, truth.height / 2), behind];
  return (point) => {
    const inWorld = [0, 1, 2].map((axis) => [right[axis], down[axis], forward[axis]].map(Number));
    return inWorld.map((axes) => dot(point, axes) + dot(place, axes));
  };
}
