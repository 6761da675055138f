/** What comes later, or again and again, in every job engine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobEngine, JobSchedule, ProcessJob, StoredSchedule } from '../../worker/queue/job-engine.ts';
import { until } from '../integration/app-under-test.ts';
import { type JobEngineUnderTest, newJob } from './job-engine-bench.ts';

const dayMilliseconds = 24 * 3600 * 1000;

export function testJobSchedules(name: string, open: () => Promise<JobEngineUnderTest>): void {
  describe(`schedules: ${name}`, { timeout: 60_000 }, () => {
    let subject: JobEngineUnderTest;
    let engine: JobEngine;
    let runs: { readonly id: string; readonly at: number }[];
    beforeEach(async () => {
      subject = await open();
      ({ engine } = subject);
      runs = [];
    }, 60_000);
    afterEach(() => subject.close(), 60_000);

    const note: ProcessJob = async ({ id }) => {
      runs.push({ id, at: Date.now() });
      return { kind: 'done', result: null };
    };
    // With seconds, which nobody would want in earnest.
    const everySecond: JobSchedule = {
      ...{ queue: 'media', id: 'tidy', name: 'tidy-up', data: { thorough: true }, priority: 10 },
      ...{ pattern: '* * * * * *', timeZone: 'Europe/Berlin' },
    };
    const yearly: JobSchedule = { ...everySecond, pattern: '0 2 1 1 *' };
    const only = async (): Promise<StoredSchedule> => {
      const [schedule, ...others] = await engine.schedules('media');
      if (schedule === undefined || others.length > 0) throw new Error('There is not one schedule.');
      return schedule;
    };

    it('makes a job each time, lists what comes next, and stops when told to', async () => {
      // With time enough to see it waiting.
      await until('the second has just begun', () => Date.now() % 1000 < 300);
      await engine.schedule(everySecond);
      expect(await only()).toMatchObject(everySecond);
      const [waiting] = await engine.list('media', { states: ['delayed'], limit: 10 });
      expect(waiting).toMatchObject({ name: 'tidy-up', data: { thorough: true }, priority: 10 });
      expect(waiting?.notBefore).toBe((await only()).nextAt);
      await subject.startWorker(note);
      await until('it ran twice', () => runs.length >= 2);
      expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
      await engine.unschedule(everySecond);
      expect(await engine.schedules('media')).toEqual([]);
      expect((await engine.counts('media')).delayed).toBe(0);
    });

    it('makes up once for the times that were missed', async () => {
      await engine.schedule(everySecond);
      const { nextAt } = await only();
      await until('several were missed', () => Date.now() > nextAt + 2500);
      await subject.startWorker(note);
      await until('it ran twice', () => runs.length >= 2);
      const [first, second] = runs.map(({ id, at }) => ({ due: Number(/\d+$/.exec(id)?.[0]), at }));
      expect(first?.due).toBe(nextAt);
      expect(second?.due).toBeGreaterThan(first?.at ?? Number.NaN);
      await engine.unschedule(everySecond);
    });

    it('keeps the run that is due when the same schedule is made again, and makes another in its place', async () => {
      await engine.schedule(everySecond);
      const { nextAt } = await only();
      await until('it is due', () => Date.now() > nextAt + 1100);
      await engine.schedule({ ...everySecond, data: { thorough: true } });
      expect((await only()).nextAt).toBe(nextAt);

      await engine.schedule(yearly);
      expect((await only()).nextAt).toBeGreaterThan(nextAt);
      expect(await only()).toMatchObject(yearly);
      const { delayed } = await engine.counts('media');
      expect(delayed).toBe(1);
      await engine.unschedule({ queue: 'media', id: 'nobody' });
      await engine.unschedule(yearly);
      expect((await engine.counts('media')).delayed).toBe(0);
    });

    it('comes once on a day whose clock is set forward or back over its time', async () => {
      await engine.schedule({ ...yearly, pattern: '30 2 28 3 *' });
      // The last Sunday of March 2027: there is no half past two in Berlin.
      const { nextAt } = await only();
      const there = new Date(nextAt).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' });
      expect(there).toMatch(/-03-28 0[23]:30:00$/);
      await engine.unschedule(yearly);
    });

    it('takes a job no sooner than it may be, unless it is promoted', async () => {
      const [later, muchLater, now] = [
        newJob({ notBefore: Date.now() + dayMilliseconds }),
        newJob({ notBefore: Date.now() + 40 * dayMilliseconds }),
        newJob(),
      ];
      await engine.add(later);
      await engine.add(muchLater);
      await subject.startWorker(note);
      await engine.add(now);
      await until('the other one ran', () => runs.length === 1);
      expect(await engine.get(muchLater)).toMatchObject({ state: 'delayed', notBefore: muchLater.notBefore });
      expect(await engine.promote(later)).toBe(true);
      await until('it ran', () => runs.length === 2);
      expect(runs.map(({ id }) => id)).toEqual([now.id, later.id]);
      expect(await engine.promote(now)).toBe(false);
      expect(await engine.promote({ queue: 'media', id: 'nobody' })).toBe(false);
    });
  });
}
