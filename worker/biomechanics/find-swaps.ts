/**
 * Frames in which a pose model took left for right: of shoulders and arms, of the legs, of hips and face, or of all.
 *
 * The whole shot is decided at once (Viterbi): in every frame each of the three groups is kept or swapped, eight states
 * in all, and of all sequences the cheapest is taken. What costs: bends in the paths of the joints over three frames
 * in a row, in the picture and in space (legs that cross at speed bend less than legs that bounce off each other);
 * a thigh that is longer or shorter than it is in the rest of the shot; a trunk that would be twisted by half a turn;
 * every change of state (all three groups at once cost less than one by one); and time spent swapped, so that of two
 * answers that differ only in which part of the shot is called swapped the longer part is believed, and that a short
 * swap is not taken for its contrary. Looking at single frames one after the
 * other (greedy) cannot use the frames that come later, and carries one wrong choice to the end.
 */
import type { Skeleton } from '../../models/skeletons.ts';
import { bodyExtents } from './body-extents.ts';
import { limbGroups, pairsOfGroups, type Thighs, thighsOf } from './limb-groups.ts';
import { median } from './median.ts';
import type { Motion } from './motion.ts';

/** Bit of each group in a state. */
export const swapBits = { arms: 1, legs: 2, core: 4 } as const;

/** Costs are in body extents (see `bodyExtents`), summed over joints. Set on real clips and on drawn swaps. */
const costs = {
  changeOfGroup: 0.35,
  changeOfAll: 0.5,
  /** Per second and group. */
  swappedSecond: 2,
  /** A single joint's bend counts no more than this: it may be an outlier. */
  largestBend: 0.3,
  /** Per second that shoulders and arms face another way than hips and face. */
  twistedSecond: 4,
  /** Of a bone that is twice as long as it should be. */
  bone: 0.3,
  /** Part of a bone's length by which swapped must be better before it counts. */
  boneMargin: 0.3,
};
/** Three frames further apart than this tell nothing of each other. Seconds. */
const longestTripleSeconds = 0.3;

const stateCount = 8;
const groupsInState = Uint8Array.from(
  { length: stateCount },
  (_, state) => (state & 1) + ((state >> 1) & 1) + (state >> 2),
);

/**
 * For frames [firstFrame, endFrame) of one shot: the groups to swap, as bits (see `swapBits`), [endFrame - firstFrame].
 * Missing frames are passed over and get 0.
 *
 * `stepSeconds`: the frames are taken so far apart, every one in the sequence it falls into. Where the model changes its
 * mind over a few frames, in which both sides lie in between, neighbours lead smoothly into the swap; frames further
 * apart do not.
 */
export function findSwaps(options: {
  readonly motion: Motion;
  readonly skeleton: Skeleton;
  readonly firstFrame: number;
  readonly endFrame: number;
  readonly stepSeconds: number;
}): Uint8Array {
  const { motion, firstFrame, endFrame, stepSeconds } = options;
  const result = new Uint8Array(endFrame - firstFrame);
  const frames: number[] = [];
  for (let frame = firstFrame; frame < endFrame; frame++) {
    if (isPresent(motion, frame)) frames.push(frame);
  }
  if (frames.length < 3) return result;
  const costsOfShot = createCosts({ ...options, frames });
  const time = (at: number): number => motion.timesSeconds[frames.at(at) ?? firstFrame] as number;
  const stride = Math.max(1, Math.round((stepSeconds * (frames.length - 1)) / (time(-1) - time(0))));
  for (let phase = 0; phase < stride; phase++) {
    const sequence = frames.filter((_, i) => i % stride === phase);
    if (sequence.length < 3) continue;
    const states = cheapestStates(motion, sequence, costsOfShot);
    sequence.forEach((frame, i) => {
      result[frame - firstFrame] = states[i] ?? 0;
    });
  }
  return result;
}

function isPresent({ landmarks2d, keypointCount }: Motion, frame: number): boolean {
  return !Number.isNaN(landmarks2d[frame * keypointCount * 4]);
}

