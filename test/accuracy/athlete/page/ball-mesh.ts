import type { DrawableData } from './graphics.ts';

/** A sphere about the origin, carried by bone 0 alone. */
export function ballMesh(radius: number): DrawableData {
  const rings = 16;
  const sectors = 24;
  const positions: number[] = [];
  const normals: number[] = [];
  const triangles: number[] = [];
  for (let ring = 0; ring <= rings; ring++) {
    const polar = (ring / rings) * Math.PI;
    for (let sector = 0; sector <= sectors; sector++) {
      const turn = (sector / sectors) * 2 * Math.PI;
      const normal = [Math.sin(polar) * Math.cos(turn), Math.sin(polar) * Math.sin(turn), Math.cos(polar)];
      normals.push(...normal);
      positions.push(...normal.map((value) => value * radius));
      if (ring === rings || sector === sectors) continue;
      const at = ring * (sectors + 1) + sector;
      triangles.push(at, at + sectors + 1, at + 1, at + 1, at + sectors + 1, at + sectors + 2);
    }
  }
  const count = positions.length / 3;
  const weights = new Float32Array(count * 4);
  for (let vertex = 0; vertex < count; vertex++) weights[vertex * 4] = 1;
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    triangles: Uint32Array.from(triangles),
    bones: new Uint8Array(count * 4),
    weights,
  };
}
