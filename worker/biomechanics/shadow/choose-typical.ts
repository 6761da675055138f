import { median } from '../median.ts';
import type { MeasuredRepetition } from '../profile.ts';
import { measureSimilarity } from './similarity.ts';

/** An athlete's "best five". */
export const usualCount = 5;

/**
 * The repetitions that are most like the others: those whose median angle to all the others is least, in the order
 * given. "Best" is what the athlete can repeat: a throw that went otherwise, or that was tracked badly, is unlike the
 * rest. Those that share no joint with any other come last.
 */
export function chooseTypical(
  repetitions: readonly MeasuredRepetition[],
  count: number = usualCount,
): MeasuredRepetition[] {
  if (repetitions.length <= count) return [...repetitions];
  const angles = repetitions.map(() => new Float64Array(repetitions.length).fill(Number.NaN));
  repetitions.forEach((athlete, row) => {
    repetitions.slice(row + 1).forEach((reference, after) => {
      const column = row + 1 + after;
      const degrees = measureSimilarity({ athlete, reference })?.degrees ?? Number.NaN;
      (angles[row] as Float64Array)[column] = degrees;
      (angles[column] as Float64Array)[row] = degrees;
    });
  });
  const distances = angles.map((row) => {
    const distance = median(row);
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
  });
  const order = [...repetitions.keys()].sort((a, b) => Number(distances[a]) - Number(distances[b]) || a - b);
  const chosen = new Set(order.slice(0, count));
  return repetitions.filter((_, i) => chosen.has(i));
}
