/** What every job engine must do, both for producers and for consumers: run over each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../worker/protocol/errors.ts';
import { jobOptions } from '../../worker/protocol/jobs.ts';
import { queueNames, type WorkerQueueName } from '../../worker/protocol/queues.ts';
import {
  type JobAddress,
  type JobConsumer,
  type JobEngine,
  type JobHandle,
  type JobOutcome,
  type JobState,
  type NewJob,
  type ProcessJob,
  type StoredJob,
  workerIsLeaving,
} from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';

export interface JobEngineUnderTest {
  readonly engine: JobEngine;
  /** A worker of its own that takes jobs of all queues and hears what is said to workers. */
  startWorker(process: ProcessJob): Promise<TestWorker>;
  close(): Promise<void>;
}

export interface TestWorker {
  readonly consumers: Readonly<Record<WorkerQueueName, JobConsumer>>;
  /** As a worker leaves: what is in hand is asked back, nothing new is taken. */
  leave(): Promise<void>;
}

const passing: Failure = { code: 'FFMPEG_FAILED', message: 'The decoder failed.' };
const permanent: Failure = { code: 'CLIP_NO_VIDEO', message: 'There is no video in this file.' };
const done = (result: unknown = null): JobOutcome => ({ kind: 'done', result });

let count = 0;
export function newJob(more: Partial<NewJob> = {}): NewJob {
  return { queue: 'media', id: `job-${++count}`, name: 'test', data: {}, priority: 1, ...more };
}

/** A process that ends when it is told to, and notes its visits. */
export function steered() {
  const visits: { readonly job: JobHandle; readonly signal: AbortSignal; end(outcome: JobOutcome): void }[] = [];
  const process: ProcessJob = (job, signal) =>
    new Promise((resolve) => visits.push({ job, signal, end: (outcome) => resolve(outcome) }));
  /** The visit of that number, the first being 0. */
  const visit = (index: number) => until(`visit ${index}`, () => visits[index]);
  return { process, visits, visit };
}

/** Hands back when asked to leave, ends with CANCELLED when cancelled. */
export function obedient(): ReturnType<typeof steered> {
  const under = steered();
  const process: ProcessJob = (job, signal) =>
    Promise.race([
      under.process(job, signal),
      new Promise<JobOutcome>((resolve) => {
        signal.addEventListener('abort', () =>
          resolve(
            signal.reason === workerIsLeaving
              ? { kind: 'handed-back' }
              : { kind: 'failed', failure: { code: 'CANCELLED', message: 'Cancelled.' } },
          ),
        );
      }),
    ]);
  return { ...under, process };
}

