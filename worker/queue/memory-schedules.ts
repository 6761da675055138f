/** Recurring jobs of the memory engine: as in Redis, one job waits for its time, and makes the next one when taken. */
import { getNextMillis } from 'bullmq';
import type { QueueName } from '../protocol/queues.ts';
import { isSame } from './bullmq-schedules.ts';
import type { JobAddress, JobSchedule, StoredSchedule } from './job-engine.ts';
import type { MemoryJobs } from './memory-jobs.ts';

export interface MemorySchedules {
  schedule(schedule: JobSchedule): void;
  unschedule(schedule: JobAddress): void;
  list(queue: QueueName): StoredSchedule[];
  /** A job was taken. */
  taken(jobId: string): void;
}

export function createMemorySchedules(jobs: MemoryJobs): MemorySchedules {
  const schedules = new Map<string, StoredSchedule>();
  const keyOf = ({ queue, id }: JobAddress): string => `${queue}:${id}`;
  const jobIdOf = ({ id, nextAt }: StoredSchedule): string => `repeat:${id}:${nextAt}`;

  const plan = (schedule: JobSchedule): void => {
    const { queue, id, name, data, priority, pattern, timeZone } = schedule;
    const nextAt = getNextMillis(Date.now(), { pattern, tz: timeZone });
    if (nextAt === undefined) return;
    const planned = { queue, id, name, data, priority, pattern, timeZone, nextAt };
    schedules.set(keyOf(schedule), planned);
    jobs.add({ queue, id: jobIdOf(planned), name, data, priority, notBefore: nextAt });
  };
  const unschedule = (address: JobAddress): void => {
    const known = schedules.get(keyOf(address));
    schedules.delete(keyOf(address));
    const waiting = known && jobs.find({ queue: known.queue, id: jobIdOf(known) });
    if (waiting?.state === 'delayed') jobs.remove(waiting);
  };

  return {
    schedule(schedule) {
      const known = schedules.get(keyOf(schedule));
      if (known && isSame(known, schedule)) return;
      unschedule(schedule);
      plan(schedule);
    },
    unschedule,
    list: (queue) => [...schedules.values()].filter((schedule) => schedule.queue === queue),
    taken(jobId) {
      const due = [...schedules.values()].find((schedule) => jobIdOf(schedule) === jobId);
      if (due) plan(due);
    },
  };
}
