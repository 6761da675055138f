import { scale, type Vector3 } from '../vector.ts';
import { bodyField } from './body-shape.ts';
import { type Field, mirrored } from './distance-field.ts';
import { capField, gloveField, handField, headField } from './head-shape.ts';
import type { PartName } from './part-names.ts';
import type { BodySide, BoneName, Rig } from './rig.ts';
import { bodyWeights, rigidWeights, type SkinWeights } from './skin-weights.ts';
import { type MeshRequest, type SurfaceMesh, surfaceMesh } from './surface-mesh.ts';

/** One drawn part of the athlete in the rest pose. */
export interface AthletePart extends SurfaceMesh, SkinWeights {
  readonly name: PartName;
}

export interface Outfit {
  /** The other hand wears a glove; without a throwing hand both are bare. */
  readonly throwingHand?: BodySide;
  readonly cap: boolean;
}

const modelHeight = 1.86;
/** The cap's brim is a centimetre thick: cells much larger than it leave crumbs of it. */
const brimCoarseness = 1.4;

/** All surfaces of the athlete. At `coarseness` 1 that takes a few seconds; higher, the square of it less. */
export function athleteParts(
  rig: Rig,
  outfit: Outfit = { throwingHand: 'right', cap: true },
  coarseness = 1,
): readonly AthletePart[] {
  const size = rig.lengths.height / modelHeight;
  const grown =
    (field: Field): Field =>
    (x, y, z) =>
      field(x / size, y / size, z / size) * size;
  const wrist = rig.left.wrist;
  const atWrist = (field: Field, side: BodySide): Field => {
    const fieldNow = grown(field);
    const onLeft: Field = (x, y, z) => fieldNow(x - wrist[0], y - wrist[1], z - wrist[2]);
    return side === 'left' ? onLeft : mirrored(onLeft);
  };
  const box = (low: Vector3, high: Vector3): { low: Vector3; high: Vector3 } => ({
    low: scale(low, size),
    high: scale(high, size),
  });
  const aroundWrist = (side: BodySide, reach: number): { low: Vector3; high: Vector3 } => {
    const near = wrist[1] - 0.07 * size;
    const far = wrist[1] + reach * size;
    const [low, high] = side === 'left' ? [near, far] : [-far, -near];
    return {
      low: [wrist[0] - 0.08 * size, low, wrist[2] - 0.14 * size],
      high: [wrist[0] + 0.14 * size, high, wrist[2] + 0.16 * size],
    };
  };
  const mesh = (request: Omit<MeshRequest, 'cell'>, cell: number, coarsest = coarseness): SurfaceMesh =>
    surfaceMesh({ ...request, cell: cell * size * Math.min(coarseness, coarsest) });
  const rigid = (name: PartName, bone: BoneName, surface: SurfaceMesh): AthletePart => ({
    name,
    ...surface,
    ...rigidWeights(surface, bone),
  });
  const hand = (side: BodySide): AthletePart =>
    rigid('hand', `${side}-hand`, mesh({ field: atWrist(handField, side), ...aroundWrist(side, 0.24) }, 0.006));
  const glove = (side: BodySide): AthletePart =>
    rigid('glove', `${side}-hand`, mesh({ field: atWrist(gloveField, side), ...aroundWrist(side, 0.32) }, 0.0065));

  const body = mesh({ field: bodyField(rig), ...box([-0.24, -0.9, -0.02], [0.32, 0.9, 1.7]) }, 0.0105);
  const headBox = box([-0.14, -0.11, 1.56], [0.14, 0.11, 1.88]);
  const capBox = box([-0.14, -0.11, 1.72], [0.21, 0.11, 1.9]);
  const { throwingHand } = outfit;
  return [
    { name: 'body', ...body, ...bodyWeights(rig, body) },
    rigid('head', 'head', mesh({ field: grown(headField), ...headBox }, 0.005)),
    ...(outfit.cap ? [rigid('cap', 'head', mesh({ field: grown(capField), ...capBox }, 0.005, brimCoarseness))] : []),
    hand(throwingHand ?? 'right'),
    throwingHand === undefined ? hand('left') : glove(throwingHand === 'left' ? 'right' : 'left'),
  ];
}
