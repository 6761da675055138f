/** How an angle is told from the others: colour says the side, the dash says the joint. */
import type { AngleDescriptor } from '../../../worker/protocol/analysis.ts';

const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2]];

export interface AngleStyle {
  /** Name of the token. */
  readonly token: '--left-ink' | '--right-ink' | '--middle-ink';
  /** Lengths of dashes and gaps in CSS pixels; empty: a whole line. */
  readonly dash: readonly number[];
}

/** The same joint has the same dash on both sides; the joint chosen first has a whole line. */
export function angleStyle(of: {
  readonly angles: readonly AngleDescriptor[];
  readonly chosen: readonly string[];
  readonly id: string;
}): AngleStyle {
  const angle = of.angles.find(({ id }) => id === of.id);
  const joints = [...new Set(of.chosen.map((id) => of.angles.find((other) => other.id === id)).map(jointOf))];
  const joint = Math.max(0, joints.indexOf(jointOf(angle)));
  const side = angle?.side ?? 'middle';
  return { token: `--${side}-ink`, dash: dashes[joint % dashes.length] ?? [] };
}

/** "Left elbow flexion" and "Right elbow flexion" are both "Elbow flexion". */
function jointOf(angle: AngleDescriptor | undefined): string {
  const words = angle?.label.replace(/^(left|right)\s+/i, '') ?? '';
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface AngleRow {
  readonly label: string;
  readonly left: AngleDescriptor | undefined;
  readonly right: AngleDescriptor | undefined;
  readonly middle: AngleDescriptor | undefined;
}

/** Angles with left and right of a joint beside each other, in the order in which joints first come. */
export function angleRows(angles: readonly AngleDescriptor[]): readonly AngleRow[] {
  return [...new Set(angles.map(jointOf))].map((label) => {
    const of = (side: AngleDescriptor['side']) =>
      angles.find((angle) => angle.side === side && jointOf(angle) === label);
    return { label, left: of('left'), right: of('right'), middle: of('middle') };
  });
}
