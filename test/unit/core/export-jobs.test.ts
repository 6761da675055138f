import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src-main/contract/calls.ts';
import type { JobBoard, JobRequest } from '../../../src-main/core/jobs/job-board.ts';
import { createWork, type ExportOptions, type WorkParts } from '../../../src-main/core/work.ts';
import { type ExportKind, exportKinds, jobDefinitions } from '../../../worker/protocol/jobs.ts';

const sha256 = 'a'.repeat(64);
const clip = { clip: { sha256, byteLength: 1, mediaType: 'video/mp4' }, name: 'pitch.mp4' };
const reference = { ...{ clip: clip.clip, clipName: 'other.mp4', analysisId: 'b'.repeat(64) }, marks: undefined };

async function requestFor(kind: ExportKind, options?: ExportOptions): Promise<JobRequest<'export-analysis'>> {
  const requests: JobRequest<'export-analysis'>[] = [];
  const board = {
    submit: async (request: JobRequest<'export-analysis'>) => {
      requests.push(request);
      return {} as JobView;
    },
  } as unknown as JobBoard;
  const parts = { board, owner: 'me', assertRoom: async () => undefined } as unknown as WorkParts;
  await createWork(parts).exportAnalysis(clip, sha256, kind, options);
  return requests[0] as JobRequest<'export-analysis'>;
}

describe('an export', () => {
  it('carries what the coach says of the clip, and is another job when that is something else', async () => {
    const bare = await requestFor('pdf');
    const marked = await requestFor('pdf', { marks: { hand: 'left' } });
    expect(marked.payload.marks).toEqual({ hand: 'left' });
    expect(marked.id).not.toBe(bare.id);
    expect((await requestFor('pdf', { marks: { hand: 'left' }, repetition: undefined })).id).toBe(marked.id);
    expect((await requestFor('pdf', { marks: undefined })).id).toBe(bare.id);
  });

  it('of frames alone stays the same whatever is said of the clip', async () => {
    const bare = await requestFor('csv');
    expect(await requestFor('csv', { marks: { hand: 'left' } })).toMatchObject({ id: bare.id, payload: bare.payload });
  });

  it.each(exportKinds)('as %s is understood by the worker', async (kind) => {
    const { payload } = await requestFor(kind, { marks: { heightMetres: 1.8 }, repetition: 1, reference });
    expect(jobDefinitions['export-analysis'].payload.parse(payload)).toEqual(payload);
    expect('reference' in payload).toBe(!['overlay', 'csv', 'json'].includes(kind));
  });
});
