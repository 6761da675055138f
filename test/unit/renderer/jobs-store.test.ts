import { describe, expect, it } from 'vitest';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { JobView } from '../../../src-main/contract/calls.ts';
import { createJobsStore } from '../../../src-renderer/features/queue/jobs-store.ts';

const sha = 'a'.repeat(64);
const job = (id: string, part: Partial<JobView> = {}): JobView => ({
  ...{ id, kind: 'analyse-clip', clipSha256: sha, status: 'queued', createdAt: '2026-01-01T10:00:00.100Z' },
  ...part,
});

/** A bridge that notes what is cancelled and lets the test tell of jobs. */
function bridgeDouble() {
  const cancelled: string[] = [];
  const listeners: ((event: { job: JobView }) => void)[] = [];
  const double = {
    call: async (name: string, input: { jobId: string }) => {
      if (name === 'jobs.cancel') cancelled.push(input.jobId);
      return {};
    },
    on: (_: string, listener: (event: { job: JobView }) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
  };
  const tell = (changed: JobView) => {
    for (const listener of listeners) listener({ job: changed });
  };
  return { bridge: double as unknown as AppBridge, cancelled, tell };
}

describe('cancelling', () => {
  it('also takes the second job of the import when it becomes known afterwards', async () => {
    const { bridge, cancelled, tell } = bridgeDouble();
    const store = createJobsStore(bridge, () => undefined);
    const playback = job('playback', { kind: 'prepare-playback', createdAt: '2026-01-01T10:00:00.000Z' });
    tell(playback);
    await store.getState().cancel([playback]);
    tell(job('analysis'));
    expect(cancelled).toEqual(['playback', 'analysis']);
  });

  it('leaves work alone that was started later', async () => {
    const { bridge, cancelled, tell } = bridgeDouble();
    const store = createJobsStore(bridge, () => undefined);
    tell(job('first'));
    await store.getState().cancel([job('first')]);
    tell(job('again', { createdAt: '2026-01-01T10:00:09.000Z' }));
    expect(cancelled).toEqual(['first']);
  });
});
