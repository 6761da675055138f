import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src-main/contract/job-view.ts';
import { queueStatisticsSchema } from '../../../src-main/contract/queue-views.ts';
import { percentilesOf, queueStatistics } from '../../../src-main/core/metrics/queue-statistics.ts';

const now = Date.parse('2026-05-01T12:00:30Z');
const at = (secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString();
const job = (more: Partial<JobView>): JobView => ({
  id: 'a',
  kind: 'analyse-clip',
  clipSha256: '0'.repeat(64),
  status: 'queued',
  createdAt: at(100),
  ...more,
});
const counts = { waiting: 2, delayed: 1, active: 1, 'waiting-children': 3, completed: 5, failed: 1 };

describe('queueStatistics', () => {
  it('counts what waits, runs and rests', () => {
    const jobs = (['queued', 'queued', 'running', 'cancelling', 'paused', 'done'] as const).map((status) =>
      job({ status }),
    );
    const queues = [{ name: 'pose', counts, isPaused: false }] as const;
    const statistics = queueStatistics({ jobs, queues, now });
    expect(statistics.depth).toEqual({ queued: 2, running: 2, paused: 1 });
    expect(statistics.queues).toEqual([
      { name: 'pose', waiting: 2, delayed: 1, active: 1, waitingForChunks: 3, isPaused: false },
    ]);
    expect(queueStatisticsSchema.parse(statistics)).toEqual(statistics);
  });

  it('measures waiting from queued to started and work from started to ended, of what is done', () => {
    const jobs = [
      ...[1, 2, 3].map((wait) => job({ status: 'done', startedAt: at(100 - wait), endedAt: at(90 - wait) })),
      job({ status: 'failed', startedAt: at(50), endedAt: at(1) }),
      job({ status: 'cancelled', endedAt: at(1) }),
    ];
    const { all, kinds } = queueStatistics({ jobs, queues: [], now });
    expect(all).toEqual({
      done: 3,
      failed: 1,
      cancelled: 1,
      successRate: 0.75,
      waitSeconds: { p50: 2, p90: 3, p99: 3 },
      runSeconds: { p50: 10, p90: 10, p99: 10 },
    });
    expect(kinds).toEqual({ 'analyse-clip': all });
  });

  it('says nothing of what has not happened, and never a time below zero', () => {
    expect(queueStatistics({ jobs: [], queues: [], now }).all).toEqual({ done: 0, failed: 0, cancelled: 0 });
    const early = job({ status: 'done', startedAt: at(101), endedAt: at(102) });
    expect(queueStatistics({ jobs: [early], queues: [], now }).all.waitSeconds?.p50).toBe(0);
  });

  it('spreads endings over the minutes of the last hour', () => {
    const ended = [0, 29, 31, 3600 - 31, 3600, 7200].map((ago) => job({ status: 'done', endedAt: at(ago) }));
    const { perMinute, perHour } = queueStatistics({
      jobs: [...ended, job({ status: 'failed', endedAt: at(5) }), job({ status: 'cancelled', endedAt: at(5) })],
      queues: [],
      now,
    });
    expect(perMinute).toHaveLength(60);
    expect(perMinute.at(-1)).toEqual({ done: 2, failed: 1 });
    expect(perMinute.at(-2)).toEqual({ done: 1, failed: 0 });
    expect(perMinute[0]).toEqual({ done: 1, failed: 0 });
    expect(perHour).toBe(5);
  });

  it('is paused when every queue is', () => {
    const queue = (name: 'pose' | 'media', isPaused: boolean) => ({ name, counts, isPaused });
    const isPaused = (...queues: ReturnType<typeof queue>[]): boolean =>
      queueStatistics({ jobs: [], queues, now }).isPaused;
    expect(isPaused(queue('pose', true), queue('media', true))).toBe(true);
    expect(isPaused(queue('pose', true), queue('media', false))).toBe(false);
  });
});

describe('percentilesOf', () => {
  it('takes values that occurred, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentilesOf(hundred)).toEqual({ p50: 50, p90: 90, p99: 99 });
    expect(percentilesOf([4])).toEqual({ p50: 4, p90: 4, p99: 4 });
    expect(percentilesOf([])).toBeUndefined();
  });
});
