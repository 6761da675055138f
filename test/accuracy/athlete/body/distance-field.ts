/**
 * Signed distance fields: negative inside, metres. Distances are approximate away from the surface.
 * Square roots are written out: Math.hypot takes several times as long, and these run a million times.
 */
import type { Vector3 } from '../vector.ts';

export type Field = (x: number, y: number, z: number) => number;

/** Union whose seam is rounded over about `softness` metres (polynomial smooth minimum, Quilez 2013). */
export function softUnion(softness: number, ...fields: readonly Field[]): Field {
  return (x, y, z) => {
    let result = Number.POSITIVE_INFINITY;
    for (const field of fields) result = softMinimum(result, field(x, y, z), softness);
    return result;
  };
}

function softMinimum(a: number, b: number, softness: number): number {
  const overlap = Math.max(softness - Math.abs(a - b), 0) / softness;
  return Math.min(a, b) - (overlap * overlap * softness) / 4;
}

/** `body` without `tool`, the edge rounded. */
export function softCut(softness: number, body: Field, tool: Field): Field {
  return (x, y, z) => -softMinimum(-body(x, y, z), tool(x, y, z), softness);
}

export function mirrored(field: Field): Field {
  return (x, y, z) => field(x, -y, z);
}

export function bothSides(softness: number, field: Field): Field {
  return softUnion(softness, field, mirrored(field));
}

export function ellipsoid(center: Vector3, radii: Vector3): Field {
  const [cx, cy, cz] = center;
  const [rx, ry, rz] = radii;
  const smallest = Math.min(rx, ry, rz);
  return (x, y, z) => {
    const u = (x - cx) / rx;
    const v = (y - cy) / ry;
    const w = (z - cz) / rz;
    const relative = Math.sqrt(u * u + v * v + w * w);
    const slope = Math.sqrt((u / rx) ** 2 + (v / ry) ** 2 + (w / rz) ** 2);
    return slope < 1e-9 ? -smallest : (relative * (relative - 1)) / slope;
  };
}

/** Round rod from a to b, its radius going from `radiusA` to `radiusB`. */
export function rod(a: Vector3, b: Vector3, radiusA: number, radiusB = radiusA): Field {
  const axis: Vector3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const squared = axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2;
  return (x, y, z) => {
    const px = x - a[0];
    const py = y - a[1];
    const pz = z - a[2];
    const share = Math.max(0, Math.min(1, (px * axis[0] + py * axis[1] + pz * axis[2]) / squared));
    const dx = px - axis[0] * share;
    const dy = py - axis[1] * share;
    const dz = pz - axis[2] * share;
    return Math.sqrt(dx * dx + dy * dy + dz * dz) - (radiusA + (radiusB - radiusA) * share);
  };
}

/** The half space on the side away from `normal` (unit length). */
export function halfSpace(point: Vector3, normal: Vector3): Field {
  const offset = point[0] * normal[0] + point[1] * normal[1] + point[2] * normal[2];
  return (x, y, z) => x * normal[0] + y * normal[1] + z * normal[2] - offset;
}

/** [share of the way, radius along u, radius along v, centre's shift along u, along v]. */
export type LoftRow = readonly [share: number, radiusU: number, radiusV: number, shiftU?: number, shiftV?: number];

export interface Loft {
  readonly from: Vector3;
  readonly to: Vector3;
  /** Direction of u across the axis, unit length; v is axis × u. */
  readonly u: Vector3;
  readonly rows: readonly LoftRow[];
  /** Length of the rounded ends against their radius: near 0 is a flat end. */
  readonly roundness?: number;
}

const tableSize = 128;

/** Elliptical cross-sections along an axis, smoothly joined: a limb with its muscles. */
export function loft(shape: Loft): Field {
  const [ax, ay, az] = shape.from;
  const dx = shape.to[0] - ax;
  const dy = shape.to[1] - ay;
  const dz = shape.to[2] - az;
  const span = Math.hypot(dx, dy, dz);
  const [tx, ty, tz] = [dx / span, dy / span, dz / span];
  const [ux, uy, uz] = shape.u;
  const [vx, vy, vz] = [ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux];
  const table = loftTable(shape.rows);
  const roundness = shape.roundness ?? 0.7;
  return (x, y, z) => {
    const px = x - ax;
    const py = y - ay;
    const pz = z - az;
    const along = px * tx + py * ty + pz * tz;
    const clamped = Math.max(0, Math.min(span, along));
    const position = (clamped / span) * (tableSize - 1);
    const row = Math.min(tableSize - 2, Math.floor(position));
    const share = position - row;
    const value = (column: number): number => {
      const start = table[row * 4 + column] ?? 0;
      return start + ((table[row * 4 + 4 + column] ?? 0) - start) * share;
    };
    const radiusU = value(0);
    const radiusV = value(1);
    const u = (px * ux + py * uy + pz * uz - value(2)) / radiusU;
    const v = (px * vx + py * vy + pz * vz - value(3)) / radiusV;
    const radiusEnd = Math.min(radiusU, radiusV) * roundness;
    const w = (along - clamped) / radiusEnd;
    const relative = Math.sqrt(u * u + v * v + w * w);
    const slope = Math.sqrt((u / radiusU) ** 2 + (v / radiusV) ** 2 + (w / radiusEnd) ** 2);
    return slope < 1e-9 ? -Math.min(radiusU, radiusV) : (relative * (relative - 1)) / slope;
  };
}

function loftTable(rows: readonly LoftRow[]): Float64Array {
  const table = new Float64Array(tableSize * 4);
  for (let sample = 0; sample < tableSize; sample++) {
    const share = sample / (tableSize - 1);
    let next = rows.findIndex((row) => row[0] >= share);
    if (next < 0) next = rows.length - 1;
    const at = (index: number, column: number): number =>
      rows[Math.max(0, Math.min(rows.length - 1, index))]?.[column] ?? 0;
    const width = at(next, 0) - at(next - 1, 0);
    const t = width > 0 ? (share - at(next - 1, 0)) / width : 0;
    for (let column = 1; column <= 4; column++) {
      const [a, b, c, d] = [at(next - 2, column), at(next - 1, column), at(next, column), at(next + 1, column)];
      // Catmull-Rom on the row index: rows stand close enough together not to mind their uneven spacing.
      const curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
      table[sample * 4 + column - 1] = curve;
    }
  }
  return table;
}
