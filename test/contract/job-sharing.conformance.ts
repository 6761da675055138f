/** Who is next, in every job engine: bands of priority, and owners who share within one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { priorities } from '../../worker/protocol/jobs.ts';
import { childrenPerTurn } from '../../worker/queue/fair-share.ts';
import type { JobEngine, NewJob, ProcessJob } from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';
import { type JobEngineUnderTest, newJob, steered } from './job-engine-bench.ts';

export function testJobSharing(name: string, open: () => Promise<JobEngineUnderTest>): void {
  describe(`sharing: ${name}`, { timeout: 60_000 }, () => {
    let subject: JobEngineUnderTest;
    let engine: JobEngine;
    /** Owners in the order in which their jobs were begun. */
    let begun: string[];
    beforeEach(async () => {
      subject = await open();
      ({ engine } = subject);
      begun = [];
    }, 60_000);
    afterEach(() => subject.close(), 60_000);

    const jobOf = (owner: string, more: Partial<NewJob> = {}): NewJob =>
      newJob({ priority: priorities.batch, data: { owner }, ...more });
    const add = async (owner: string, jobs: number, more: Partial<NewJob> = {}): Promise<NewJob[]> => {
      const added = Array.from({ length: jobs }, () => jobOf(owner, more));
      for (const job of added) await engine.add(job);
      return added;
    };
    const ownerOf = (data: unknown): string => (data as { owner: string }).owner;
    /** Notes whose job it is, and ends it. */
    const note: ProcessJob = async ({ data }) => {
      begun.push(ownerOf(data));
      return { kind: 'done', result: null };
    };
    const allBegun = (jobs: number): Promise<unknown> => until(`${jobs} begun`, () => begun.length === jobs);
    const count = (owner: string, starts: readonly string[]): number => starts.filter((each) => each === owner).length;

    it('takes one job at a time: what waits stays free to be overtaken', async () => {
      const { process, visits, visit } = steered();
      await subject.startWorker(process);
      await add('many', 3);
      await visit(0);
      const [late] = await add('late', 1, { priority: priorities.interactive });
      expect((await engine.counts('media')).active).toBe(1);
      expect((await engine.counts('media')).waiting).toBe(3);
      expect(visits).toHaveLength(1);
      visits[0]?.end({ kind: 'done', result: null });
      expect((await visit(1)).job.id).toBe(late?.id);
      visits[1]?.end({ kind: 'done', result: null });
    });

    it("begins another owner's single job within the next few starts, whatever is waiting", async () => {
      const { process, visits, visit } = steered();
      await subject.startWorker(process);
      await add('many', 100);
      for (let i = 0; i < 10; i++) (await visit(i)).end({ kind: 'done', result: null });
      await visit(10);
      const [single] = await add('single', 1);
      let starts = 0;
      while (visits.at(-1)?.job.id !== single?.id && starts < 5) {
        visits.at(-1)?.end({ kind: 'done', result: null });
        starts++;
        await visit(10 + starts);
      }
      expect(starts).toBeLessThanOrEqual(2);
      visits.at(-1)?.end({ kind: 'done', result: null });
    });

    it('gives owners equal parts while they have jobs, whenever those came', async () => {
      await add('first', 40);
      await add('second', 40);
      await add('third', 20);
      await subject.startWorker(note);
      await allBegun(100);
      for (const starts of [15, 30, 60]) {
        const parts = ['first', 'second', 'third'].map((owner) => count(owner, begun.slice(0, starts)));
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }
      expect(count('third', begun.slice(60))).toBe(0);
    });

    it('does not let an owner save up turns', async () => {
      await add('diligent', 30);
      await add('absent', 1);
      await subject.startWorker(note);
      await allBegun(31);
      // Who was away for thirty turns does not have thirty turns now.
      const pause = (): Promise<void> => engine.pause('media');
      await pause();
      await add('diligent', 10);
      await add('absent', 10);
      await engine.resume('media');
      await allBegun(51);
      expect(count('diligent', begun.slice(31, 41))).toBeGreaterThanOrEqual(4);
    });

    it('lets nobody starve while new owners come all the time', async () => {
      await add('patient', 10);
      let guests = 0;
      await subject.startWorker(async (job, signal) => {
        if (count('patient', begun) < 10) await add(`guest-${++guests}`, 1);
        return await note(job, signal);
      });
      await until('the patient one is served', () => count('patient', begun) === 10);
      expect(begun.length).toBeLessThanOrEqual(60);
      await until('all are served', () => begun.length === 10 + guests);
    });

    it('begins nothing of a batch while something interactive waits, and what was raised before both', async () => {
      const [, , raised] = await add('batch', 20);
      await add('window', 5, { priority: priorities.interactive });
      if (raised === undefined) throw new Error('There is a third job.');
      await engine.setPriority([raised, { queue: 'media', id: 'nobody' }], priorities.next);
      expect(await engine.get(raised)).toMatchObject({ priority: priorities.next, state: 'waiting' });
      const ids: string[] = [];
      await subject.startWorker((job, signal) => {
        ids.push(job.id);
        return note(job, signal);
      });
      await allBegun(25);
      expect(begun.slice(0, 6)).toEqual(['batch', ...Array.from({ length: 5 }, () => 'window')]);
      expect(ids[0]).toBe(raised.id);
    });

    it('ends a short analysis that has begun, and lets others in between the parts of a long one', async () => {
      const { process, visit } = steered();
      await subject.startWorker(process);
      const analyse = async (owner: string, children: number, from: number): Promise<void> => {
        const [parent] = await add(owner, 1, { queue: 'analysis' });
        const parentVisit = await visit(from);
        expect(parentVisit.job.id).toBe(parent?.id);
        await parentVisit.job.addChildren(
          Array.from({ length: children }, () => jobOf(owner, { queue: 'pose', priority: parentVisit.job.priority })),
        );
        expect(await parentVisit.job.childrenResults()).toBeUndefined();
        parentVisit.end({ kind: 'waits' });
      };
      await engine.pause('pose');
      await analyse('long', 6 * childrenPerTurn, 0);
      await analyse('short', childrenPerTurn, 1);
      await engine.resume('pose');
      const owners: string[] = [];
      for (let i = 0; i < 7 * childrenPerTurn; i++) {
        const { job, end } = await visit(2 + i);
        owners.push(ownerOf(job.data));
        end({ kind: 'done', result: null });
      }
      const first = owners.indexOf('short');
      expect(first).toBeLessThanOrEqual(childrenPerTurn);
      expect(owners.slice(first, first + childrenPerTurn)).toEqual(
        Array.from({ length: childrenPerTurn }, () => 'short'),
      );
      for (const index of [0, 1]) (await visit(2 + 7 * childrenPerTurn + index)).end({ kind: 'done', result: null });
    });

    it('gives what a raised job adds later the raised priority', async () => {
      const { process, visit } = steered();
      await subject.startWorker(process);
      const [parent] = await add('coach', 1, { queue: 'analysis' });
      const first = await visit(0);
      if (parent === undefined) throw new Error('There is a job.');
      await engine.setPriority([parent], priorities.next);
      await engine.pause('pose');
      const child = jobOf('coach', { queue: 'pose', priority: first.job.priority });
      await first.job.addChildren([child]);
      expect(await engine.get(child)).toMatchObject({ priority: priorities.next });
      expect(await first.job.childrenResults()).toBeUndefined();
      first.end({ kind: 'waits' });
      await engine.resume('pose');
      (await visit(1)).end({ kind: 'done', result: null });
      (await visit(2)).end({ kind: 'done', result: null });
    });

    it('refuses a priority that is none', async () => {
      await expect(engine.add(jobOf('coach', { priority: 16 }))).rejects.toThrow('from 0 to 15');
      await expect(engine.add(jobOf('coach', { priority: 1.5 }))).rejects.toThrow('from 0 to 15');
    });

    it('counts no turn for a job that is there already', async () => {
      const [known] = await add('keen', 1);
      if (known === undefined) throw new Error('There is a job.');
      for (let i = 0; i < 20; i++) await engine.add(known);
      await add('keen', 1);
      await add('other', 3);
      await subject.startWorker(note);
      await allBegun(5);
      expect(begun.slice(0, 4).filter((owner) => owner === 'keen')).toHaveLength(2);
    });
  });
}
