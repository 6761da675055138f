import { describe, expect, it } from 'vitest';
import { angleRows, angleStyle } from '../../../src-renderer/features/analysis/angle-style.ts';
import type { AngleDescriptor } from '../../../worker/protocol/analysis.ts';

const angle = (id: string, label: string, side: AngleDescriptor['side']): AngleDescriptor => ({
  ...{ id, label, side },
  unit: 'degrees',
});
const angles = [
  angle('left-elbow', 'Left elbow flexion', 'left'),
  angle('left-knee', 'Left knee flexion', 'left'),
  angle('right-elbow', 'Right elbow flexion', 'right'),
  angle('trunk', 'Trunk tilt', 'middle'),
];

describe('angles', () => {
  it('puts left and right of a joint in one row', () => {
    expect(angleRows(angles).map((row) => [row.label, row.left?.id, row.right?.id, row.middle?.id])).toEqual([
      ['Elbow flexion', 'left-elbow', 'right-elbow', undefined],
      ['Knee flexion', 'left-knee', undefined, undefined],
      ['Trunk tilt', undefined, undefined, 'trunk'],
    ]);
  });

  it('gives the side a colour and the joint a dash', () => {
    const chosen = ['left-knee', 'left-elbow', 'right-elbow'];
    const style = (id: string) => angleStyle({ angles, chosen, id });
    expect(style('left-knee')).toEqual({ token: '--left-ink', dash: [] });
    expect(style('left-elbow').dash).toEqual(style('right-elbow').dash);
    expect(style('left-elbow').dash).not.toEqual([]);
    expect(style('right-elbow').token).toBe('--right-ink');
  });
});
