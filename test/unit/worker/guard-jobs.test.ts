import { describe, expect, it, vi } from 'vitest';
import { guardJobs, type JobGuardOptions } from '../../../worker/guard-jobs.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';
import { type JobHandle, type JobOutcome, workerIsLeaving } from '../../../worker/queue/job-engine.ts';
import type { Start } from '../../../worker/start-ledger.ts';

const done: JobOutcome = { kind: 'done', result: undefined };
const never = new AbortController().signal;
const handle = (id: string): JobHandle => ({
  ...{ queue: 'pose', id, name: 'pose-chunk', data: {}, priority: 0, attemptsMade: 0 },
  updateData: async () => undefined,
  updateProgress: async () => undefined,
  log: async () => undefined,
  addChildren: async () => undefined,
  childrenResults: async () => undefined,
});

/** A ledger that knows of the given deaths; `open` are the starts that have not ended. */
function guard(options: Partial<JobGuardOptions> & { deaths?: Record<string, number>; start?: Partial<Start> }) {
  const { deaths = {}, start = {}, ...rest } = options;
  const open: string[] = [];
  const settled: string[] = [];
  const process = vi.fn(async (): Promise<JobOutcome> => done);
  const run = guardJobs({
    workerId: 'this',
    ledger: {
      async begin(id) {
        open.push(id);
        return {
          ...{ deaths: deaths[id] ?? 0, pausedAt: undefined, queueProtocol: protocolVersion, ...start },
          end(isSettled) {
            open.splice(open.indexOf(id), 1);
            if (isSettled) settled.push(id);
          },
        };
      },
      forgive: async () => undefined,
    },
    mostDeaths: 3,
    overrides: {},
    jobTimeLimitSeconds: undefined,
    graceSeconds: 1,
    isClosed: () => false,
    isCancelled: async () => false,
    belongsElsewhere: async () => false,
    onOtherProtocol: () => undefined,
    onDeafJob: () => undefined,
    process,
    ...rest,
  });
  return { run, open, settled, process };
}

describe('job guard', () => {
  it('is alone in its process with a job that took a worker with it, so that no other is blamed', async () => {
    const finish = new Map<string, () => void>();
    const process = vi.fn(
      ({ id }: JobHandle) => new Promise<JobOutcome>((resolve) => finish.set(id, () => resolve(done))),
    );
    const { run, open } = guard({ deaths: { suspect: 1 }, process });
    const ended = [run(handle('first'), never), run(handle('suspect'), never), run(handle('later'), never)];
    await vi.waitFor(() => expect([...finish.keys()]).toEqual(['first', 'later']));
    // Were the process to die now, the suspect would not be among those in hand.
    expect(open).toEqual(['first', 'later']);
    finish.get('first')?.();
    finish.get('later')?.();
    await vi.waitFor(() => expect(finish.has('suspect')).toBe(true));
    const another = run(handle('another'), never);
    await new Promise(setImmediate);
    expect(open).toEqual(['suspect']);
    finish.get('suspect')?.();
    await vi.waitFor(() => expect(finish.has('another')).toBe(true));
    finish.get('another')?.();
    expect(await Promise.all([...ended, another])).toEqual([done, done, done, done]);
  });

  it('lets what waits to be alone be handed back or cancelled', async () => {
    const { run } = guard({ deaths: { suspect: 1 }, process: () => new Promise(() => undefined) });
    void run(handle('first'), never);
    for (const [reason, kind] of [
      [workerIsLeaving, 'handed-back'],
      ['cancelled', 'failed'],
    ] as const) {
      const controller = new AbortController();
      const outcome = run(handle('suspect'), controller.signal);
      await new Promise(setImmediate);
      controller.abort(reason);
      expect((await outcome).kind).toBe(kind);
    }
  });

  it('sets aside what has killed too many, for good', async () => {
    const { run, process, settled } = guard({ deaths: { bad: 3 } });
    expect(await run(handle('bad'), never)).toMatchObject({
      kind: 'failed',
      failure: { code: 'POISONED', origin: { stage: 'pose', worker: 'this' } },
    });
    expect(process).not.toHaveBeenCalled();
    expect(settled).toEqual(['bad']);
  });

  it.each([
    ['the worker is closed', { isClosed: () => true }],
    ['the queue speaks another protocol', { start: { queueProtocol: protocolVersion + 1 } }],
    ['it is paused', { start: { pausedAt: 1 } }],
    ['it belongs to another worker', { belongsElsewhere: async () => true }],
    ['its start cannot be noted', { ledger: { begin: () => Promise.reject(new Error()), forgive: async () => {} } }],
  ])('hands a job back without running it where %s', async (_what, options) => {
    const { run, process, settled } = guard(options);
    expect((await run(handle('job'), never)).kind).toBe('handed-back');
    expect(process).not.toHaveBeenCalled();
    expect(settled).toEqual([]);
  });

  it('lets a cancelled job end, paused or not', async () => {
    const { run, process } = guard({ start: { pausedAt: 1 }, isCancelled: async () => true });
    await run(handle('job'), never);
    expect(process).toHaveBeenCalled();
  });

  it('forgets deaths when a job ends, not when it is to be tried again', async () => {
    const outcomes: JobOutcome[] = [
      { kind: 'failed', failure: { code: 'FFMPEG_FAILED', message: '-' } },
      { kind: 'handed-back' },
      { kind: 'failed', failure: { code: 'CLIP_EMPTY', message: '-' } },
      { kind: 'waits' },
    ];
    const { run, settled, open } = guard({ process: async ({ id }) => outcomes[Number(id)] ?? done });
    for (const id of ['0', '1', '2', '3', '4']) await run(handle(id), never);
    expect(settled).toEqual(['2', '3', '4']);
    expect(open).toEqual([]);
  });
});
