/** Head, cap, hands and glove in the rest pose, written for an athlete of 1.86 m and scaled by the caller. */
import type { Vector3 } from '../vector.ts';
import { bothSides, ellipsoid, type Field, halfSpace, rod, softCut, softUnion } from './distance-field.ts';

/** Middles of the face's features, metres for the model height; left side. Colouring and truth need them too. */
export const face = {
  eye: [0.0795, 0.0315, 1.7365],
  eyeRadius: 0.0128,
  nose: [0.122, 0, 1.697],
  mouthCorner: [0.087, 0.025, 1.665],
  ear: [-0.006, 0.081, 1.722],
} as const satisfies Record<string, Vector3 | number>;

export const headField: Field = buildHead();
export const capField: Field = buildCap();

function buildHead(): Field {
  const skull = softUnion(
    0.035,
    ellipsoid([-0.012, 0, 1.765], [0.1, 0.077, 0.095]),
    ellipsoid([0.026, 0, 1.705], [0.066, 0.063, 0.082]),
    ellipsoid([0.028, 0, 1.664], [0.052, 0.052, 0.036]),
    ellipsoid([0.066, 0, 1.643], [0.025, 0.028, 0.02]),
  );
  const brow = bothSides(0.01, rod([0.092, 0.012, 1.752], [0.073, 0.05, 1.75], 0.0085, 0.008));
  const cheek = bothSides(0.01, ellipsoid([0.062, 0.042, 1.71], [0.024, 0.02, 0.018]));
  const nose = softUnion(
    0.012,
    rod([0.09, 0, 1.738], [0.1115, 0, 1.7], 0.0075, 0.0105),
    bothSides(0.006, ellipsoid([0.102, 0.0115, 1.694], [0.01, 0.007, 0.0075])),
  );
  const lips = softUnion(
    0.004,
    ellipsoid([0.089, 0, 1.6695], [0.011, 0.023, 0.0058]),
    ellipsoid([0.088, 0, 1.6595], [0.0115, 0.021, 0.0064]),
  );
  const ear = bothSides(
    0.004,
    softCut(
      0.006,
      softUnion(
        0.01,
        ellipsoid([-0.008, 0.077, 1.729], [0.021, 0.0095, 0.027]),
        ellipsoid([0.0, 0.074, 1.703], [0.011, 0.008, 0.016]),
      ),
      ellipsoid([-0.002, 0.088, 1.727], [0.011, 0.008, 0.016]),
    ),
  );
  const withFeatures = softUnion(0.012, softUnion(0.02, skull, brow, cheek), nose, lips);
  const sockets = bothSides(0.004, ellipsoid([0.095, 0.032, 1.7365], [0.02, 0.0175, 0.0105]));
  const carved = softCut(0.012, withFeatures, sockets);
  const eyes = bothSides(0.001, ellipsoid(face.eye, [face.eyeRadius, face.eyeRadius, face.eyeRadius]));
  const neckEnd = rod([-0.016, 0, 1.6], [-0.022, 0, 1.7], 0.054, 0.062);
  // Hair under the cap: a little thicker than the scalp behind the ears and at the nape.
  const hair = softCut(
    0.01,
    ellipsoid([-0.024, 0, 1.742], [0.096, 0.0785, 0.078]),
    halfSpace([0.012, 0, 1.7], [-0.93, 0, 0.367]),
  );
  return softUnion(0.006, softUnion(0.015, carved, neckEnd, hair), ear, eyes);
}

function buildCap(): Field {
  const dome = ellipsoid([-0.012, 0, 1.768], [0.11, 0.0865, 0.1055]);
  const crown = softCut(0.006, dome, halfSpace([0.09, 0, 1.777], [0.14, 0, 0.99]));
  const plate = ellipsoid([0.096, 0, 1.787], [0.079, 0.079, 0.0105]);
  const brim: Field = (x, y, z) => plate(x, y, z + 5.5 * y * y + 0.2 * (x - 0.08));
  const button = ellipsoid([-0.012, 0, 1.8745], [0.008, 0.008, 0.004]);
  const brimCut = softCut(0.004, brim, halfSpace([0.04, 0, 1.78], [1, 0, 0]));
  return softUnion(0.006, crown, brimCut, button);
}

