/** What every job engine must do when it is told to stop, pause, hold or forget: run over each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueNames } from '../../worker/protocol/queues.ts';
import {
  type JobAddress,
  type JobEngine,
  type JobState,
  type StoredJob,
  workerIsLeaving,
} from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';
import { done, type JobEngineUnderTest, newJob, obedient, readerOf, steered } from './job-engine-bench.ts';

export function testJobControl(name: string, open: () => Promise<JobEngineUnderTest>): void {
  describe(`job control: ${name}`, { timeout: 60_000 }, () => {
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