interface SwapCosts {
  /** [8 × 8]: of three frames, by (state of the first XOR the second, state of the second XOR the third). */
  bends(before: number, frame: number, after: number): Float64Array;
  /** [8]: of one frame, by state. */
  bones(frame: number): Float64Array;
}

/** Second-order Viterbi: a node is the pair of states of two frames in a row. */
function cheapestStates(motion: Motion, frames: readonly number[], { bends, bones }: SwapCosts): Uint8Array {
  const nodes = stateCount * stateCount;
  const steps = frames.length - 1;
  const origins = new Uint8Array(steps * nodes);
  let totals = new Float64Array(nodes);
  const start = bones(frames[0] as number);
  const second = stateCosts(motion, frames, 1, bones);
  for (let node = 0; node < nodes; node++) {
    const [from, to] = [node >> 3, node & 7];
    totals[node] = (start[from] as number) + (second[to] as number) + changeCost(from ^ to);
  }
  for (let step = 1; step < steps; step++) {
    const bend = bends(frames[step - 1] as number, frames[step] as number, frames[step + 1] as number);
    const own = stateCosts(motion, frames, step + 1, bones);
    const next = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
    for (let node = 0; node < nodes; node++) {
      const [from, middle] = [node >> 3, node & 7];
      const turned = (from ^ middle) << 3;
      for (let to = 0; to < stateCount; to++) {
        const change = middle ^ to;
        const total =
          (totals[node] as number) + (bend[turned | change] as number) + (own[to] as number) + changeCost(change);
        const target = (middle << 3) | to;
        if (total < (next[target] as number)) {
          next[target] = total;
          origins[step * nodes + target] = from;
        }
      }
    }
    totals = next;
  }
  return walkBack(totals, origins, frames.length);
}

function walkBack(totals: Float64Array, origins: Uint8Array, frameCount: number): Uint8Array {
  let node = totals.reduce((best, total, i) => (total < (totals[best] as number) ? i : best), 0);
  const states = new Uint8Array(frameCount);
  states[frameCount - 1] = node & 7;
  for (let step = frameCount - 2; step >= 0; step--) {
    states[step] = node >> 3;
    node = ((origins[step * totals.length + node] as number) << 3) | (node >> 3);
  }
  return states;
}

function changeCost(changed: number): number {
  return changed === 7 ? costs.changeOfAll : (groupsInState[changed] as number) * costs.changeOfGroup;
}

function stateCosts(
  { timesSeconds }: Motion,
  frames: readonly number[],
  at: number,
  bones: (frame: number) => Float64Array,
): Float64Array {
  const frame = frames[at] as number;
  const seconds = (timesSeconds[frame] as number) - (timesSeconds[frames[at - 1] as number] as number);
  const span = Math.min(seconds, longestTripleSeconds);
  return bones(frame).map((cost, state) => {
    const isTwisted = ((state & swapBits.arms) !== 0) !== ((state & swapBits.core) !== 0);
    const perSecond = costs.swappedSecond * (groupsInState[state] as number) + (isTwisted ? costs.twistedSecond : 0);
    return cost + span * perSecond;
  });
}

function createCosts(options: {
  readonly motion: Motion;
  readonly skeleton: Skeleton;
  readonly frames: readonly number[];
}): SwapCosts {
  const { motion, skeleton, frames } = options;
  const groups = pairsOfGroups(skeleton);
  const extents = bodyExtents(motion, frames);
  const thighs = thighsOf(skeleton);
  const usualMetres = median(thighs ? frames.flatMap((frame) => thighLengths(motion, frame, thighs, false)) : []);
  return {
    bends(before, frame, after) {
      const table = new Float64Array(64);
      limbGroups.forEach((group) => {
        const four = groupBends({ motion, before, frame, after, pairs: groups[group], extents });
        const shift = Math.log2(swapBits[group]);
        for (let i = 0; i < 64; i++) {
          table[i] = (table[i] as number) + (four[(((i >> (3 + shift)) & 1) << 1) | ((i >> shift) & 1)] as number);
        }
      });
      return table;
    },
    bones(frame) {
      const table = new Float64Array(stateCount);
      if (thighs === undefined) return table;
      const kept = misfit(thighLengths(motion, frame, thighs, false), usualMetres);
      const swapped = misfit(thighLengths(motion, frame, thighs, true), usualMetres);
      if (Number.isNaN(kept + swapped)) return table;
      return table.map((_, state) => {
        const crossed = ((state & swapBits.legs) !== 0) !== ((state & swapBits.core) !== 0);
        return costs.bone * Math.max(0, crossed ? swapped - kept : kept - swapped - costs.boneMargin);
      });
    },
  };
}

