/** What every job engine must do with jobs and their children: run over each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../worker/protocol/errors.ts';
import { jobOptions } from '../../worker/protocol/jobs.ts';
import type { JobAddress, JobEngine, JobState, NewJob, ProcessJob, StoredJob } from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';
import { done, type JobEngineUnderTest, newJob, obedient, readerOf, steered } from './job-engine-bench.ts';

const passing: Failure = { code: 'FFMPEG_FAILED', message: 'The decoder failed.' };
const permanent: Failure = { code: 'CLIP_NO_VIDEO', message: 'There is no video in this file.' };

export function testJobEngine(name: string, open: () => Promise<JobEngineUnderTest>): void {
  describe(`job engine: ${name}`, { timeout: 60_000 }, () => {
    let subject: JobEngineUnderTest;
    let engine: JobEngine;
    let reader: ReturnType<typeof readerOf>;
    beforeEach(async () => {
      subject = await open();
      ({ engine } = subject);
      reader = readerOf(engine);
    }, 60_000);
    afterEach(() => subject.close(), 60_000);

    const read = (job: JobAddress): Promise<StoredJob> => reader.read(job);
    const reaches = (job: JobAddress, state: JobState): Promise<StoredJob> => reader.reaches(job, state);

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
  });
}
