import type { Skeleton } from '../../models/skeletons.ts';

/** Parts of the body whose left and right a pose model mixes up together: in rear views the arms with the shoulders. */
export const limbGroups = ['arms', 'legs', 'core'] as const;
export type LimbGroup = (typeof limbGroups)[number];

const armNames = /shoulder|elbow|wrist|hand|pinky|thumb|(?<!foot_)index/;
const legNames = /knee|ankle|heel|foot|toe/;

/** Left and right keypoint indices of every group; shoulders belong to the arms, hips and face are the core. */
export function pairsOfGroups(skeleton: Skeleton): Readonly<Record<LimbGroup, readonly (readonly [number, number])[]>> {
  const groups: Record<LimbGroup, (readonly [number, number])[]> = { arms: [], legs: [], core: [] };
  for (const pair of skeleton.leftRightPairs) {
    const name = skeleton.names[pair[0]] ?? '';
    groups[armNames.test(name) ? 'arms' : legNames.test(name) ? 'legs' : 'core'].push(pair);
  }
  return groups;
}

/** Left and right thigh, as [hip, knee]: what ties the legs to the core. Undefined where the skeleton has none. */
export interface Thighs {
  readonly left: readonly [number, number];
  readonly right: readonly [number, number];
}

export function thighsOf(skeleton: Skeleton): Thighs | undefined {
  const at = (name: string): number => skeleton.names.indexOf(name);
  const left = [at('left_hip'), at('left_knee')] as const;
  const right = [at('right_hip'), at('right_knee')] as const;
  return [...left, ...right].every((index) => index >= 0) ? { left, right } : undefined;
}
