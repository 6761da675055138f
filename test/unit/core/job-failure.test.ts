import type { Job, Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { readFailure } from '../../../src-main/core/jobs/job-failure.ts';

const jobOf = (failedReason?: string): Job => ({ failedReason }) as Job;

/** A pose queue that holds the given failed chunks. */
function poseQueue(chunks: Record<string, string> = {}): Queue {
  const getJob = async (id: string) => (id in chunks ? jobOf(chunks[id]) : undefined);
  return { getJob } as unknown as Queue;
}

const refusal = { code: 'CLIP_NO_FRAMES', message: 'No frame could be decoded.' };
const childFailed = 'child {shadow-trainer}:pose:analyse-12ab-chunk-3 failed';

describe('readFailure', () => {
  it('gives back what the worker said', async () => {
    expect(await readFailure(jobOf(JSON.stringify(refusal)), poseQueue())).toEqual(refusal);
  });

  it('of an analysis is that of its chunk', async () => {
    const queue = poseQueue({ 'analyse-12ab-chunk-3': JSON.stringify(refusal) });
    expect(await readFailure(jobOf(childFailed), queue)).toEqual(refusal);
  });

  it.each([
    ['the job', jobOf('job stalled more than allowable limit'), poseQueue()],
    ['a chunk', jobOf(childFailed), poseQueue({ 'analyse-12ab-chunk-3': 'job stalled more than allowable limit' })],
  ])('says that workers died on %s', async (_which, job, queue) => {
    expect((await readFailure(job, queue)).code).toBe('WORKER_LOST');
  });

  it.each([
    ['nothing', undefined],
    ['another language', 'Error: boom'],
    ['JSON that is no failure', '{"code":"NO_SUCH_CODE","message":"x"}'],
    ['a chunk that is gone', childFailed],
  ])('is INTERNAL with a sentence for %s', async (_what, reason) => {
    const failure = await readFailure(jobOf(reason), poseQueue());
    expect(failure.code).toBe('INTERNAL');
    expect(failure.message).toMatch(/^Something went wrong inside Shadow Trainer: \S/);
  });
});