/**
 * Bends of one group's paths for (first and second differ, second and third differ) = 00, 01, 10, 11: how far the third
 * frame's joints lie from where the first two would have taken them.
 */
function groupBends(options: {
  readonly motion: Motion;
  readonly before: number;
  readonly frame: number;
  readonly after: number;
  readonly pairs: readonly (readonly [number, number])[];
  readonly extents: { readonly pixels: number; readonly metres: number };
}): Float64Array {
  const { motion, before, frame, after, pairs, extents } = options;
  const { timesSeconds, landmarks2d, landmarks3d, keypointCount } = motion;
  const table = new Float64Array(4);
  const [t0, t1, t2] = [timesSeconds[before] as number, timesSeconds[frame] as number, timesSeconds[after] as number];
  if (t2 - t0 > longestTripleSeconds) return table;
  const ratio = (t2 - t1) / (t1 - t0);
  const bend = (values: Float32Array, width: number, size: number, unit: number, a: number, b: number, c: number) => {
    let sum = 0;
    for (let axis = 0; axis < size; axis++) {
      const [p0, p1, p2] = [values[a * width + axis], values[b * width + axis], values[c * width + axis]] as number[];
      sum += ((p2 as number) - (p1 as number) - ratio * ((p1 as number) - (p0 as number))) ** 2;
    }
    const relative = (2 * Math.sqrt(sum)) / (1 + ratio) / unit;
    return Number.isNaN(relative) ? 0 : Math.min(relative, costs.largestBend);
  };
  for (const pair of pairs) {
    const trust = 0.25 + 0.75 * lowestVisibility(motion, pair, [before, frame, after]);
    for (let combination = 0; combination < 4; combination++) {
      const [first, second] = [combination >> 1, combination & 1];
      for (const side of [0, 1] as const) {
        const a = before * keypointCount + pair[side];
        const b = frame * keypointCount + (pair[side ^ first] as number);
        const c = after * keypointCount + (pair[side ^ first ^ second] as number);
        const both =
          bend(landmarks2d, 4, 2, extents.pixels, a, b, c) + bend(landmarks3d, 3, 3, extents.metres, a, b, c);
        table[combination] = (table[combination] as number) + (trust * both) / 2;
      }
    }
  }
  return table;
}

function lowestVisibility(motion: Motion, pair: readonly [number, number], frames: readonly number[]): number {
  let lowest = 1;
  for (const frame of frames) {
    for (const keypoint of pair) {
      const visibility = motion.landmarks2d[(frame * motion.keypointCount + keypoint) * 4 + 2] ?? 0;
      if (visibility < lowest) lowest = visibility;
    }
  }
  return Math.max(0, lowest);
}

function thighLengths(motion: Motion, frame: number, { left, right }: Thighs, crossed: boolean): number[] {
  const between = (core: number, limb: number): number => {
    const [a, b] = [(frame * motion.keypointCount + core) * 3, (frame * motion.keypointCount + limb) * 3];
    const delta = [0, 1, 2].map((axis) => (motion.landmarks3d[a + axis] ?? 0) - (motion.landmarks3d[b + axis] ?? 0));
    return Math.hypot(...delta);
  };
  return [between(left[0], crossed ? right[1] : left[1]), between(right[0], crossed ? left[1] : right[1])];
}

function misfit(lengths: readonly number[], usual: number): number {
  return lengths.reduce((sum, value) => sum + Math.min(1, Math.abs(value - usual) / usual), 0);
}
