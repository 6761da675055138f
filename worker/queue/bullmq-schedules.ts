/** Recurring jobs as BullMQ's job schedulers. */
import type { JobSchedulerJson, Queue } from 'bullmq';
import { jobOptions } from '../protocol/jobs.ts';
import { keptJobs, type QueueName } from '../protocol/queues.ts';
import { bandOf, toBullPriority } from './bullmq-fair-share.ts';
import type { JobAddress, JobData, JobSchedule, StoredSchedule } from './job-engine.ts';

export interface BullSchedules {
  schedule(schedule: JobSchedule): Promise<void>;
  unschedule(schedule: JobAddress): Promise<void>;
  list(queue: QueueName): Promise<StoredSchedule[]>;
}

/** What a schedule that was made by somebody else lacks. */
const none = { pattern: '', timeZone: '' };

export function createBullSchedules(queueOf: (name: QueueName) => Queue): BullSchedules {
  return {
    async schedule(schedule) {
      const { queue: name, id, data, priority, pattern, timeZone } = schedule;
      const queue = queueOf(name);
      const known = await queue.getJobScheduler(id);
      // Taking its place would take away a run that is due and was missed.
      if (known && isSame(toSchedule(known, name), schedule) && (await isAlive(queue, known))) return;
      await queue.upsertJobScheduler(
        id,
        { pattern, tz: timeZone },
        {
          name: schedule.name,
          data,
          // Before what waits in the same band: these jobs are few and keep the house in order.
          opts: { ...jobOptions, ...keptJobs(name), priority: toBullPriority(priority, 1) },
        },
      );
    },
    unschedule: async ({ queue, id }) => void (await queueOf(queue).removeJobScheduler(id)),
    list: async (name) => (await queueOf(name).getJobSchedulers()).map((known) => toSchedule(known, name)),
  };
}

function toSchedule(known: JobSchedulerJson, queue: QueueName): StoredSchedule {
  const { pattern = none.pattern, tz: timeZone = none.timeZone } = known;
  return {
    queue,
    id: known.key,
    name: known.name,
    data: (known.template?.data ?? {}) as JobData,
    priority: bandOf(known.template?.opts?.priority ?? 0),
    pattern,
    timeZone,
    nextAt: known.next ?? 0,
  };
}

export function isSame({ nextAt: _next, ...known }: StoredSchedule, wanted: JobSchedule): boolean {
  const { queue, id, name, data, priority, pattern, timeZone } = wanted;
  return (
    JSON.stringify(sorted(known)) === JSON.stringify(sorted({ queue, id, name, data, priority, pattern, timeZone }))
  );
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
}

/** Whether the job is there that makes the next one when it is taken. */
async function isAlive(queue: Queue, { key, next }: JobSchedulerJson): Promise<boolean> {
  return (await queue.getJob(`repeat:${key}:${next}`)) !== undefined;
}
