import { describe, expect, it } from 'vitest';
import { ganttOf } from '../../../src-renderer/features/queue/gantt-bars.ts';
import type { TimelineEntry } from '../../../worker/protocol/timeline.ts';

const story: TimelineEntry[] = [
  { at: 0, kind: 'queued' },
  { at: 10, kind: 'started', worker: 'a', stage: 'probe' },
  { at: 20, kind: 'stage', worker: 'a', stage: 'scout' },
  { at: 30, kind: 'queued', worker: 'a', stage: 'pose' },
  { at: 30, kind: 'started', worker: 'a', chunk: 0, stage: 'pose' },
  { at: 32, kind: 'started', worker: 'b', chunk: 1, stage: 'pose' },
  { at: 33, kind: 'stage', worker: 'b', chunk: 1, stage: 'pose' },
  { at: 50, kind: 'stalled', worker: 'b', chunk: 1, stage: 'pose' },
  { at: 60, kind: 'done', worker: 'a', chunk: 0 },
  { at: 70, kind: 'started', worker: 'a', chunk: 1, stage: 'pose' },
];

describe('ganttOf', () => {
  it('gives each worker a lane with a bar for each stage and chunk', () => {
    const { lanes } = ganttOf([...story, { at: 90, kind: 'done', worker: 'a', chunk: 1 }], 1000);
    expect(lanes.map(({ worker }) => worker)).toEqual(['a', 'b']);
    expect(lanes[0]?.bars).toEqual([
      { from: 10, to: 20, chunk: undefined, stage: 'probe', end: 'left' },
      { from: 20, to: 30, chunk: undefined, stage: 'scout', end: 'left' },
      { from: 30, to: 60, chunk: 0, stage: 'pose', end: 'done' },
      { from: 70, to: 90, chunk: 1, stage: 'pose', end: 'done' },
    ]);
    expect(lanes[1]?.bars).toEqual([{ from: 32, to: 50, chunk: 1, stage: 'pose', end: 'stalled' }]);
  });

  it('shows when nobody worked, and lets an open bar reach until now', () => {
    const running = ganttOf(story, 100);
    expect(running.waits).toEqual([
      { from: 0, to: 10 },
      { from: 60, to: 70 },
    ]);
    expect(running.to).toBe(100);
    expect(running.lanes[0]?.bars.at(-1)).toMatchObject({ to: 100, end: 'open' });
    // The clock of a worker may be ahead of this one.
    expect(ganttOf(story, 5).to).toBe(70);
  });

  it('ends where the story ended, however late it is looked at', () => {
    const ended = ganttOf([...story.slice(0, 2), { at: 25, kind: 'failed', worker: 'a' }], 9999);
    expect([ended.from, ended.to]).toEqual([0, 25]);
    expect(ended.lanes[0]?.bars).toEqual([{ from: 10, to: 25, chunk: undefined, stage: 'probe', end: 'failed' }]);
    expect(ganttOf([], 7)).toEqual({ from: 7, to: 7, lanes: [], waits: [] });
  });
});
