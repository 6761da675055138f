import { dot, subtract, type Vector3 } from '../vector.ts';
import { restLegDirection } from './body-shape.ts';
import { type BodySide, type BoneName, boneIndex, type Rig, type SideBone } from './rig.ts';
import type { SurfaceMesh } from './surface-mesh.ts';

/** How strongly up to four bones carry each vertex. */
export interface SkinWeights {
  /** [V × 4] indices into `boneNames`. */
  readonly bones: Uint8Array;
  /** [V × 4] summing to 1. */
  readonly weights: Float32Array;
}

type Weights = Map<BoneName, number>;

const armBones = [
  'shoulderHalf',
  'upperArm',
  'upperArmTwist',
  'elbowHalf',
  'forearm',
  'forearmTwist',
  'hand',
] as const satisfies readonly SideBone[];

/** Weights of the body mesh in the rest pose: along each limb from bone to bone, softly at every joint. */
export function bodyWeights(rig: Rig, mesh: SurfaceMesh): SkinWeights {
  return collect(mesh, (point) => {
    const side: BodySide = point[1] >= 0 ? 'left' : 'right';
    const onLeft: Vector3 = [point[0], Math.abs(point[1]), point[2]];
    const weights: Weights = new Map();
    const arm = armShare(rig, onLeft);
    const leg = legShare(rig, onLeft);
    addTrunk(rig, onLeft, side, (1 - arm) * (1 - leg), weights);
    addArm(rig, onLeft, side, arm, weights);
    addLeg(rig, onLeft, side, leg * (1 - arm), weights);
    return weights;
  });
}

/** One bone carries all. */
export function rigidWeights(mesh: SurfaceMesh, bone: BoneName): SkinWeights {
  return collect(mesh, () => new Map([[bone, 1]]));
}

function collect(mesh: SurfaceMesh, weigh: (point: Vector3) => Weights): SkinWeights {
  const count = mesh.positions.length / 3;
  const bones = new Uint8Array(count * 4);
  const weights = new Float32Array(count * 4);
  for (let vertex = 0; vertex < count; vertex++) {
    const at = (axis: number): number => mesh.positions[vertex * 3 + axis] ?? 0;
    const strongest = [...weigh([at(0), at(1), at(2)])].sort((a, b) => b[1] - a[1]).slice(0, 4);
    const total = strongest.reduce((sum, [, weight]) => sum + weight, 0);
    strongest.forEach(([bone, weight], slot) => {
      bones[vertex * 4 + slot] = boneIndex(bone);
      weights[vertex * 4 + slot] = weight / total;
    });
  }
  return { bones, weights };
}

function ramp(low: number, high: number, value: number): number {
  const t = Math.max(0, Math.min(1, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

function addTo(weights: Weights, bone: BoneName, weight: number): void {
  if (weight > 0) weights.set(bone, (weights.get(bone) ?? 0) + weight);
}

/** Spreads `weight` over a row of bones; `borders[i]` is where bone i gives way to bone i + 1: [middle, half width]. */
function addChain(
  weights: Weights,
  chain: { readonly bones: readonly BoneName[]; readonly borders: readonly (readonly [number, number])[] },
  position: number,
  weight: number,
): void {
  let rest = weight;
  chain.bones.forEach((bone, index) => {
    const border = chain.borders[index];
    const passed = border ? ramp(border[0] - border[1], border[0] + border[1], position) : 0;
    addTo(weights, bone, rest * (1 - passed));
    rest *= passed;
  });
}

/** How much of a point belongs to the arm: none on the flank below the armpit. */
function armShare(rig: Rig, point: Vector3): number {
  const size = rig.lengths.height;
  const below = Math.max(0, (rig.left.shoulder[2] - 0.02 * size - point[2]) / size);
  return ramp(-0.062 * size, 0.03 * size, point[1] - rig.left.shoulder[1] - 1.1 * below * size);
}

function legShare(rig: Rig, point: Vector3): number {
  const size = rig.lengths.height;
  const fromHip = subtract(point, rig.left.hip);
  // The fold of the groin runs from the hip bone down to the crotch; behind, the seat goes with the leg later.
  const down = dot(fromHip, restLegDirection(rig)) + 0.22 * (point[1] - rig.left.hip[1]) + 0.1 * point[0];
  const across = ramp(-0.004 * size, 0.016 * size, point[1]);
  return ramp(-0.045 * size, 0.06 * size, down) * (0.5 + 0.5 * across);
}

function addTrunk(rig: Rig, point: Vector3, side: BodySide, weight: number, weights: Weights): void {
  const size = rig.lengths.height;
  const { lumbarHeight, thoraxHeight, neckHeight, headHeight } = rig.lengths;
  const clavicle =
    ramp(0.02 * size, 0.1 * size, point[1]) *
    ramp(rig.lengths.shoulderHeight - 0.07 * size, rig.lengths.shoulderHeight, point[2]);
  const onNeck = ramp(neckHeight - 0.02 * size, neckHeight + 0.015 * size, point[2]);
  const share = 0.75 * clavicle * (1 - onNeck);
  addTo(weights, `${side}-clavicle`, weight * share);
  addChain(
    weights,
    {
      bones: ['pelvis', 'lumbar', 'thorax', 'neck', 'head'],
      borders: [
        [lumbarHeight - 0.008 * size, 0.03 * size],
        [thoraxHeight, 0.045 * size],
        [neckHeight, 0.016 * size],
        [headHeight, 0.014 * size],
      ],
    },
    point[2],
    weight * (1 - share),
  );
}

function addArm(rig: Rig, point: Vector3, side: BodySide, weight: number, weights: Weights): void {
  const { upperArm, forearm } = rig.lengths;
  const along = point[1] - rig.left.shoulder[1];
  const bone = (name: SideBone): BoneName => `${side}-${name}`;
  addChain(
    weights,
    {
      bones: armBones.map(bone),
      borders: [
        [0.13 * upperArm, 0.16 * upperArm],
        [0.58 * upperArm, 0.3 * upperArm],
        [upperArm - 0.026, 0.03],
        [upperArm + 0.026, 0.03],
        [upperArm + 0.55 * forearm, 0.35 * forearm],
        [upperArm + forearm, 0.02],
      ],
    },
    along,
    weight,
  );
}

function addLeg(rig: Rig, point: Vector3, side: BodySide, weight: number, weights: Weights): void {
  const { thigh, height } = rig.lengths;
  const along = dot(subtract(point, rig.left.hip), restLegDirection(rig));
  const bone = (name: SideBone): BoneName => `${side}-${name}`;
  const ankle = rig.left.ankle;
  const onFoot = 1 - ramp(ankle[2] - 0.006 * height, ankle[2] + 0.02 * height, point[2]);
  const onToes = ramp(rig.left.ball[0] - 0.008 * height, rig.left.ball[0] + 0.014 * height, point[0]);
  addTo(weights, bone('toes'), weight * onFoot * onToes);
  addTo(weights, bone('foot'), weight * onFoot * (1 - onToes));
  addChain(
    weights,
    {
      bones: (['hipHalf', 'thigh', 'kneeHalf', 'shank'] as const).map(bone),
      borders: [
        [0.11 * thigh, 0.16 * thigh],
        [thigh - 0.034, 0.036],
        [thigh + 0.034, 0.036],
      ],
    },
    along,
    weight * (1 - onFoot),
  );
}
