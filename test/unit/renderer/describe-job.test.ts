import { describe, expect, it } from 'vitest';
import type { ClipView, JobView } from '../../../src-main/contract/calls.ts';
import { clipState, progressDetails, stageOf, timeLeft } from '../../../src-renderer/features/queue/describe-job.ts';
import { type ClipJobs, jobsByClip } from '../../../src-renderer/features/queue/jobs-store.ts';

const sha = 'a'.repeat(64);
const clip: ClipView = {
  clip: { sha256: sha, mediaType: 'video/mp4', byteLength: 1 },
  name: 'throw.mp4',
  addedAt: '2026-01-01',
  analysisIds: [],
};
const job = (part: Partial<JobView>): JobView => ({
  id: 'job',
  kind: 'analyse-clip',
  clipSha256: sha,
  status: 'running',
  createdAt: '2026-01-01',
  ...part,
});
const jobsOf = (analysis?: JobView, playback?: JobView): ClipJobs => ({ analysis, playback });
const failure = { code: 'FFMPEG_FAILED', message: 'The video stopped at frame 84.' } as const;

describe('state of a clip', () => {
  it('is busy with everything that is under way, the analysis first', () => {
    const playback = job({ id: 'playback', kind: 'prepare-playback' });
    const state = clipState(clip, jobsOf(job({ status: 'queued' }), playback));
    expect([state.kind, state.words, state.jobs.map(({ id }) => id)]).toEqual(['busy', 'Waiting', ['job', 'playback']]);
  });

  it('says why it failed, and cancelled is not failed', () => {
    const failed = clipState(clip, jobsOf(job({ status: 'failed', failure })));
    expect([failed.kind, failed.problem]).toEqual(['failed', failure.message]);
    const cancelled = clipState(clip, jobsOf(job({ status: 'cancelled' })));
    expect([cancelled.kind, cancelled.problem, cancelled.jobs.length]).toEqual(['cancelled', undefined, 1]);
  });

  it('is refused for good when the clip itself is the reason', () => {
    const refused = clipState({ ...clip, failure: { code: 'CLIP_NO_VIDEO', message: 'Only sound.' } }, undefined);
    expect([refused.kind, refused.words]).toEqual(['failed', 'Refused']);
  });

  it('is ready with an analysis, and waits when it has just come in', () => {
    expect(clipState({ ...clip, analysisIds: [sha] }, jobsOf(job({ status: 'done' }))).kind).toBe('ready');
    expect(clipState(clip, undefined).words).toBe('Waiting');
  });
});

describe('progress in words', () => {
  it('leaves out what is not known', () => {
    const progress = { stage: 'pose', framesDone: 84, framesTotal: 230, framesPerSecond: 31.4, fraction: 0.5 } as const;
    expect(progressDetails(job({ progress }))).toEqual(['84 of 230 frames', '31 frames/s']);
    expect(progressDetails(job({ progress: { ...progress, framesTotal: 0, framesPerSecond: 0 } }))).toEqual([]);
    expect(progressDetails(job({ status: 'queued', progress }))).toEqual([]);
  });

  it('tells the preparation from the analysis while both count frames', () => {
    const progress = { stage: 'index', framesDone: 1, framesTotal: 230, framesPerSecond: 31, fraction: 0.1 } as const;
    expect(stageOf(job({ progress }))).toBe('Counting frames');
    expect(stageOf(job({ kind: 'prepare-playback', progress }))).toBe('Preparing playback');
  });

  it('rounds the time left up to what can be trusted', () => {
    expect([0.2, 12.1, 75, 3900].map(timeLeft)).toEqual(['1 s left', '13 s left', '1 min left', '1 h 5 min left']);
  });
});

describe('jobs of each clip', () => {
  it('keeps the newest of a kind and leaves exports out', () => {
    const list = [
      job({ id: 'new', createdAt: '2026-01-02' }),
      job({ id: 'old' }),
      job({ id: 'export', kind: 'export-analysis', createdAt: '2026-01-03' }),
    ];
    const byClip = jobsByClip(new Map(list.map((one) => [one.id, one])));
    expect(byClip.get(sha)).toEqual({ analysis: list[0], playback: undefined });
  });
});
