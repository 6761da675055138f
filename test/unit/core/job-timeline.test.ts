import { describe, expect, it } from 'vitest';
import { mergeTimeline, originOf, type TimelineSource } from '../../../src-main/core/jobs/job-timeline.ts';
import { type JobLogLine, readJobLog, type TimelineEntry } from '../../../worker/protocol/timeline.ts';

const line = (at: number, kind: TimelineEntry['kind'], more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at,
  kind,
  ...more,
});
const merge = (log: JobLogLine[], more: Partial<TimelineSource> = {}) =>
  mergeTimeline({ log, status: 'running', createdAt: 0, ...more });
const kinds = (timeline: readonly TimelineEntry[]): string[] =>
  timeline.map(({ kind, chunk }) => (chunk === undefined ? kind : `${kind} ${chunk}`));

describe('mergeTimeline', () => {
  it('puts a job and its chunks in order of time, whoever wrote first', () => {
    const log = [
      line(10, 'started', { worker: 'a' }),
      line(11, 'stage', { worker: 'a', stage: 'probe' }),
      line(20, 'queued', { worker: 'a', stage: 'pose' }),
      line(31, 'started', { worker: 'b', chunk: 1 }),
      line(30, 'started', { worker: 'a', chunk: 0 }),
      line(41, 'done', { worker: 'b', chunk: 1 }),
      line(40, 'done', { worker: 'a', chunk: 0 }),
      line(50, 'started', { worker: 'b' }),
      line(60, 'done', { worker: 'b' }),
    ];
    expect(kinds(merge(log, { status: 'done', endedAt: 61 }))).toEqual([
      'queued',
      'started',
      'stage',
      'queued',
      'started 0',
      'started 1',
      'done 0',
      'done 1',
      'started',
      'done',
    ]);
  });

  it('tells that a worker died on a chunk from its second start, and leaves the other lanes alone', () => {
    const log = [
      line(5, 'started', { worker: 'a' }),
      line(6, 'queued', { worker: 'a', stage: 'pose' }),
      line(10, 'started', { worker: 'a', chunk: 0, attempt: 1 }),
      line(11, 'stage', { worker: 'a', chunk: 0, attempt: 1, stage: 'pose' }),
      line(12, 'started', { worker: 'b', chunk: 1 }),
      line(30, 'started', { worker: 'b', chunk: 0, attempt: 1 }),
    ];
    const stalls = merge(log).filter(({ kind }) => kind === 'stalled');
    expect(stalls).toEqual([{ at: 30, kind: 'stalled', chunk: 0, worker: 'a', stage: 'pose', attempt: 1 }]);
  });

  it('takes no visit for dead that ended in any way', () => {
    for (const end of ['retry', 'queued', 'stalled', 'failed', 'cancelled'] as const) {
      const log = [line(1, 'started', { worker: 'a' }), line(2, end), line(3, 'started', { worker: 'b' })];
      expect(kinds(merge(log)).filter((kind) => kind === 'stalled')).toHaveLength(end === 'stalled' ? 1 : 0);
    }
    const paused = [line(1, 'started', { worker: 'a' }), line(2, 'paused'), line(3, 'queued', { worker: 'a' })];
    expect(kinds(merge([...paused, line(4, 'resumed'), line(5, 'started')]))).not.toContain('stalled');
  });

  it('says how a job ended where no worker was asked, once', () => {
    const failure = { code: 'POISONED', message: 'It was set aside.' } as const;
    const log = [line(1, 'started', { worker: 'a' })];
    const ended = { status: 'failed', endedAt: 9, failure } as const;
    expect(merge(log, ended).at(-1)).toEqual({ at: 9, kind: 'failed', failure });
    const written = merge([...log, line(8, 'failed', { worker: 'a', failure })], ended);
    expect(written.at(-1)).toMatchObject({ at: 8, worker: 'a' });
    expect(merge([line(4, 'cancelled')], { status: 'cancelled' }).at(-1)).toMatchObject({ at: 4, kind: 'cancelled' });
  });

  it('keeps the story of an earlier life', () => {
    const log = [
      line(-50, 'queued'),
      line(-40, 'started', { worker: 'a' }),
      line(-30, 'failed', { worker: 'a' }),
      line(1, 'retry'),
      line(2, 'started', { worker: 'b' }),
      line(3, 'done', { worker: 'b' }),
    ];
    expect(kinds(merge(log, { status: 'done', endedAt: 3 }))).toEqual([
      'queued',
      'started',
      'failed',
      'queued',
      'retry',
      'started',
      'done',
    ]);
  });
});

describe('originOf', () => {
  it('is what the failure says, or else the last death', () => {
    const origin = { stage: 'pose', worker: 'a', attempt: 3 } as const;
    expect(originOf([], { code: 'FFMPEG_FAILED', message: 'No.', origin })).toEqual(origin);
    const stalls = [
      line(1, 'stalled', { worker: 'a', stage: 'pose' }),
      line(2, 'stalled', { worker: 'b', stage: 'store' }),
    ];
    const failure = { code: 'POISONED', message: 'Set aside.' } as const;
    expect(originOf(stalls, failure)).toEqual({ stage: 'store', worker: 'b', attempt: 1 });
    expect(originOf(stalls, undefined)).toBeUndefined();
    expect(originOf([], failure)).toBeUndefined();
  });
});

describe('readJobLog', () => {
  it('keeps what it does not understand as a note, at the time of the line before', () => {
    const started = line(7, 'started', { worker: 'a' });
    const log = readJobLog([JSON.stringify(started), 'plain text', '{"at":9,"kind":"exploded"}']);
    expect(log).toEqual([
      started,
      { at: 7, kind: 'note', text: 'plain text' },
      { at: 7, kind: 'note', text: '{"at":9,"kind":"exploded"}' },
    ]);
  });
});
