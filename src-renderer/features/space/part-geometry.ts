import { BufferGeometry, Float32BufferAttribute, LatheGeometry, SphereGeometry, Vector2 } from 'three';
import type { PartForm } from './place-parts.ts';

/** Radius along a limb that is 1 long, metres of a body of 1.8 m. */
const profiles = {
  thigh: [0.086, 0.086, 0.083, 0.077, 0.069, 0.062, 0.056, 0.053],
  shank: [0.052, 0.054, 0.059, 0.058, 0.051, 0.043, 0.038, 0.036],
  upperArm: [0.055, 0.054, 0.051, 0.05, 0.048, 0.044, 0.04, 0.038],
  forearm: [0.038, 0.043, 0.044, 0.042, 0.038, 0.034, 0.03, 0.0275],
  neck: [0.056, 0.054, 0.052, 0.052, 0.052, 0.053],
} as const;

/** The form as `PlacedPart.axes` expects it. To be disposed of by whoever asks for it. */
export function partGeometry(form: PartForm): BufferGeometry {
  switch (form) {
    case 'ball':
      return new SphereGeometry(1, 24, 16);
    case 'head':
      return headGeometry();
    case 'hand':
      return handGeometry();
    case 'foot':
      return footGeometry();
    default: {
      const radii = profiles[form];
      const points = radii.map((radius, i) => new Vector2(radius, i / (radii.length - 1)));
      return new LatheGeometry(points, 24);
    }
  }
}

/** An egg: broad above, narrower towards the chin, with a nose. x to its left, y up, z forward; ears at the origin. */
function headGeometry(): BufferGeometry {
  const geometry = new SphereGeometry(1, 32, 24);
  const position = geometry.getAttribute('position');
  for (let i = 0; i < position.count; i++) {
    const [x, y, z] = [position.getX(i), position.getY(i), position.getZ(i)];
    const jaw = y < 0 ? 1 + 0.34 * y : 1;
    const chin = y < 0 ? -0.018 * y : 0;
    const nose = z > 0 ? 0.022 * Math.exp(-((x / 0.16) ** 2) - ((y + 0.12) / 0.22) ** 2) : 0;
    position.setXYZ(
      i,
      x * 0.074 * jaw,
      y * 0.117 + 0.012,
      z * 0.095 * (y < 0 ? 1 + 0.14 * y : 1) + chin + nose + 0.008,
    );
  }
  geometry.computeVertexNormals();
  return geometry;
}

/** A loose mitten, 1 long in y. */
function handGeometry(): BufferGeometry {
  const geometry = new SphereGeometry(1, 20, 16);
  const position = geometry.getAttribute('position');
  for (let i = 0; i < position.count; i++) {
    const along = (position.getY(i) + 1) / 2;
    const broad = 0.03 + 0.016 * Math.sin(Math.PI * Math.min(1, along * 1.1));
    position.setXYZ(i, position.getX(i) * broad, -0.06 + along * 1.06, position.getZ(i) * 0.026);
  }
  geometry.computeVertexNormals();
  return geometry;
}

/** Along a shoe, heel to toe: half of its width, its height, how far its sole is off the ground. Metres. */
const shoe = [
  [0, 0.006, 0.03, 0.022],
  [0.02, 0.026, 0.062, 0.004],
  [0.12, 0.034, 0.082, 0],
  [0.28, 0.036, 0.088, 0],
  [0.45, 0.037, 0.07, 0.002],
  [0.62, 0.044, 0.056, 0.001],
  [0.78, 0.047, 0.048, 0],
  [0.9, 0.04, 0.041, 0.002],
  [0.97, 0.026, 0.033, 0.007],
  [1, 0.006, 0.022, 0.014],
] as const;
const aroundShoe = 18;

/** 1 long in z, its heel a little behind the origin, its sole on y = 0. */
function footGeometry(): BufferGeometry {
  const positions = shoe.flatMap(([along, half, top, sole]) =>
    Array.from({ length: aroundShoe }, (_, i) => {
      const turn = (i / aroundShoe) * 2 * Math.PI;
      // Squarer than an oval, so that the sole is flat.
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      const square = (value: number) => Math.sign(value) * Math.abs(value) ** 0.62;
      const middle = (top + sole) / 2;
      return [half * square(c) * (s > 0 ? 1 - 0.28 * s : 1), middle + ((top - sole) / 2) * square(s), along - 0.1];
    }).flat(),
  );
  return tube(positions, shoe.length, aroundShoe);
}

/** A closed surface over rings of as many points each. */
export function tube(positions: number[], rings: number, around: number): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setIndex(tubeIndex(rings, around));
  geometry.computeVertexNormals();
  return geometry;
}

/** Triangles between rings whose points run against the clock, seen from where the rings go to. */
export function tubeIndex(rings: number, around: number): number[] {
  const index: number[] = [];
  for (let ring = 0; ring + 1 < rings; ring++) {
    for (let i = 0; i < around; i++) {
      const a = ring * around + i;
      const b = ring * around + ((i + 1) % around);
      index.push(a, b, a + around, b, b + around, a + around);
    }
  }
  return index;
}
