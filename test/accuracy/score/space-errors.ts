import type { BlazePoseKeypoint } from '../../../models/skeletons.ts';
import { distance, midpoint, subtract, type Vector } from '../../../worker/biomechanics/vectors.ts';
import { mainJoints, type PairedFrame } from './paired-frames.ts';
import { applySimilarity, bestSimilarity } from './similarity.ts';

/** Millimetres, one for each main joint in each frame with a pose. */
export interface SpaceErrors {
  /** Both put with the middle of the hips into the origin, camera's axes. */
  readonly raw: readonly number[];
  /** After the best similarity for the whole clip: size and turn are forgiven, once. */
  readonly clipAligned: readonly number[];
  /** After the best similarity for each frame. */
  readonly frameAligned: readonly number[];
}

interface Pair {
  readonly found: Vector;
  readonly truth: Vector;
}

export function spaceErrors(frames: readonly PairedFrame[]): SpaceErrors {
  const pairs = frames.map(rootedPairs);
  return {
    raw: pairs.flat().map(({ found, truth }) => 1000 * distance(found, truth)),
    clipAligned: alignedErrors(pairs.flat()),
    frameAligned: pairs.flatMap(alignedErrors),
  };
}

function alignedErrors(pairs: readonly Pair[]): number[] {
  const best = bestSimilarity(
    pairs.map(({ found }) => found),
    pairs.map(({ truth }) => truth),
  );
  if (!best) return [];
  return pairs.map(({ found, truth }) => 1000 * distance(applySimilarity(best, found), truth));
}

/** The main joints that both know, from the middle of the hips. */
function rootedPairs({ points }: PairedFrame): Pair[] {
  const root = (of: 'found3d' | 'truth3d'): Vector =>
    midpoint(points.get('left_hip')?.[of] ?? [], points.get('right_hip')?.[of] ?? []);
  const [foundRoot, truthRoot] = [root('found3d'), root('truth3d')];
  return mainJoints.flatMap((name: BlazePoseKeypoint) => {
    const point = points.get(name);
    if (!point) return [];
    const pair = { found: subtract(point.found3d, foundRoot), truth: subtract(point.truth3d, truthRoot) };
    return [...pair.found, ...pair.truth].some(Number.isNaN) || pair.found.length < 3 ? [] : [pair];
  });
}
