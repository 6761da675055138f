/** The dressed body below the head, in the rest pose, as a distance field. */
import { add, mix, normalize, subtract, type Vector3 } from '../vector.ts';
import {
  bothSides,
  ellipsoid,
  type Field,
  halfSpace,
  type Loft,
  type LoftRow,
  loft,
  rod,
  softCut,
  softUnion,
} from './distance-field.ts';
import type { Rig } from './rig.ts';

/** Height for which the girths below are written, metres. */
const modelHeight = 1.86;

/** Where clothes begin and end, metres for the model height; the colouring needs them too. */
export const clothes = { beltTop: 1.072, beltBottom: 1.034, sleeveLength: 0.2, cuffShare: 0.635 } as const;

type TrunkRow = readonly [height: number, halfDepth: number, halfWidth: number, forward: number];

/** Jersey and seat of the trousers, bottom to top. */
const trunkRows: readonly TrunkRow[] = [
  [0.87, 0.1, 0.14, -0.006],
  [0.92, 0.117, 0.168, -0.01],
  [0.97, 0.125, 0.178, -0.012],
  [1.01, 0.12, 0.172, -0.008],
  [1.036, 0.115, 0.163, -0.006],
  [1.07, 0.114, 0.16, -0.006],
  [1.09, 0.124, 0.171, -0.004],
  [1.14, 0.122, 0.168, -0.006],
  [1.22, 0.126, 0.171, -0.01],
  [1.3, 0.136, 0.18, -0.012],
  [1.37, 0.138, 0.186, -0.014],
  [1.43, 0.126, 0.178, -0.02],
  [1.48, 0.1, 0.148, -0.024],
  [1.52, 0.073, 0.096, -0.026],
  [1.56, 0.062, 0.066, -0.026],
];

const armRows: readonly LoftRow[] = [
  [0, 0.058, 0.064],
  [0.12, 0.062, 0.064, 0, 0.003],
  [0.25, 0.058, 0.059, 0, 0.002],
  [0.4, 0.052, 0.05, 0.005],
  [0.5, 0.047, 0.046, 0.004],
  [0.57, 0.04, 0.042],
  [0.62, 0.041, 0.044],
  [0.7, 0.045, 0.046, 0.002, 0.003],
  [0.8, 0.039, 0.04],
  [0.92, 0.029, 0.033],
  [1, 0.025, 0.031],
];

const sleeveRows: readonly LoftRow[] = [
  [0, 0.066, 0.072],
  [0.35, 0.068, 0.07],
  [0.7, 0.068, 0.067, 0, -0.003],
  [1, 0.071, 0.07, 0, -0.006],
];

/** Trousers, hip to cuff. */
const trouserRows: readonly LoftRow[] = [
  [0, 0.12, 0.1, -0.008],
  [0.1, 0.116, 0.1, -0.005],
  [0.28, 0.104, 0.094, 0.003],
  [0.52, 0.088, 0.082, 0.004],
  [0.68, 0.076, 0.073, 0.006],
  [0.79, 0.07, 0.068, 0.005],
  [0.88, 0.07, 0.068, -0.003],
  [0.96, 0.07, 0.067, -0.009],
  [1, 0.063, 0.061, -0.011],
];

/** Sock over the shank, knee to ankle. */
const shankRows: readonly LoftRow[] = [
  [0, 0.056, 0.054, 0.002],
  [0.15, 0.057, 0.054, -0.008],
  [0.32, 0.061, 0.057, -0.015],
  [0.5, 0.056, 0.052, -0.014],
  [0.7, 0.045, 0.042, -0.009],
  [0.86, 0.038, 0.036, -0.004],
  [1, 0.041, 0.037, 0],
];

/** Shoe, heel to toe: half width, half height, shift aside, shift up. */
const shoeRows: readonly LoftRow[] = [
  [0, 0.031, 0.036, 0, 0.042],
  [0.12, 0.037, 0.044, 0, 0.044],
  [0.3, 0.038, 0.047, 0, 0.045],
  [0.48, 0.04, 0.04, 0, 0.04],
  [0.64, 0.047, 0.033, 0, 0.033],
  [0.8, 0.05, 0.028, 0, 0.028],
  [0.93, 0.043, 0.024, 0, 0.026],
  [1, 0.03, 0.018, 0, 0.024],
];

