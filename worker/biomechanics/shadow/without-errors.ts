import type { JointName } from '../joint-motion.ts';

/** Mean squared angle of every joint in a phase, degrees². */
export interface SquaresOfPhase {
  readonly id: string;
  readonly squares: Readonly<Partial<Record<JointName, number>>>;
}

/**
 * Errors add to the squares of angles what disturbing adds once more: so much is taken off the observed ones. What the
 * draws differ by is laid around that; a draw that lacks a joint says nothing of it. Without draws, as observed.
 */
export function withoutErrors<Phase extends SquaresOfPhase>(
  observed: readonly Phase[],
  disturbed: readonly (readonly SquaresOfPhase[])[],
): { readonly without: readonly Phase[]; readonly drawn: readonly (readonly Phase[])[] } {
  const draws = disturbed.map((phases) => new Map(phases.map(({ id, squares }) => [id, squares])));
  if (draws.length === 0) return { without: observed, drawn: [] };
  const changed = (change: (square: number, again: readonly number[]) => number): readonly Phase[] =>
    observed.map((phase) => ({
      ...phase,
      squares: Object.fromEntries(
        Object.entries(phase.squares).map(([joint, square]) => {
          const again = draws.map((phases) => phases.get(phase.id)?.[joint as JointName] ?? square);
          return [joint, Math.max(0, change(square, again))];
        }),
      ),
    }));
  const meanOf = (again: readonly number[]): number => again.reduce((sum, square) => sum + square, 0) / again.length;
  return {
    without: changed((square, again) => 2 * square - meanOf(again)),
    drawn: draws.map((_, draw) => changed((square, again) => 2 * square - 2 * meanOf(again) + (again[draw] as number))),
  };
}