/** Left hand about the wrist: fingers along +y, thumb +z, palm +x, bent round a ball. */
export const handField: Field = buildHand();

function buildHand(): Field {
  const palm = softUnion(
    0.02,
    rod([0, -0.02, 0], [0, 0.01, 0], 0.026, 0.027),
    ellipsoid([0.003, 0.055, 0], [0.02, 0.056, 0.043]),
    ellipsoid([0.016, 0.035, 0.022], [0.017, 0.036, 0.02]),
  );
  const fingers = [0.032, 0.011, -0.011, -0.031].map((across, finger) => {
    const long = [0.96, 1.05, 1, 0.8][finger] ?? 1;
    const curl = [0, 0, 0.35, 0.5][finger] ?? 0;
    const a: Vector3 = [0.002, 0.096 - Math.abs(across) * 0.2, across];
    const b: Vector3 = [a[0] + (0.012 + 0.02 * curl) * long, a[1] + 0.044 * long, across * 0.98];
    const c: Vector3 = [b[0] + (0.024 + 0.008 * curl) * long, b[1] + (0.02 - 0.03 * curl) * long, across * 0.9];
    const d: Vector3 = [c[0] + 0.022 * long, c[1] + (0.002 - 0.03 * curl) * long, across * 0.85];
    return softUnion(0.004, rod(a, b, 0.0105, 0.0095), rod(b, c, 0.0095, 0.0088), rod(c, d, 0.0088, 0.0078));
  });
  const thumb = softUnion(
    0.008,
    rod([0.01, 0.025, 0.03], [0.03, 0.062, 0.05], 0.0145, 0.012),
    rod([0.03, 0.062, 0.05], [0.056, 0.094, 0.044], 0.0115, 0.0095),
  );
  return softUnion(0.01, palm, softUnion(0.003, ...fingers), thumb);
}

/** Knuckles as BlazePose names them, from the wrist, left hand at rest. */
export const knuckles = {
  index: [0.004, 0.094, 0.032],
  pinky: [0.004, 0.09, -0.031],
  thumb: [0.03, 0.062, 0.05],
} as const satisfies Record<string, Vector3>;

export const gloveField: Field = buildGlove();

function buildGlove(): Field {
  const cuff = rod([0.002, -0.01, 0], [0.004, 0.05, 0], 0.044, 0.05);
  const heel = ellipsoid([0.012, 0.08, -0.008], [0.045, 0.075, 0.082]);
  const fingers = [0.05, 0.012, -0.026, -0.062].map((across, finger) => {
    const long = [0.95, 1, 0.97, 0.88][finger] ?? 1;
    const base: Vector3 = [-0.004, 0.1, across * 0.85];
    const middle: Vector3 = [0.004, 0.1 + 0.085 * long, across];
    const tip: Vector3 = [0.036, 0.1 + 0.15 * long, across * 1.02];
    return softUnion(0.008, rod(base, middle, 0.023, 0.021), rod(middle, tip, 0.021, 0.0165));
  });
  const thumb = softUnion(
    0.01,
    rod([0.02, 0.06, 0.06], [0.045, 0.14, 0.105], 0.027, 0.022),
    rod([0.045, 0.14, 0.105], [0.07, 0.2, 0.1], 0.022, 0.016),
  );
  const web = softUnion(
    0.01,
    rod([0.03, 0.15, 0.072], [0.05, 0.225, 0.08], 0.02, 0.012),
    rod([0.04, 0.2, 0.06], [0.06, 0.2, 0.1], 0.011),
  );
  const pocket = ellipsoid([0.082, 0.125, 0.01], [0.06, 0.085, 0.07]);
  return softCut(
    0.02,
    softUnion(0.014, softUnion(0.012, cuff, heel), softUnion(0.006, ...fingers), thumb, web),
    pocket,
  );
}
