import { describe, expect, it } from 'vitest';
import { ellipsoid, halfSpace, loft, rod, softCut, softUnion } from '../../accuracy/athlete/body/distance-field.ts';
import { surfaceMesh } from '../../accuracy/athlete/body/surface-mesh.ts';

const box = { low: [-1, -1, -1], high: [1, 1, 1] } as const;

describe('surfaceMesh', () => {
  const mesh = surfaceMesh({ field: ellipsoid([0.05, 0, 0], [0.6, 0.6, 0.6]), ...box, cell: 0.08 });

  it('puts every vertex on the surface with its normal outwards', () => {
    for (let at = 0; at < mesh.positions.length; at += 3) {
      const x = (mesh.positions[at] ?? 0) - 0.05;
      const y = mesh.positions[at + 1] ?? 0;
      const z = mesh.positions[at + 2] ?? 0;
      expect(Math.hypot(x, y, z)).toBeCloseTo(0.6, 3);
      const along = x * (mesh.normals[at] ?? 0) + y * (mesh.normals[at + 1] ?? 0) + z * (mesh.normals[at + 2] ?? 0);
      expect(along).toBeGreaterThan(0.59);
    }
  });

  it('closes: every edge is walked once in each direction', () => {
    const walked = new Set<string>();
    for (let at = 0; at < mesh.triangles.length; at += 3) {
      for (const [a, b] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const) {
        const edge = `${mesh.triangles[at + a]}-${mesh.triangles[at + b]}`;
        expect(walked.has(edge)).toBe(false);
        walked.add(edge);
      }
    }
    for (const edge of walked) expect(walked.has(edge.split('-').toReversed().join('-'))).toBe(true);
  });

  it('winds its triangles anticlockwise seen from outside', () => {
    let volume = 0;
    const corner = (at: number): readonly [number, number, number] => {
      const vertex = (mesh.triangles[at] ?? 0) * 3;
      return [mesh.positions[vertex] ?? 0, mesh.positions[vertex + 1] ?? 0, mesh.positions[vertex + 2] ?? 0];
    };
    for (let at = 0; at < mesh.triangles.length; at += 3) {
      const [a, b, c] = [corner(at), corner(at + 1), corner(at + 2)];
      volume +=
        a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    }
    expect(volume / 6).toBeCloseTo((4 / 3) * Math.PI * 0.6 ** 3, 1);
  });
});

describe('distance fields', () => {
  it('join, cut and taper where they say', () => {
    const joined = softUnion(0.02, rod([0, 0, 0], [1, 0, 0], 0.2, 0.1), ellipsoid([2, 0, 0], [0.3, 0.2, 0.2]));
    expect(joined(0, 0.2, 0)).toBeCloseTo(0, 6);
    expect(joined(1, 0.1, 0)).toBeCloseTo(0, 6);
    expect(joined(2.3, 0, 0)).toBeCloseTo(0, 6);
    const cut = softCut(0.01, ellipsoid([0, 0, 0], [1, 1, 1]), halfSpace([0, 0, 0], [0, 0, 1]));
    expect(cut(0, 0, -0.5)).toBeGreaterThan(0);
    expect(cut(0, 0, 0.5)).toBeLessThan(0);
  });

  it('loft passes through its cross-sections', () => {
    const limb = loft({
      from: [0, 0, 0],
      to: [0, 0, 1],
      u: [1, 0, 0],
      rows: [
        [0, 0.1, 0.2],
        [0.5, 0.2, 0.1, 0.05],
        [1, 0.1, 0.1],
      ],
    });
    expect(limb(0.1, 0, 0)).toBeCloseTo(0, 6);
    expect(limb(0, 0.2, 0)).toBeCloseTo(0, 6);
    expect(limb(0.25, 0, 0.5)).toBeCloseTo(0, 3);
    expect(limb(0.05, 0.1, 0.5)).toBeCloseTo(0, 3);
  });
});
