import type { Vector3 } from '../vector.ts';
import type { Field } from './distance-field.ts';

/** Triangles of a closed surface, outward normals. */
export interface SurfaceMesh {
  /** [V × 3] metres. */
  readonly positions: Float32Array;
  /** [V × 3] unit length. */
  readonly normals: Float32Array;
  /** [T × 3]. */
  readonly triangles: Uint32Array;
}

export interface MeshRequest {
  readonly field: Field;
  readonly low: Vector3;
  readonly high: Vector3;
  /** Edge of a grid cell, metres. */
  readonly cell: number;
}

const block = 6;

/** Surface of a field by surface nets (Gibson 1998), every vertex then pulled onto the surface itself. */
export function surfaceMesh({ field, low, high, cell }: MeshRequest): SurfaceMesh {
  const count = ([0, 1, 2] as const).map((axis) => Math.ceil((high[axis] - low[axis]) / cell / block) * block + 1);
  const [nx = 0, ny = 0, nz = 0] = count;
  const values = sampleNearSurface({ field, low, high, cell }, nx, ny, nz);
  const index = (i: number, j: number, k: number): number => (k * ny + j) * nx + i;
  const vertexOfCell = new Map<number, number>();
  const positions: number[] = [];
  const normals: number[] = [];
  const triangles: number[] = [];

  for (let k = 0; k < nz - 1; k++) {
    for (let j = 0; j < ny - 1; j++) {
      for (let i = 0; i < nx - 1; i++) {
        const crossing = cellCrossing(values, index(i, j, k), nx, nx * ny);
        if (!crossing) continue;
        const start: Vector3 = [
          low[0] + (i + crossing[0]) * cell,
          low[1] + (j + crossing[1]) * cell,
          low[2] + (k + crossing[2]) * cell,
        ];
        const { point, normal } = pullOntoSurface(field, start, cell);
        vertexOfCell.set(index(i, j, k), positions.length / 3);
        positions.push(...point);
        normals.push(...normal);
      }
    }
  }

  const strides = [1, nx, nx * ny] as const;
  for (const at of vertexOfCell.keys()) {
    for (const axis of [0, 1, 2] as const) {
      const a = values[at] ?? Number.NaN;
      const b = values[at + strides[axis]] ?? Number.NaN;
      if (Number.isNaN(a) || Number.isNaN(b) || a < 0 === b < 0) continue;
      const strideU = strides[(axis + 1) % 3] ?? 0;
      const strideV = strides[(axis + 2) % 3] ?? 0;
      const quad = [at, at - strideU, at - strideU - strideV, at - strideV].map((corner) => vertexOfCell.get(corner));
      const [p, q, r, s] = a < 0 ? quad : quad.toReversed();
      if (p === undefined || q === undefined || r === undefined || s === undefined) continue;
      triangles.push(p, q, r, p, r, s);
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    triangles: Uint32Array.from(triangles),
  };
}

/** Field values on the grid; NaN in blocks that the surface does not come near. */
function sampleNearSurface({ field, low, cell }: MeshRequest, nx: number, ny: number, nz: number): Float32Array {
  const values = new Float32Array(nx * ny * nz).fill(Number.NaN);
  const radius = (block * cell * Math.sqrt(3)) / 2;
  const half = (block * cell) / 2;
  for (let k0 = 0; k0 < nz - 1; k0 += block) {
    for (let j0 = 0; j0 < ny - 1; j0 += block) {
      for (let i0 = 0; i0 < nx - 1; i0 += block) {
        const [x, y, z] = [low[0] + i0 * cell, low[1] + j0 * cell, low[2] + k0 * cell];
        if (Math.abs(field(x + half, y + half, z + half)) > 1.8 * radius) continue;
        for (let k = 0; k <= block; k++) {
          for (let j = 0; j <= block; j++) {
            for (let i = 0; i <= block; i++) {
              values[((k0 + k) * ny + j0 + j) * nx + i0 + i] = field(x + i * cell, y + j * cell, z + k * cell);
            }
          }
        }
      }
    }
  }
  return values;
}

const edges = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const;

/** Mean of the points where the surface crosses the cell's edges, in shares of the cell. */
function cellCrossing(values: Float32Array, at: number, strideY: number, strideZ: number): Vector3 | undefined {
  const corner = (c: number): number =>
    values[at + (c & 1) + ((c >> 1) & 1) * strideY + ((c >> 2) & 1) * strideZ] ?? Number.NaN;
  const first = corner(0);
  if (Number.isNaN(first)) return undefined;
  let [x, y, z, crossings] = [0, 0, 0, 0];
  for (const [a, b] of edges) {
    const valueA = corner(a);
    const valueB = corner(b);
    if (Number.isNaN(valueA) || Number.isNaN(valueB)) return undefined;
    if (valueA < 0 === valueB < 0) continue;
    const share = valueA / (valueA - valueB);
    x += (a & 1) + share * ((b & 1) - (a & 1));
    y += ((a >> 1) & 1) + share * (((b >> 1) & 1) - ((a >> 1) & 1));
    z += ((a >> 2) & 1) + share * (((b >> 2) & 1) - ((a >> 2) & 1));
    crossings++;
  }
  return crossings === 0 ? undefined : [x / crossings, y / crossings, z / crossings];
}

function pullOntoSurface(field: Field, start: Vector3, cell: number): { point: Vector3; normal: Vector3 } {
  const step = cell * 0.2;
  let [x, y, z] = start;
  let normal: Vector3 = [0, 0, 1];
  for (let round = 0; round < 3; round++) {
    const gx = field(x + step, y, z) - field(x - step, y, z);
    const gy = field(x, y + step, z) - field(x, y - step, z);
    const gz = field(x, y, z + step) - field(x, y, z - step);
    const size = Math.hypot(gx, gy, gz) || 1;
    normal = [gx / size, gy / size, gz / size];
    if (round === 2) break;
    const slope = size / (2 * step);
    const move = Math.max(-0.6 * cell, Math.min(0.6 * cell, field(x, y, z) / Math.max(0.3, slope)));
    x -= normal[0] * move;
    y -= normal[1] * move;
    z -= normal[2] * move;
  }
  return { point: [x, y, z], normal };
}
