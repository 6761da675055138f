/** How an angle is told from the others: colour says the side, the dash says the joint. */
import type { AngleDescriptor } from '../../../worker/protocol/analysis.ts';

const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2]];

export interface AngleStyle {
  /** Name of the token. */
  readonly token: '--left-ink' | '--right-ink' | '--middle-ink';
  readonly dash: readonly number[];
}

/** The same joint has the same dash on both sides. */
export function angleStyle(angles: readonly AngleDescriptor[], id: string): AngleStyle {
  const angle = angles.find((candidate) => candidate.id === id);
  const joints = [...new Set(angles.map(jointOf))];
  const joint = angle === undefined ? 0 : joints.indexOf(jointOf(angle));
  const token = angle === undefined || angle.side === 'middle' ? '--middle-ink' : (`--${angle.side}-ink` as const);
  return { token, dash: dashes[Math.max(0, joint) % dashes.length] ?? [] };
}

function jointOf({ id, side }: AngleDescriptor): string {
  return id.toLowerCase().replace(side, '');
}
