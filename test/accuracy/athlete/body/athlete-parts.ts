import { mirror, scale, type Vector3 } from '../vector.ts';
import { bodyField } from './body-shape.ts';
import { type Field, mirrored } from './distance-field.ts';
import { capField, gloveField, handField, headField } from './head-shape.ts';
import type { PartName } from './part-names.ts';
import type { Rig } from './rig.ts';
import { bodyWeights, rigidWeights, type SkinWeights } from './skin-weights.ts';
import { type SurfaceMesh, surfaceMesh } from './surface-mesh.ts';

/** One drawn part of the athlete in the rest pose. */
export interface AthletePart extends SurfaceMesh, SkinWeights {
  readonly name: PartName;
}

const modelHeight = 1.86;

/** All surfaces of the athlete: throwing hand on the right, glove on the left. Takes a few seconds. */
export function athleteParts(rig: Rig): readonly AthletePart[] {
  const size = rig.lengths.height / modelHeight;
  const skin = (name: PartName, mesh: SurfaceMesh, weights: SkinWeights): AthletePart => ({
    name,
    ...mesh,
    ...weights,
  });
  const grown =
    (field: Field): Field =>
    (x, y, z) =>
      field(x / size, y / size, z / size) * size;
  const at = (field: Field, origin: Vector3): Field => {
    const fieldNow = grown(field);
    return (x, y, z) => fieldNow(x - origin[0], y - origin[1], z - origin[2]);
  };
  const box = (low: Vector3, high: Vector3): { low: Vector3; high: Vector3 } => ({
    low: scale(low, size),
    high: scale(high, size),
  });
  const body = surfaceMesh({
    field: bodyField(rig),
    ...box([-0.24, -0.9, -0.02], [0.32, 0.9, 1.7]),
    cell: 0.0105 * size,
  });
  const head = surfaceMesh({
    field: grown(headField),
    ...box([-0.14, -0.11, 1.56], [0.14, 0.11, 1.88]),
    cell: 0.005 * size,
  });
  const cap = surfaceMesh({
    field: grown(capField),
    ...box([-0.14, -0.11, 1.72], [0.21, 0.11, 1.9]),
    cell: 0.005 * size,
  });
  const wristRight = rig.right.wrist;
  const wristLeft = rig.left.wrist;
  const around = (wrist: Vector3, side: number, reach: number): { low: Vector3; high: Vector3 } => ({
    low: [wrist[0] - 0.08 * size, wrist[1] + (side > 0 ? -0.07 : -reach) * size, wrist[2] - 0.14 * size],
    high: [wrist[0] + 0.14 * size, wrist[1] + (side > 0 ? reach : 0.07) * size, wrist[2] + 0.16 * size],
  });
  const hand = surfaceMesh({
    field: mirrored(at(handField, mirror(wristRight))),
    ...around(wristRight, -1, 0.24),
    cell: 0.006 * size,
  });
  const glove = surfaceMesh({ field: at(gloveField, wristLeft), ...around(wristLeft, 1, 0.32), cell: 0.0065 * size });
  return [
    skin('body', body, bodyWeights(rig, body)),
    skin('head', head, rigidWeights(head, 'head')),
    skin('cap', cap, rigidWeights(cap, 'head')),
    skin('hand', hand, rigidWeights(hand, 'right-hand')),
    skin('glove', glove, rigidWeights(glove, 'left-hand')),
  ];
}
