import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src-main/contract/calls.ts';
import { historyMinutes, historyOf } from '../../../src-renderer/features/queue/history-minutes.ts';

const now = Date.parse('2026-01-01T12:00:30Z');
const at = (minutes: number, seconds = 0): string =>
  new Date(now - 30_000 + minutes * 60_000 + seconds * 1000).toISOString();
let count = 0;
const job = (part: Partial<JobView>): JobView => ({
  ...{ id: `job-${count++}`, kind: 'analyse-clip', clipSha256: 'a'.repeat(64), status: 'queued', createdAt: at(-5) },
  ...part,
});

describe('historyOf', () => {
  it('is sixty minutes long, the running one last', () => {
    const minutes = historyOf([], now);
    expect(minutes).toHaveLength(historyMinutes);
    expect(minutes.at(-1)).toEqual({ at: now, done: 0, failed: 0, waiting: 0, running: 0 });
    expect(minutes.at(-2)?.at).toBe(now - 30_000);
  });
  it('counts what ended in the minute in which it ended; what was cancelled is no throughput', () => {
    const ended = { createdAt: at(-9), startedAt: at(-9, 1), endedAt: at(-2, 10) };
    const minutes = historyOf(
      [
        job({ ...ended, status: 'done' }),
        job({ ...ended, status: 'failed' }),
        job({ ...ended, status: 'cancelled' }),
        job({ ...ended, status: 'done', createdAt: at(-99), startedAt: at(-99), endedAt: at(-90) }),
      ],
      now,
    );
    expect(minutes.at(-3)).toMatchObject({ done: 1, failed: 1 });
    expect(minutes.reduce((sum, { done, failed }) => sum + done + failed, 0)).toBe(2);
  });
  it('knows what waited and ran at the end of each minute', () => {
    const minutes = historyOf(
      [
        job({ createdAt: at(-3, 5) }),
        job({ status: 'running', createdAt: at(-3, 5), startedAt: at(-2, 5) }),
        job({ status: 'done', createdAt: at(-3, 5), startedAt: at(-3, 6), endedAt: at(-1, 5) }),
        job({ status: 'cancelled', createdAt: at(-3, 5), endedAt: at(-2, 5) }),
      ],
      now,
    );
    const depth = minutes.slice(-5).map(({ waiting, running }) => [waiting, running]);
    expect(depth).toEqual([
      [0, 0],
      [3, 1],
      [1, 2],
      [1, 1],
      [1, 1],
    ]);
  });
  it('measures waits in the minute in which they ended, by nearest rank', () => {
    const waited = Array.from({ length: 10 }, (_, i) =>
      job({ status: 'running', createdAt: at(-1, 20 - i), startedAt: at(-1, 20) }),
    );
    const minutes = historyOf(waited, now);
    expect(minutes.at(-2)).toMatchObject({ waitHalf: 4, waitMost: 8 });
    expect(minutes.at(-1)?.waitHalf).toBeUndefined();
  });
});
