/** Who wants a job, in every job engine: it is stopped when nobody is left. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobAddress, JobEngine, JobState, StoredJob } from '../../worker/queue/job-engine.ts';
import { isWantedByOthers, wishOf } from '../../worker/queue/job-wishes.ts';
import { done, type JobEngineUnderTest, newJob, obedient, readerOf, steered } from './job-engine-bench.ts';

export function testJobWishes(name: string, open: () => Promise<JobEngineUnderTest>): void {
  describe(`a job that several may want: ${name}`, { timeout: 60_000 }, () => {
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

    const say = (member: string) => ({ data: { owner: member } });

    it('belongs to whoever added it: their cancel ends it, and another one can have it made anew', async () => {
      const { process, visit } = obedient();
      await subject.startWorker(process);
      const job = newJob(say('Ann'));
      await engine.add(job);
      expect(await engine.want(job, 'Ann')).toBe(true);
      await visit(0);
      expect(await engine.unwant(job, 'Ann', 'withdrawn')).toBe(false);
      expect(await engine.isCancelled(job.id)).toBe(true);
      expect(await engine.want(job, 'Ben')).toBe(false);
      expect(await reaches(job, 'failed')).toMatchObject({ failure: { code: 'CANCELLED' } });
      await engine.remove(job);
      await engine.forgetCancel([job.id]);
      expect(await engine.want(job, 'Ben')).toBe(false);
      await engine.add({ ...job, ...say('Ben') });
      expect(await engine.want(job, 'Ben')).toBe(true);
      expect(wishOf(await read(job), 'Ann')).toBeUndefined();
      (await visit(1)).end(done());
      await reaches(job, 'completed');
    });

    it('goes on until the last one of those who want it withdraws', async () => {
      const { process, visit, visits } = obedient();
      await subject.startWorker(process);
      const job = newJob(say('Ann'));
      await engine.add(job);
      const { signal } = await visit(0);
      expect(await engine.want(job, 'Ben')).toBe(true);
      expect(await engine.want(job, 'Cat')).toBe(true);
      expect(await engine.unwant(job, 'Ann', 'withdrawn')).toBe(true);
      expect(await engine.unwant(job, 'Ben', 'forgotten')).toBe(true);
      const found = await read(job);
      expect(['Ann', 'Ben', 'Cat', 'Dan'].map((member) => wishOf(found, member))).toEqual([
        'withdrawn',
        'forgotten',
        'wanted',
        undefined,
      ]);
      expect([isWantedByOthers(found, 'Ann'), isWantedByOthers(found, 'Cat')]).toEqual([true, false]);
      // Somebody who never asked for it stops nobody's job.
      expect(await engine.unwant(job, 'Dan', 'withdrawn')).toBe(true);
      expect([signal.aborted, await engine.isCancelled(job.id)]).toEqual([false, false]);
      // Whoever changes their mind is one of them again.
      expect(await engine.want(job, 'Ann')).toBe(true);
      expect(await engine.unwant(job, 'Cat', 'withdrawn')).toBe(true);
      expect(await engine.unwant(job, 'Ann', 'withdrawn')).toBe(false);
      expect(await reaches(job, 'failed')).toMatchObject({ failure: { code: 'CANCELLED' } });
      expect(visits).toHaveLength(1);
    });

    it('keeps what was said over the visits of a job, and forgets it with the job', async () => {
      const { process, visit } = steered();
      await subject.startWorker(process);
      const job = newJob(say('Ann'));
      await engine.add(job);
      await engine.want(job, 'Ben');
      const first = await visit(0);
      await first.job.updateData({ ...first.job.data, step: 1 });
      first.end({ kind: 'handed-back' });
      (await visit(1)).end(done());
      expect(isWantedByOthers(await reaches(job, 'completed'), 'Ann')).toBe(true);
      expect(await engine.unwant(job, 'Ann', 'forgotten')).toBe(true);
      // Forgetting is no cancel.
      expect(await engine.unwant(job, 'Ben', 'forgotten')).toBe(false);
      expect(await engine.isCancelled(job.id)).toBe(false);
      await engine.remove(job);
      await engine.add(newJob({ ...job, ...say('Cat') }));
      expect((await read(job)).wishes).toEqual({});
    });

    it('of one who withdraws and one who joins in the same moment, stops what nobody wants and nothing else', async () => {
      for (let round = 0; round < 20; round++) {
        const job = newJob(say('Ann'));
        await engine.add(job);
        const [isWanted, hasJoined] = await Promise.all([
          engine.unwant(job, 'Ann', 'withdrawn'),
          engine.want(job, 'Ben'),
        ]);
        expect(hasJoined).toBe(isWanted);
        expect(await engine.isCancelled(job.id)).toBe(!hasJoined);
      }
    });
  });
}
