/**
 * A regulation mound: level around the rubber, then falling one inch in a foot towards home plate
 * (Official Baseball Rules, appendix 2), the break rounded over 10 cm.
 */
const slopePerMetre = 1 / 12;
const levelUntil = 0.15;
const moundTopAboveField = 0.254;

/** Height of the ground at x metres towards home plate. */
export type Ground = (x: number) => number;

export const levelGround: Ground = () => 0;

/** Height of the ground, metres above the rubber, at x metres from it towards home plate. */
export function groundHeight(x: number): number {
  const rounding = 0.05;
  const along = x - levelUntil;
  const past = along < -rounding ? 0 : along > rounding ? along : (along + rounding) ** 2 / (4 * rounding);
  return -Math.min(past * slopePerMetre, moundTopAboveField);
}
