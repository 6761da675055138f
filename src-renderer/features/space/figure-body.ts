import {
  BufferAttribute,
  type BufferGeometry,
  Color,
  DynamicDrawUsage,
  Group,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  Vector3,
} from 'three';
import type { Side } from '../../../models/skeletons.ts';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import type { FigureJoints } from './figure-of-motion.ts';
import { partGeometry, tube, tubeIndex } from './part-geometry.ts';
import { type PartForm, placeParts } from './place-parts.ts';
import { type TrunkRing, trunkRingCount, trunkRings } from './trunk-rings.ts';

export interface FigurePalette extends Readonly<Record<Side, string>> {
  /** 1: solid. Less: everything shows through, and no shadow is cast on the floor. */
  readonly opacity: number;
}

export interface FigureBody {
  readonly group: Group;
  /** Takes the pose; undefined hides the body. Returns how many joints it has. */
  pose(joints: FigureJoints | undefined): number;
  dispose(): void;
}

/** Share of its opacity that an uncertain part keeps. */
const uncertainShare = 0.34;
const aroundTrunk = 32;

interface Part {
  readonly solid: Mesh;
  /** Writes only depth, so that of a translucent body only its outside is seen. */
  readonly depth: Mesh;
}

/** A body of three's meshes, made once and posed for every frame. */
export function createFigureBody(options: { readonly build: number; readonly palette: FigurePalette }): FigureBody {
  const { build, palette } = options;
  const group = new Group();
  const geometries = new Map<PartForm | 'trunk', BufferGeometry>();
  const depthOnly = new MeshBasicMaterial({ colorWrite: false, transparent: true });
  const materials = {
    certain: bySide(palette, palette.opacity),
    uncertain: bySide(palette, palette.opacity * uncertainShare),
  };
  const parts = new Map<string, Part>();
  const layer = palette.opacity < 1 ? 3 : 1;

  const partOf = (id: string, form: PartForm | 'trunk'): Part => {
    const known = parts.get(id);
    if (known !== undefined) return known;
    const geometry = geometries.get(form) ?? (form === 'trunk' ? trunkGeometry() : partGeometry(form));
    geometries.set(form, geometry);
    const part = { solid: new Mesh(geometry), depth: new Mesh(geometry, depthOnly) };
    for (const mesh of [part.solid, part.depth]) {
      mesh.matrixAutoUpdate = false;
      // The trunk's points move; a sphere around them would have to be found anew in every frame.
      mesh.frustumCulled = false;
      group.add(mesh);
    }
    part.depth.renderOrder = layer;
    part.solid.renderOrder = layer + 1;
    parts.set(id, part);
    return part;
  };
  const show = ({ solid, depth }: Part, side: Side, isCertain: boolean) => {
    const material = materials[isCertain ? 'certain' : 'uncertain'][side];
    solid.material = material;
    solid.castShadow = palette.opacity === 1;
    solid.visible = true;
    depth.visible = material.transparent;
  };

  return {
    group,
    pose(joints) {
      for (const { solid, depth } of parts.values()) {
        solid.visible = false;
        depth.visible = false;
      }
      if (joints === undefined) return 0;
      const trunk = trunkRings(joints, build);
      if (trunk !== undefined) {
        const part = partOf('trunk', 'trunk');
        writeTrunk(part.solid.geometry, trunk.rings);
        show(part, 'middle', trunk.isCertain);
      }
      for (const { id, form, side, isCertain, origin, axes } of placeParts(joints, build)) {
        const part = partOf(id, form);
        const [x, y, z] = axes;
        part.solid.matrix.copy(new Matrix4().makeBasis(vector(x), vector(y), vector(z))).setPosition(vector(origin));
        part.depth.matrix.copy(part.solid.matrix);
        for (const mesh of [part.solid, part.depth]) mesh.matrixWorldNeedsUpdate = true;
        show(part, side, isCertain);
      }
      return Object.keys(joints).length;
    },
    dispose() {
      group.clear();
      for (const geometry of geometries.values()) geometry.dispose();
      for (const kind of Object.values(materials)) for (const material of Object.values(kind)) material.dispose();
      depthOnly.dispose();
    },
  };
}

function bySide(palette: FigurePalette, opacity: number): Record<Side, MeshStandardMaterial> {
  const material = (side: Side) =>
    new MeshStandardMaterial({
      ...{ color: new Color(palette[side]), roughness: 0.7, metalness: 0 },
      ...{ transparent: opacity < 1, opacity },
    });
  return { left: material('left'), right: material('right'), middle: material('middle') };
}

function vector([x = 0, y = 0, z = 0]: Vector): Vector3 {
  return new Vector3(x, y, z);
}

function trunkGeometry(): BufferGeometry {
  const geometry = tube(new Array<number>(trunkRingCount * aroundTrunk * 3).fill(0), trunkRingCount, aroundTrunk);
  const position = geometry.getAttribute('position');
  if (position instanceof BufferAttribute) position.setUsage(DynamicDrawUsage);
  geometry.setIndex(tubeIndex(trunkRingCount, aroundTrunk));
  return geometry;
}

function writeTrunk(geometry: BufferGeometry, rings: readonly TrunkRing[]): void {
  const position = geometry.getAttribute('position');
  rings.forEach(({ centre, across, forward }, ring) => {
    for (let i = 0; i < aroundTrunk; i++) {
      const turn = (i / aroundTrunk) * 2 * Math.PI;
      // From the left over the back, so that the surface faces outward. Flatter before and behind than an oval.
      const side = Math.cos(turn);
      const front = -Math.sign(Math.sin(turn)) * Math.abs(Math.sin(turn)) ** 0.85;
      const at = (axis: 0 | 1 | 2) => (centre[axis] ?? 0) + (across[axis] ?? 0) * side + (forward[axis] ?? 0) * front;
      position.setXYZ(ring * aroundTrunk + i, at(0), at(1), at(2));
    }
  });
  position.needsUpdate = true;
  geometry.computeVertexNormals();
}