export function bodyField(rig: Rig): Field {
  const size = rig.lengths.height / modelHeight;
  const girth = size * rig.parameters.build;
  const trunk = softUnion(
    0.05 * size,
    trunkLoft(size, girth),
    bothSides(
      0.03 * size,
      rod(s3(size, [-0.034, 0.036, 1.562]), s3(size, [-0.02, 0.17, 1.505]), 0.044 * girth, 0.056 * girth),
    ),
    bothSides(0.03 * size, ellipsoid(s3(size, [0.07, 0.085, 1.37]), s3(girth, [0.055, 0.085, 0.075]))),
    bothSides(0.03 * size, ellipsoid(s3(size, [-0.075, 0.08, 0.93]), s3(girth, [0.07, 0.085, 0.1]))),
  );
  const neck = rod(s3(size, [-0.028, 0, 1.5]), s3(size, [0.002, 0, 1.68]), 0.06 * girth, 0.054 * girth);
  const arm = bothSides(0.01 * size, armField(rig, girth));
  const sleeve = bothSides(0.01 * size, sleeveField(rig, size, girth));
  const collar = rod(s3(size, [-0.03, 0, 1.53]), s3(size, [-0.024, 0, 1.555]), 0.066 * girth);
  const upper = softUnion(0.012 * size, softUnion(0.055 * size, trunk, sleeve), arm, neck, collar);
  const leg = bothSides(0.012 * size, legField(rig, size, girth));
  return softUnion(0.045 * size, upper, leg);
}

function trunkLoft(size: number, girth: number): Field {
  const bottom = trunkRows[0]?.[0] ?? 0;
  const top = trunkRows.at(-1)?.[0] ?? 1;
  return loft({
    from: [0, 0, bottom * size],
    to: [0, 0, top * size],
    u: [1, 0, 0],
    rows: trunkRows.map(([height, depth, width, forward]) => [
      (height - bottom) / (top - bottom),
      depth * girth,
      width * girth,
      forward * size,
      0,
    ]),
  });
}

function armField(rig: Rig, girth: number): Field {
  const { shoulder, wrist } = rig.left;
  return loft({ from: shoulder, to: wrist, u: [1, 0, 0], rows: scaled(armRows, girth) });
}

function sleeveField(rig: Rig, size: number, girth: number): Field {
  const { shoulder } = rig.left;
  const end = add(shoulder, [0, clothes.sleeveLength * size, 0]);
  return loft({ from: shoulder, to: end, u: [1, 0, 0], rows: scaled(sleeveRows, girth), roundness: 0.12 });
}

function legField(rig: Rig, size: number, girth: number): Field {
  const { hip, knee, ankle } = rig.left;
  const cuff = mix(hip, ankle, clothes.cuffShare);
  const trousers: Loft = { from: hip, to: cuff, u: [1, 0, 0], rows: scaled(trouserRows, girth), roundness: 0.12 };
  const shank: Loft = { from: knee, to: ankle, u: [1, 0, 0], rows: scaled(shankRows, girth) };
  const heel: Vector3 = [ankle[0] - 0.072 * size, ankle[1], 0];
  const toe: Vector3 = [ankle[0] + 0.212 * size, ankle[1], 0];
  const shoe = softCut(
    0.008 * size,
    loft({ from: heel, to: toe, u: [0, 1, 0], rows: scaled(shoeRows, size), roundness: 0.8 }),
    halfSpace([0, 0, 0.004 * size], [0, 0, 1]),
  );
  const tongue = rod(
    add(ankle, s3(size, [-0.004, 0, 0.012])),
    add(ankle, s3(size, [0.05, 0, -0.03])),
    0.04 * size,
    0.034 * size,
  );
  return softUnion(
    0.01 * size,
    loft(trousers),
    softUnion(0.02 * size, loft(shank), softUnion(0.02 * size, shoe, tongue)),
  );
}

function scaled(rows: readonly LoftRow[], factor: number): readonly LoftRow[] {
  return rows.map(([share, u, v, shiftU = 0, shiftV = 0]) => [
    share,
    u * factor,
    v * factor,
    shiftU * factor,
    shiftV * factor,
  ]);
}

function s3(factor: number, v: Vector3): Vector3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor];
}

/** Direction of the left leg at rest, hip to ankle. */
export function restLegDirection(rig: Rig): Vector3 {
  return normalize(subtract(rig.left.ankle, rig.left.hip));
}
