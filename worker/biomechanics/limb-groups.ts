import type { Skeleton } from '../../models/skeletons.ts';

/** Parts of the body whose left and right a pose model mixes up together. */
export const limbGroups = ['arms', 'legs', 'core'] as const;
export type LimbGroup = (typeof limbGroups)[number];

const armNames = /elbow|wrist|hand|pinky|thumb|(?<!foot_)index/;
const legNames = /knee|ankle|heel|foot|toe/;

/** Left and right keypoint indices of every group; shoulders, hips and face are the core. */
export function pairsOfGroups(skeleton: Skeleton): Readonly<Record<LimbGroup, readonly (readonly [number, number])[]>> {
  const groups: Record<LimbGroup, (readonly [number, number])[]> = { arms: [], legs: [], core: [] };
  for (const pair of skeleton.leftRightPairs) {
    const name = skeleton.names[pair[0]] ?? '';
    groups[armNames.test(name) ? 'arms' : legNames.test(name) ? 'legs' : 'core'].push(pair);
  }
  return groups;
}

/** Bones between the core and a limb, as [core keypoint, limb keypoint] of the left and of the right side. */
export interface Attachment {
  readonly group: 'arms' | 'legs';
  readonly left: readonly [number, number];
  readonly right: readonly [number, number];
}

/** Upper arms and thighs, where the skeleton has them. */
export function attachmentsOf(skeleton: Skeleton): Attachment[] {
  const bones = [
    { group: 'arms', core: 'shoulder', limb: 'elbow' },
    { group: 'legs', core: 'hip', limb: 'knee' },
  ] as const;
  const at = (name: string): number => skeleton.names.indexOf(name);
  return bones
    .map(({ group, core, limb }) => ({
      group,
      left: [at(`left_${core}`), at(`left_${limb}`)] as const,
      right: [at(`right_${core}`), at(`right_${limb}`)] as const,
    }))
    .filter(({ left, right }) => [...left, ...right].every((index) => index >= 0));
}
