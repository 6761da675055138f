/** Bones that lie apart by this are half alike. */
const halfDegrees = 22;

/**
 * How alike, 0..10, two directions are: 10 where they are the same, falling ever lower, never below 0. Calibrated on
 * what is usual: two throws of one pitcher in one session lie 4 degrees apart in a laboratory (9.6), two pitchers 24
 * (5.1); at right angles 0.6. Flat at 10, so that small differences hardly count, and level far out, so that one limb
 * that does something else costs no more than its share.
 */
export function scoreOfDegrees(degrees: number): number {
  return 10 / (1 + (degrees / halfDegrees) ** 2);
}
