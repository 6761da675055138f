/** Two members of a team whose boards show the same queue, and one who looks after it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobView } from '../../../src-main/contract/calls.ts';
import { type JobBoard, openJobBoard } from '../../../src-main/core/jobs/job-board.ts';
import type { JobPayload } from '../../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';
import { createMemoryEngine, type MemoryEngine } from '../../../worker/queue/memory-engine.ts';
import { obedient } from '../../contract/job-engine-bench.ts';
import { until } from '../../integration/app-under-test.ts';

const id = 'export-one';
const sha256 = 'a'.repeat(64);
const never = new AbortController().signal;

describe('a job that two members want', () => {
  let engine: MemoryEngine;
  let worker: ReturnType<typeof obedient>;
  const boards: JobBoard[] = [];
  beforeEach(() => {
    engine = createMemoryEngine();
    worker = obedient();
    for (const queue of ['analysis', 'media'] as const) void engine.consume(queue, worker.process).run();
  });
  afterEach(async () => {
    for (const board of boards.splice(0)) await board.close();
    await engine.close();
  });

  const open = async (member?: string) => {
    const told: JobView['status'][] = [];
    const board = await openJobBoard({
      engine,
      onChange: ({ status }) => told.push(status),
      ...(member === undefined ? { isOnlooker: true } : { member }),
    });
    boards.push(board);
    const payload = (): JobPayload<'export-analysis'> => ({
      ...{ protocolVersion, clip: { sha256, mediaType: 'video/mp4', byteLength: 1 }, clipName: 'pitch.mp4' },
      ...{ analysisId: sha256, kind: 'csv', ...(member !== undefined && { owner: member }) },
    });
    return {
      board,
      told,
      status: () => board.list().find((job) => job.id === id)?.status,
      submit: () =>
        board.submit({ name: 'export-analysis', id, payload: payload(), priority: 1, isIntact: async () => true }),
    };
  };
  type Member = Awaited<ReturnType<typeof open>>;
  const reaches = (member: Member, status: JobView['status'] | undefined) =>
    until(`it is ${status}`, () => member.status() === status);
  const finish = async (visit: number) =>
    (await worker.visit(visit)).end({
      kind: 'done',
      result: { file: { sha256, mediaType: 'text/csv', byteLength: 1 }, suggestedName: 'pitch.csv' },
    });

  it('goes on for the other one when one of them cancels; each is told what is true for them', async () => {
    const [ann, ben, looking] = [await open('Ann'), await open('Ben'), await open()];
    await ann.submit();
    await ben.submit();
    await worker.visit(0);
    for (const each of [ann, ben, looking]) await reaches(each, 'running');
    await ann.board.cancel(id);
    expect(ann.status()).toBe('cancelled');
    // It stays so after a restart.
    expect((await open('Ann')).status()).toBe('cancelled');
    await finish(0);
    expect((await ben.board.waitFor(id, never)).status).toBe('done');
    await reaches(looking, 'done');
    expect(ann.status()).toBe('cancelled');
    expect([ben.told, looking.told].flat()).not.toContain('cancelling');
    expect(worker.visits).toHaveLength(1);
    // Asked for again, it is there.
    expect((await ann.submit()).status).toBe('done');
    expect(worker.visits).toHaveLength(1);
  });

  it('stops when both have cancelled, and for everybody when whoever looks after the queue cancels', async () => {
    const [ann, ben, looking] = [await open('Ann'), await open('Ben'), await open()];
    await ann.submit();
    await ben.submit();
    await worker.visit(0);
    await ben.board.cancel(id);
    await ann.board.cancel(id);
    for (const each of [ann, ben, looking]) await reaches(each, 'cancelled');
    await ann.board.retry(id);
    await worker.visit(1);
    await ben.submit();
    await looking.board.cancel(id);
    for (const each of [ann, ben, looking]) await reaches(each, 'cancelled');
    expect(worker.visits.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it('is joined again by whoever withdrew, without being begun again', async () => {
    const [ann, ben] = [await open('Ann'), await open('Ben')];
    await ann.submit();
    await ben.submit();
    await worker.visit(0);
    await ann.board.cancel(id);
    await ann.board.retry(id);
    expect(ann.status()).toBe('running');
    await ben.board.cancel(id);
    await finish(0);
    expect((await ann.board.waitFor(id, never)).status).toBe('done');
    expect(ben.status()).toBe('cancelled');
    expect(worker.visits).toHaveLength(1);
  });

  it('runs anew for whoever joins while it is being cancelled; for the other one it stays cancelled', async () => {
    const [ann, ben] = [await open('Ann'), await open('Ben')];
    await ann.submit();
    const { signal } = await worker.visit(0);
    const cancelled = ann.board.cancel(id);
    await until('it is being cancelled', () => signal.aborted);
    await ben.submit();
    await cancelled;
    await finish(1);
    expect((await ben.board.waitFor(id, never)).status).toBe('done');
    expect(ann.status()).toBe('cancelled');
    expect(worker.visits).toHaveLength(2);
  });

  it('is forgotten for one of them, and gone when the last one forgets it', async () => {
    const [ann, ben] = [await open('Ann'), await open('Ben')];
    await ann.submit();
    await ben.submit();
    await finish(0);
    for (const each of [ann, ben]) await reaches(each, 'done');
    await ann.board.discard(id);
    expect([ann.status(), ben.status(), (await open('Ann')).status()]).toEqual([undefined, 'done', undefined]);
    await ben.board.discard(id);
    expect(await engine.get({ queue: 'media', id })).toBeUndefined();
  });
});
