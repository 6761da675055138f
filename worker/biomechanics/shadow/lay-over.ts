import type { MeasuredRepetition } from '../profile.ts';
import { alignInTime, type TimeAlignment } from './align-in-time.ts';
import { type BodyPoint, type BoneDirections, boneDirections } from './body-tree.ts';
import { isOtherHand, mirrorMotion } from './mirror-motion.ts';
import { resampleMotion } from './resample-motion.ts';
import { type Rotation, rotatePoints, turnAboutVertical, turnOnto } from './turn-onto.ts';

/** What the shadow's maths needs of a repetition. */
export type ShadowSource = Pick<MeasuredRepetition, 'hand' | 'motion' | 'events' | 'fromSeconds' | 'toSeconds'>;

/** Bones that every model places well enough to be compared: head, hands and feet are left out. */
export const comparedBones = [
  ...['mid_shoulder', 'left_hip', 'right_hip', 'left_shoulder', 'right_shoulder'],
  ...['left_elbow', 'right_elbow', 'left_wrist', 'right_wrist', 'left_knee', 'right_knee', 'left_ankle', 'right_ankle'],
] as readonly BodyPoint[];

/**
 * The legs carry the body where the throw goes, and of all bones one camera errs least in their depth: drawn and filmed
 * pitches from the side faced 0 to 15 degrees wrong by the legs, up to 40 by the arms. Arms, hips and shoulders turn on
 * their own, which is what is to be compared.
 */
const facingBones: readonly BodyPoint[] = ['left_knee', 'right_knee', 'left_ankle', 'right_ankle'];

export interface OverlayOptions {
  readonly athlete: ShadowSource;
  readonly reference: ShadowSource;
  /** The camera of one of the two may not have stood level: the reference is turned about any axis, not the vertical alone. */
  readonly isTilted?: boolean | undefined;
  /** Where the facing is known already. */
  readonly turn?: Rotation | undefined;
}

/** The reference's directions brought to the athlete's times, hand and facing. */
export interface Overlay {
  readonly alignment: TimeAlignment;
  readonly isMirrored: boolean;
  /** From the reference's frame (mirrored, where it is) to the athlete's. */
  readonly turn: Rotation;
  /** At the wanted times, in the athlete's frame. NaN where the reference shows nothing. */
  readonly directionsAt: (athleteSeconds: Float64Array) => BoneDirections;
}

/** Samples between the first anchor and the last that decide the facing. */
const facingSamples = 60;

/**
 * Facing: by the target, where both motions know where the throw goes; else as `turnOnto` finds it between the first
 * shared event and the last. A single shared event is not enough for that: then over the athlete's whole stretch.
 */
export function layOver(options: OverlayOptions): Overlay {
  const { athlete, reference, isTilted = false } = options;
  const alignment = alignInTime({ athlete, reference });
  const isMirrored = isOtherHand(athlete, reference);
  const motion = isMirrored ? mirrorMotion(reference.motion) : reference.motion;
  const unturned = (athleteSeconds: Float64Array): BoneDirections =>
    boneDirections(resampleMotion(motion, athleteSeconds.map(alignment.toReference)));
  const turn = options.turn ?? facing();
  return {
    ...{ alignment, isMirrored, turn },
    directionsAt: (athleteSeconds) =>
      Object.fromEntries(
        Object.entries(unturned(athleteSeconds)).map(([bone, directions]) => [bone, rotatePoints(directions, turn)]),
      ),
  };

  function facing(): Rotation {
    const [wanted, own] = [athlete.motion.towardsTarget, motion.towardsTarget];
    if (wanted && own && !isTilted) return turnAboutVertical(heading(wanted) - heading(own));
    const { anchors } = alignment;
    const [first, last] = [anchors[0]?.athleteSeconds ?? 0, anchors.at(-1)?.athleteSeconds ?? 0];
    const [start, end] = first < last ? [first, last] : [athlete.fromSeconds, athlete.toSeconds];
    const times = evenTimes(start, end, facingSamples);
    const [from, to] = [unturned(times), boneDirections(resampleMotion(athlete.motion, times))];
    const legs = facingBones.filter((bone) => isSeen(from[bone]) && isSeen(to[bone]));
    return turnOnto({ from, to, bones: legs.length > 0 ? legs : comparedBones, isTilted });
  }
}

function isSeen(directions: Float64Array | undefined): boolean {
  return directions?.some(Number.isFinite) ?? false;
}

function heading([x = Number.NaN, y = Number.NaN]: readonly number[]): number {
  return Math.atan2(y, x);
}

/** Middles of equal parts. */
export function evenTimes(from: number, to: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => from + ((i + 0.5) / count) * (to - from));
}