export function testJobEngine(name: string, open: () => Promise<JobEngineUnderTest>): void {
  describe(`job engine: ${name}`, { timeout: 60_000 }, () => {
    let subject: JobEngineUnderTest;
    let engine: JobEngine;
    beforeEach(async () => {
      subject = await open();
      ({ engine } = subject);
    }, 60_000);
    afterEach(() => subject.close(), 60_000);

    const read = async (job: JobAddress): Promise<StoredJob> => {
      const found = await engine.get(job);
      if (found === undefined) throw new Error(`There is no job ${job.id}.`);
      return found;
    };
    const reaches = (job: JobAddress, state: JobState): Promise<StoredJob> =>
      until(`${job.id} is ${state}`, async () => {
        const found = await read(job);
        return found.state === state && found;
      });

    it('keeps a job as it was given, and nothing that is done to it afterwards', async () => {
      const data = { clip: { sha256: 'a' }, list: [1, 2], absent: undefined };
      const job = newJob({ data, priority: 7 });
      const before = Date.now();
      await engine.add(job);
      data.list.push(3);
      const found = await read(job);
      expect(found).toMatchObject({ queue: 'media', id: job.id, name: 'test', priority: 7, state: 'waiting' });
      expect(found.data).toEqual({ clip: { sha256: 'a' }, list: [1, 2] });
      expect(found).toMatchObject({ attemptsMade: 0, progress: undefined, result: undefined, failure: undefined });
      expect(found.createdAt).toBeGreaterThanOrEqual(before);
      expect(await engine.get({ queue: 'media', id: 'nobody' })).toBeUndefined();
    });

    it('does nothing for an id that is there, whatever became of it', async () => {
      const job = newJob({ data: { first: true } });
      await engine.add(job);
      await engine.add({ ...job, data: { first: false } });
      expect((await read(job)).data).toEqual({ first: true });
      await subject.startWorker(async () => done('result'));
      await reaches(job, 'completed');
      await engine.add(job);
      expect(await read(job)).toMatchObject({ state: 'completed', result: 'result', attemptsMade: 1 });
    });

    it('runs a job, tells every state, keeps result, progress and log', async () => {
      const states: string[] = [];
      const progress: unknown[] = [];
      const job = newJob({ data: { step: 1 } });
      engine.listen({
        onState: ({ id }) => {
          if (id === job.id) states.push(id);
        },
        onProgress: ({ id }, value) => {
          if (id === job.id) progress.push(value);
        },
      });
      const { process, visit } = steered();
      await subject.startWorker(process);
      await engine.add(job);
      const first = await visit(0);
      expect(first.job).toMatchObject({ ...job, data: { step: 1 }, attemptsMade: 0, parent: undefined });
      expect((await read(job)).state).toBe('active');
      await first.job.updateProgress({ framesDone: 3 });
      await first.job.updateData({ step: 2 });
      await first.job.log('one');
      await first.job.log('two');
      expect(await read(job)).toMatchObject({ progress: { framesDone: 3 }, data: { step: 2 } });
      first.end(done({ answer: 42, absent: undefined }));
      const ended = await reaches(job, 'completed');
      expect(ended.result).toEqual({ answer: 42 });
      expect(ended.endedAt).toBeGreaterThanOrEqual(ended.startedAt ?? Number.NaN);
      expect(await engine.readLog(job)).toEqual(['one', 'two']);
      // Waiting, active, completed.
      await until('three states were told', () => states.length >= 3);
      expect(progress).toEqual([{ framesDone: 3 }]);
    });

    it('keeps the latest lines of a log, and no more', async () => {
      const job = newJob();
      await engine.add(job);
      await subject.startWorker(async (handle) => {
        for (let line = 0; line < jobOptions.keepLogs + 5; line++) await handle.log(`line ${line}`);
        return done();
      });
      await reaches(job, 'completed');
      const lines = await engine.readLog(job);
      expect(lines).toHaveLength(jobOptions.keepLogs);
      expect(lines.at(-1)).toBe(`line ${jobOptions.keepLogs + 4}`);
    });

    it('takes one at a time, the most urgent first, and of those the oldest', async () => {
      const jobs = [10, 1, 1, 5, 0].map((priority) => newJob({ priority }));
      for (const job of jobs) await engine.add(job);
      const order: string[] = [];
      let atOnce = 0;
      await subject.startWorker(async ({ id }) => {
        expect(++atOnce).toBe(1);
        order.push(id);
        await new Promise((next) => setImmediate(next));
        atOnce--;
        return done();
      });
      await until('all have run', () => order.length === jobs.length);
      expect(order).toEqual([4, 1, 2, 3, 0].map((i) => jobs[i]?.id));
    });

    it('gives each of many jobs to one of two workers', async () => {
      const jobs = Array.from({ length: 40 }, () => newJob());
      const seen: string[] = [];
      const process: ProcessJob = async ({ id }) => {
        seen.push(id);
        return done();
      };
      await subject.startWorker(process);
      await subject.startWorker(process);
      for (const job of jobs) await engine.add(job);
      for (const job of jobs) await reaches(job, 'completed');
      expect(seen.sort()).toEqual(jobs.map(({ id }) => id).sort());
    });

    it('does not begin before the time of a job', async () => {
      const notBefore = Date.now() + 1500;
      const job = newJob({ notBefore });
      const { process, visit } = steered();
      await subject.startWorker(process);
      await engine.add(job);
      expect(await read(job)).toMatchObject({ state: 'delayed', notBefore });
      await engine.add(newJob());
      expect((await visit(0)).job.id).not.toBe(job.id);
      (await visit(0)).end(done());
      expect((await visit(1)).job.id).toBe(job.id);
      expect(Date.now()).toBeGreaterThanOrEqual(notBefore);
    });

    it('tries again what may pass, after a growing pause, and then gives up', async () => {
      const failing = newJob();
      const hiccup = newJob();
      const starts: number[] = [];
      await subject.startWorker(async ({ id, attemptsMade }) => {
        if (id === failing.id) starts.push(Date.now());
        return id === failing.id || attemptsMade === 0 ? { kind: 'failed', failure: passing } : done();
      });
      await engine.add(hiccup);
      await engine.add(failing);
      await reaches(hiccup, 'completed');
      expect(await reaches(failing, 'failed')).toMatchObject({ failure: passing, attemptsMade: jobOptions.attempts });
      const { delay, jitter } = jobOptions.backoff;
      const pauses = starts.slice(1).map((at, i) => at - (starts[i] ?? 0));
      expect(pauses).toHaveLength(jobOptions.attempts - 1);
      // Timers may be a millisecond early.
      for (const [i, pause] of pauses.entries())
        expect(pause).toBeGreaterThanOrEqual(delay * 2 ** i * (1 - jitter) - 2);
    });

    it('does not try again what cannot pass', async () => {
      const job = newJob();
      await engine.add(job);
      await subject.startWorker(async () => ({ kind: 'failed', failure: permanent }));
      expect(await reaches(job, 'failed')).toMatchObject({ failure: permanent, attemptsMade: 1 });
    });

    it('counts the attempts that a job brings along', async () => {
      const job = newJob({ attemptsMade: jobOptions.attempts - 1, createdAt: 1000 });
      await engine.add(job);
      expect(await read(job)).toMatchObject({ attemptsMade: jobOptions.attempts - 1, createdAt: 1000 });
      await subject.startWorker(async () => ({ kind: 'failed', failure: passing }));
      expect(await reaches(job, 'failed')).toMatchObject({ attemptsMade: jobOptions.attempts });
    });

    describe('children', () => {
      const parent = (): NewJob => newJob({ queue: 'analysis', name: 'parent' });
      const childrenOf = (id: string, size = 3): NewJob[] =>
        Array.from({ length: size }, (_, i) => newJob({ queue: 'pose', id: `${id}-chunk-${i}`, data: { i } }));
      /** Adds its children at every visit, as a worker would that died in between. */
      const family =
        (child: ProcessJob): ProcessJob =>
        async (job, signal) => {
          if (job.name !== 'parent') return await child(job, signal);
          await job.addChildren(childrenOf(job.id));
          const results = await job.childrenResults();
          if (results === undefined) return { kind: 'waits' };
          return done([...results].sort());
        };

      it('bring their parent back, with their results, and run once', async () => {
        const job = parent();
        const ran: string[] = [];
        await subject.startWorker(
          family(async ({ id, data, parent: of }) => {
            ran.push(id);
            expect(of).toEqual({ queue: 'analysis', id: job.id });
            return done(data['i']);
          }),
        );
        await engine.add(job);
        const ended = await reaches(job, 'completed');
        const ids = childrenOf(job.id).map(({ id }) => id);
        expect(ended.result).toEqual(ids.map((id, i) => [id, i]));
        expect(ran.sort()).toEqual(ids);
        expect(await engine.childrenResults(job)).toEqual(new Map(ids.map((id, i) => [id, i])));
      });

      it('are waited for, and their results known one by one', async () => {
        const job = parent();
        const { process, visit } = steered();
        await subject.startWorker(family(process));
        await engine.add(job);
        (await visit(0)).end(done('first'));
        await visit(1);
        await reaches(job, 'waiting-children');
        expect([...(await engine.childrenResults(job)).values()]).toEqual(['first']);
        expect(await engine.remove(job)).toBe(false);
      });

      it('that fail for good make their parent fail, for the same reason', async () => {
        const job = parent();
        await subject.startWorker(
          family(async ({ data }) => (data['i'] === 1 ? { kind: 'failed', failure: permanent } : done())),
        );
        await engine.add(job);
        expect((await reaches(job, 'failed')).failure).toEqual(permanent);
      });

      it('go with their parent when it is removed', async () => {
        const job = parent();
        const { process, visit } = obedient();
        const worker = await subject.startWorker(family(process));
        await engine.add(job);
        (await visit(0)).end(done());
        await visit(1);
        await worker.leave();
        expect(await engine.remove(job)).toBe(true);
        for (const each of [job, ...childrenOf(job.id)]) expect(await engine.get(each)).toBeUndefined();
      });
    });

    it('cancels what runs, and marks what waits', async () => {
      const { process, visit } = obedient();
      await subject.startWorker(process);
      const [running, waiting] = [newJob(), newJob()];
      await engine.add(running);
      await engine.add(waiting);
      await visit(0);
      await engine.cancel([running.id, waiting.id]);
      expect(await reaches(running, 'failed')).toMatchObject({ failure: { code: 'CANCELLED' } });
      expect(await engine.isCancelled(waiting.id)).toBe(true);
      expect((await visit(1)).job.id).toBe(waiting.id);
      await engine.forgetCancel([waiting.id]);
      expect(await engine.isCancelled(waiting.id)).toBe(false);
    });

    it('gives the job of a worker that leaves to another one, before all others, as if nothing had been', async () => {
      const { process, visit } = obedient();
      const first = await subject.startWorker(process);
      const [job, next] = [newJob(), newJob()];
      await engine.add(job);
      await engine.add(next);
      await visit(0);
      await first.leave();
      expect(await read(job)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
      const second = obedient();
      await subject.startWorker(second.process);
      expect((await second.visit(0)).job).toMatchObject({ id: job.id, attemptsMade: 0 });
    });

    it('takes back what a worker has in hand when asked; the worker stays', async () => {
      const { process, visit, visits } = obedient();
      await subject.startWorker(process);
      const job = newJob();
      await engine.add(job);
      const { signal } = await visit(0);
      await engine.handBack([job.id]);
      await until('it was asked', () => signal.aborted);
      expect(signal.reason).toBe(workerIsLeaving);
      (await visit(1)).end(done());
      await reaches(job, 'completed');
      expect(visits.map((each) => each.job.id)).toEqual([job.id, job.id]);
    });

    it('keeps a job that was put back for later until then', async () => {
      const { process, visit } = steered();
      await subject.startWorker(process);
      const [job, other] = [newJob(), newJob()];
      await engine.add(job);
      await engine.add(other);
      const notBefore = Date.now() + 1200;
      (await visit(0)).end({ kind: 'handed-back', notBefore });
      expect((await visit(1)).job.id).toBe(other.id);
      expect(await read(job)).toMatchObject({ state: 'delayed', attemptsMade: 0 });
      (await visit(1)).end(done());
      expect((await visit(2)).job.id).toBe(job.id);
      expect(Date.now()).toBeGreaterThanOrEqual(notBefore);
    });

    it('pauses a queue: what runs goes on, what waits does not begin', async () => {
      const { process, visit, visits } = steered();
      await subject.startWorker(process);
      const [running, waiting, elsewhere] = [newJob(), newJob(), newJob({ queue: 'pose' })];
      await engine.add(running);
      await visit(0);
      await engine.pause('media');
      expect(await engine.isPaused('media')).toBe(true);
      await engine.add(waiting);
      (await visit(0)).end(done());
      await reaches(running, 'completed');
      await engine.add(elsewhere);
      expect((await visit(1)).job.id).toBe(elsewhere.id);
      expect(visits).toHaveLength(2);
      expect((await read(waiting)).state).toBe('waiting');
      await engine.resume('media');
      expect((await visit(2)).job.id).toBe(waiting.id);
    });

    it('holds all queues, and leaves those paused that were', async () => {
      const { process, visit, visits } = steered();
      await engine.pause('media');
      const hold = await engine.hold();
      await subject.startWorker(process);
      const jobs = queueNames.map((queue) => newJob({ queue }));
      for (const job of jobs) await engine.add(job);
      for (const job of jobs) expect((await read(job)).state).toBe('waiting');
      expect(visits).toEqual([]);
      await hold.release();
      const ran = [(await visit(0)).job.queue, (await visit(1)).job.queue];
      expect(ran.sort()).toEqual(['analysis', 'pose']);
      expect(await engine.isPaused('media')).toBe(true);
      await engine.resume('media');
      expect((await visit(2)).job.queue).toBe('media');
    });

    it('pauses one consumer only', async () => {
      const { process, visit } = steered();
      const { consumers } = await subject.startWorker(process);
      consumers.media.pause();
      const other = steered();
      await subject.startWorker(other.process);
      // One that was on its way may still come to the paused one.
      const jobs = [newJob(), newJob()];
      for (const job of jobs) await engine.add(job);
      (await other.visit(0)).end(done());
      const late = await until('the other job is taken or waits for the first worker', async () =>
        (await Promise.all(jobs.map(read))).some(({ state }) => state === 'completed'),
      );
      expect(late).toBe(true);
      consumers.media.resume();
      await engine.add(newJob({ priority: 15 }));
      await visit(0);
    });

    it('closes a consumer when its job has ended, and gives it no other', async () => {
      const { process, visit, visits } = steered();
      const { consumers } = await subject.startWorker(process);
      const [running, waiting] = [newJob(), newJob()];
      await engine.add(running);
      await engine.add(waiting);
      const first = await visit(0);
      let isClosed = false;
      const closed = consumers.media.close().then(() => {
        isClosed = true;
      });
      expect(isClosed).toBe(false);
      first.end(done());
      await closed;
      expect((await read(running)).state).toBe('completed');
      expect((await read(waiting)).state).toBe('waiting');
      expect(visits).toHaveLength(1);
    });

    it('removes what nobody holds, and counts and lists the rest', async () => {
      const { process, visit } = steered();
      await subject.startWorker(process);
      const [active, waiting, later, gone] = [newJob(), newJob(), newJob({ notBefore: Date.now() + 1e6 }), newJob()];
      for (const job of [active, waiting, later, gone]) await engine.add(job);
      await visit(0);
      expect(await engine.remove(gone)).toBe(true);
      expect(await engine.get(gone)).toBeUndefined();
      expect(await engine.remove(active)).toBe(false);
      const none = { waiting: 0, delayed: 0, active: 0, 'waiting-children': 0, completed: 0, failed: 0 };
      expect(await engine.counts('media')).toEqual({ ...none, waiting: 1, delayed: 1, active: 1 });
      expect(await engine.counts('pose')).toEqual(none);
      const listed = await engine.list('media', { limit: 10 });
      expect(listed.map(({ id, state }) => [id, state]).sort()).toEqual(
        [
          [active.id, 'active'],
          [waiting.id, 'waiting'],
          [later.id, 'delayed'],
        ].sort(),
      );
      const some = await engine.list('media', { states: ['waiting', 'delayed'], limit: 10 });
      expect(some).toHaveLength(2);
      await engine.updateData(waiting, { changed: true });
      expect((await read(waiting)).data).toEqual({ changed: true });
    });
  });
}
