import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobView } from '../../../src-main/contract/job-view.ts';
import type { QueueNotice } from '../../../src-main/contract/queue-views.ts';
import { type BatchWatch, createBatchWatch } from '../../../src-main/core/jobs/batch-watch.ts';

const since = Date.parse('2026-05-01T12:00:00Z');
let notices: QueueNotice[];
let watch: BatchWatch;
beforeEach(() => {
  vi.useFakeTimers();
  notices = [];
  watch = createBatchWatch({ since, onNotice: (notice) => notices.push(notice), quietMilliseconds: 1000 });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

const view = (clip: string, status: JobView['status'], more: Partial<JobView> = {}): JobView => ({
  id: `${more.kind ?? 'analyse-clip'} ${clip}`,
  kind: 'analyse-clip',
  clipSha256: clip.padStart(64, '0'),
  clipName: `${clip}.mp4`,
  status,
  createdAt: new Date(since).toISOString(),
  ...(status === 'running' || status === 'queued' ? {} : { endedAt: new Date(since + 1000).toISOString() }),
  ...(status === 'failed' && { failure: { code: 'CLIP_NO_VIDEO', message: 'There is no video in it.' } }),
  ...more,
});
const run = (clip: string, status: JobView['status'], more?: Partial<JobView>): void => {
  watch.observe(view(clip, 'running', more));
  watch.observe(view(clip, status, more));
};
const messages = (): string[] => notices.map(({ message }) => message);

describe('batch watch', () => {
  it('tells of a batch once it has been quiet for a while, with what became of it', () => {
    for (const clip of ['1', '2', '3']) watch.observe(view(clip, 'queued'));
    for (const clip of ['1', '2']) watch.observe(view(clip, 'done'));
    vi.advanceTimersByTime(5000);
    expect(notices).toEqual([]);
    watch.observe(view('3', 'failed'));
    vi.advanceTimersByTime(999);
    expect(messages()).toEqual(['3.mp4: There is no video in it.']);
    vi.advanceTimersByTime(1);
    expect(notices.at(-1)).toEqual({ kind: 'batch-ended', message: '2 clips ready, 1 failed.', ready: 2, failed: 1 });
    vi.advanceTimersByTime(60_000);
    expect(notices).toHaveLength(2);
  });

  it('says nothing of a single clip that went well, nor of what was cancelled', () => {
    run('1', 'done');
    vi.advanceTimersByTime(1000);
    run('2', 'cancelled');
    run('3', 'cancelled');
    vi.advanceTimersByTime(1000);
    expect(notices).toEqual([]);
  });

  it('tells at once of the first job that dies, and of the others only in the sum', () => {
    for (const clip of ['1', '2', '3']) run(clip, 'failed');
    expect(messages()).toEqual(['1.mp4: There is no video in it.']);
    vi.advanceTimersByTime(1000);
    expect(messages().at(-1)).toBe('3 clips failed.');
    run('4', 'failed');
    vi.advanceTimersByTime(1000);
    expect(messages().at(-1)).toBe('4.mp4: There is no video in it.');
  });

  it('counts a clip once, failed when any of its jobs did', () => {
    run('1', 'failed', { kind: 'prepare-playback' });
    run('1', 'done');
    run('2', 'done', { kind: 'prepare-playback' });
    run('2', 'done');
    run('2', 'done', { kind: 'export-analysis' });
    vi.advanceTimersByTime(1000);
    expect(notices.at(-1)).toMatchObject({ ready: 1, failed: 1 });
  });

  it('waits for clips that are still on their way', () => {
    const isComplete = watch.expectMore();
    run('1', 'done');
    vi.advanceTimersByTime(60_000);
    expect(notices).toEqual([]);
    run('2', 'done');
    isComplete();
    isComplete();
    vi.advanceTimersByTime(1000);
    expect(messages()).toEqual(['2 clips ready.']);
  });

  it('has no news of what ended before the app started, or is shown again', () => {
    const before = { endedAt: new Date(since - 1).toISOString() };
    watch.observe(view('1', 'failed', before));
    watch.observe(view('2', 'failed', before));
    vi.advanceTimersByTime(1000);
    expect(notices).toEqual([]);
    run('3', 'failed');
    watch.observe(view('3', 'failed'));
    vi.advanceTimersByTime(1000);
    watch.observe(view('3', 'failed'));
    vi.advanceTimersByTime(1000);
    expect(notices).toHaveLength(1);
  });
});
