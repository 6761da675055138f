import { describe, expect, it } from 'vitest';
import { readFailure } from '../../../worker/queue/bullmq-job.ts';

const reasonsOf =
  (chunks: Record<string, string> = {}) =>
  async (id: string): Promise<string | undefined> =>
    chunks[id];

const refusal = { code: 'CLIP_NO_FRAMES', message: 'No frame could be decoded.' };
const childFailed = 'child {shadow-trainer}:pose:analyse-12ab-chunk-3 failed';
const stalled = 'job stalled more than allowable limit';

describe('readFailure', () => {
  it('gives back what the worker said', async () => {
    expect(await readFailure(JSON.stringify(refusal), reasonsOf())).toEqual(refusal);
  });

  it('of an analysis is that of its chunk', async () => {
    const reasons = reasonsOf({ 'analyse-12ab-chunk-3': JSON.stringify(refusal) });
    expect(await readFailure(childFailed, reasons)).toEqual(refusal);
  });

  it.each([
    ['the job', stalled, reasonsOf()],
    ['a chunk', childFailed, reasonsOf({ 'analyse-12ab-chunk-3': stalled })],
  ])('says that workers died on %s', async (_which, reason, reasons) => {
    expect((await readFailure(reason, reasons)).code).toBe('WORKER_LOST');
  });

  it.each([
    ['nothing', undefined],
    ['another language', 'Error: boom'],
    ['JSON that is no failure', '{"code":"NO_SUCH_CODE","message":"x"}'],
    ['a chunk that is gone', childFailed],
  ])('is INTERNAL with a sentence for %s', async (_what, reason) => {
    const failure = await readFailure(reason, reasonsOf());
    expect(failure.code).toBe('INTERNAL');
    expect(failure.message).toMatch(/^Something went wrong inside Shadow Trainer: \S/);
  });
});
