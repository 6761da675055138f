import {
  BufferAttribute,
  BufferGeometry,
  CatmullRomCurve3,
  Color,
  DynamicDrawUsage,
  Mesh,
  MeshBasicMaterial,
  Vector3,
} from 'three';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import { tubeIndex } from './part-geometry.ts';

const rings = 160;
const around = 6;
/** Metres, where the joint is now; it thins out towards where it was. */
const radiusMetres = 0.011;
/** What is left of it at its beginning. */
const leastAlpha = 0.06;

export interface GhostTrail {
  readonly mesh: Mesh;
  /** Draws the path, oldest first; nothing for fewer than two points. */
  follow(path: readonly Vector[]): void;
  dispose(): void;
}

/** A path through space as a thread that fades towards its beginning. */
export function createGhostTrail(colour: string): GhostTrail {
  const geometry = new BufferGeometry();
  const position = new BufferAttribute(new Float32Array(rings * around * 3), 3).setUsage(DynamicDrawUsage);
  geometry.setAttribute('position', position);
  geometry.setAttribute('color', fadingColours(colour));
  geometry.setIndex(tubeIndex(rings, around));
  const material = new MeshBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false });
  const mesh = new Mesh(geometry, material);
  mesh.frustumCulled = false;
  mesh.renderOrder = 6;
  mesh.visible = false;
  return {
    mesh,
    follow(path) {
      mesh.visible = path.length >= 2;
      if (!mesh.visible) return;
      const curve = new CatmullRomCurve3(
        path.map(([x, y, z]) => new Vector3(x, y, z)),
        false,
        'centripetal',
      );
      const side = new Vector3();
      const above = new Vector3();
      for (let ring = 0; ring < rings; ring++) {
        const share = ring / (rings - 1);
        const centre = curve.getPoint(share);
        const tangent = curve.getTangent(share);
        side.set(-tangent.z, 0, tangent.x);
        if (side.lengthSq() < 1e-6) side.set(1, 0, 0);
        side.normalize();
        above.crossVectors(side, tangent).normalize();
        const radius = radiusMetres * (0.25 + 0.75 * share);
        for (let i = 0; i < around; i++) {
          const turn = (i / around) * 2 * Math.PI;
          const [c, s] = [Math.cos(turn) * radius, Math.sin(turn) * radius];
          position.setXYZ(
            ring * around + i,
            centre.x + side.x * c + above.x * s,
            centre.y + side.y * c + above.y * s,
            centre.z + side.z * c + above.z * s,
          );
        }
      }
      position.needsUpdate = true;
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

function fadingColours(colour: string): BufferAttribute {
  const { r, g, b } = new Color(colour);
  const colours = new BufferAttribute(new Float32Array(rings * around * 4), 4);
  for (let vertex = 0; vertex < rings * around; vertex++) {
    const share = Math.floor(vertex / around) / (rings - 1);
    colours.setXYZW(vertex, r, g, b, leastAlpha + (0.85 - leastAlpha) * share ** 1.5);
  }
  return colours;
}
