import { subtract, type Vector } from '../../../worker/biomechanics/vectors.ts';

/** Turns, scales and shifts points in space; never mirrors them. */
export interface Similarity {
  readonly scale: number;
  /** Row by row. */
  readonly rotation: readonly (readonly [number, number, number])[];
  readonly shift: Vector;
}

/**
 * The similarity that brings `from` closest to `to` in the sum of squares (Umeyama 1991; the rotation as the largest
 * eigenvector of Horn's matrix, 1987). Points that correspond, of equal number, without NaN. Fewer than three points,
 * or all in one place, give undefined.
 */
export function bestSimilarity(from: readonly Vector[], to: readonly Vector[]): Similarity | undefined {
  if (from.length < 3 || from.length !== to.length) return undefined;
  const [fromCentre, toCentre] = [centroid(from), centroid(to)];
  const a = from.map((point) => subtract(point, fromCentre));
  const b = to.map((point) => subtract(point, toCentre));
  const size = a.reduce((sum, point) => sum + point.reduce((squares, value) => squares + value * value, 0), 0);
  if (!(size > 0)) return undefined;
  const m = (row: number, column: number): number =>
    a.reduce((sum, point, index) => sum + (point[row] ?? 0) * (b[index]?.[column] ?? 0), 0);
  const trace = m(0, 0) + m(1, 1) + m(2, 2);
  const twist = [m(1, 2) - m(2, 1), m(2, 0) - m(0, 2), m(0, 1) - m(1, 0)];
  const horn = [
    [trace, ...twist],
    ...[0, 1, 2].map((row) => [
      twist[row] ?? 0,
      ...[0, 1, 2].map((column) => m(row, column) + m(column, row) - (row === column ? trace : 0)),
    ]),
  ];
  const { value, vector } = largestEigenpair(horn);
  const rotation = rotationOf(vector);
  // The largest eigenvalue is the sum over the points of b · (R a).
  const scale = value / size;
  const turned = turn(rotation, fromCentre).map((component) => component * scale);
  return { scale, rotation, shift: subtract(toCentre, turned) };
}

export function applySimilarity({ scale, rotation, shift }: Similarity, point: Vector): number[] {
  return turn(rotation, point).map((value, axis) => value * scale + (shift[axis] ?? Number.NaN));
}

function turn(rotation: Similarity['rotation'], point: Vector): number[] {
  return rotation.map((row) => row.reduce((sum, value, axis) => sum + value * (point[axis] ?? Number.NaN), 0));
}

function centroid(points: readonly Vector[]): number[] {
  return [0, 1, 2].map((axis) => points.reduce((sum, point) => sum + (point[axis] ?? Number.NaN), 0) / points.length);
}

/** Of a unit quaternion, scalar first. */
function rotationOf([w = 1, x = 0, y = 0, z = 0]: readonly number[]): Similarity['rotation'] {
  return [
    [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
  ];
}

/** Of a symmetric matrix, by Jacobi's rotations. */
function largestEigenpair(symmetric: readonly (readonly number[])[]): { value: number; vector: number[] } {
  const size = symmetric.length;
  const matrix = symmetric.map((row) => [...row]);
  const vectors = symmetric.map((_, row) => symmetric.map((__, column) => (row === column ? 1 : 0)));
  const at = (rows: readonly number[][], row: number, column: number): number => rows[row]?.[column] ?? 0;
  const rotate = (rows: number[][], p: number, q: number, c: number, s: number): void => {
    for (const row of rows) {
      const [first, second] = [row[p] ?? 0, row[q] ?? 0];
      row[p] = c * first - s * second;
      row[q] = s * first + c * second;
    }
  };
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = at(matrix, p, q);
        if (apq === 0) continue;
        const angle = 0.5 * Math.atan2(2 * apq, at(matrix, q, q) - at(matrix, p, p));
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        rotate(matrix, p, q, c, s);
        const transposed = matrix.map((_, column) => matrix.map((row) => row[column] ?? 0));
        rotate(transposed, p, q, c, s);
        transposed.forEach((row, column) => {
          row.forEach((value, index) => {
            const target = matrix[index];
            if (target) target[column] = value;
          });
        });
        rotate(vectors, p, q, c, s);
      }
    }
  }
  const values = matrix.map((row, index) => row[index] ?? Number.NaN);
  const value = Math.max(...values);
  const column = values.indexOf(value);
  return { value, vector: vectors.map((row) => row[column] ?? 0) };
}
