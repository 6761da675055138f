import type { JointMotion } from './joint-motion.ts';

/**
 * Of a drawn pitcher's wrist the way along the line of sight was found wrong by up to half a metre where the way across
 * it was right to two centimetres: speeds of the guess hide those of the picture.
 */
const keptShare = 0.2;

/** The motion as the picture shows it: of what lies along the line of sight a part is kept. The motion itself without one. */
export function acrossSight(motion: JointMotion): JointMotion {
  const { lineOfSight } = motion;
  if (lineOfSight === undefined) return motion;
  const [x = 0, y = 0, z = 0] = lineOfSight;
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points]) => {
      const flat = Float64Array.from(points);
      for (let at = 0; at < flat.length; at += 3) {
        const [a, b, c] = [points[at] as number, points[at + 1] as number, points[at + 2] as number];
        const taken = (1 - keptShare) * (a * x + b * y + c * z);
        flat[at] = a - taken * x;
        flat[at + 1] = b - taken * y;
        flat[at + 2] = c - taken * z;
      }
      return [name, flat];
    }),
  );
  return { ...motion, joints };
}
