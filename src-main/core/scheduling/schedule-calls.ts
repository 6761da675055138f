/** The calls of the bridge about what is done by itself. */
import { randomUUID } from 'node:crypto';
import { priorities } from '../../../worker/protocol/jobs.ts';
import { upkeepQueue } from '../../../worker/protocol/queues.ts';
import { type UpkeepName, upkeepDefinitions, upkeepNames } from '../../../worker/protocol/upkeep.ts';
import type { JobEngine, StoredJob } from '../../../worker/queue/job-engine.ts';
import type { ScheduleView, UpkeepRun } from '../../contract/schedule-views.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { nightlySwitches, scheduleId, upkeepData } from './nightly.ts';

export type ScheduleCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `schedules.${string}`>>;

export interface ScheduleCallParts {
  readonly engine: JobEngine;
  readonly owner: string;
  readonly settings: SettingsStore;
  /** Lets the queue follow the settings, and tells of it. */
  readonly onSettings: () => Promise<void>;
}

const mostRuns = 10;
const mostJobs = 100;

export function createScheduleCalls({ engine, owner, settings, onSettings }: ScheduleCallParts): ScheduleCalls {
  const list = async (): Promise<ScheduleView[]> => {
    const schedules = await engine.schedules(upkeepQueue);
    const jobs = (await engine.list(upkeepQueue, { limit: mostJobs })).filter(({ data }) => data['owner'] === owner);
    return upkeepNames.map((kind) => {
      const schedule = schedules.find(({ id }) => id === scheduleId(kind, owner));
      return {
        kind,
        enabled: schedule !== undefined,
        ...(schedule && { nextAt: new Date(schedule.nextAt).toISOString() }),
        runs: runsOf(kind, jobs),
      };
    });
  };
  return {
    'schedules.list': async () => ({ schedules: await list() }),
    async 'schedules.cancel'({ kind }) {
      await settings.set({ ...settings.get(), [nightlySwitches[kind]]: false });
      await onSettings();
      return {};
    },
    async 'schedules.runNow'({ kind }) {
      const jobId = `${kind}-${randomUUID()}`;
      const job = { queue: upkeepQueue, id: jobId, name: kind, data: upkeepData(owner) } as const;
      await engine.add({ ...job, priority: priorities.interactive });
      return { jobId };
    },
  };
}

function runsOf(kind: UpkeepName, jobs: readonly StoredJob[]): UpkeepRun[] {
  return jobs
    .filter(({ name, state, startedAt }) => name === kind && (state !== 'delayed' || startedAt !== undefined))
    .sort((a, b) => (b.startedAt ?? b.createdAt) - (a.startedAt ?? a.createdAt))
    .slice(0, mostRuns)
    .map(viewRun);
}

const statuses = {
  waiting: 'queued',
  delayed: 'queued',
  active: 'running',
  'waiting-children': 'running',
  completed: 'done',
  failed: 'failed',
} as const satisfies Record<StoredJob['state'], UpkeepRun['status']>;

function viewRun({ id, name, state, startedAt, endedAt, failure, result }: StoredJob): UpkeepRun {
  const time = (at: number): string => new Date(at).toISOString();
  const cleanedUp = name === 'clean-up' ? upkeepDefinitions['clean-up'].result.safeParse(result).data : undefined;
  const reAnalysed = name === 're-analyse' ? upkeepDefinitions['re-analyse'].result.safeParse(result).data : undefined;
  return {
    jobId: id,
    status: statuses[state],
    ...(startedAt !== undefined && { startedAt: time(startedAt) }),
    ...(endedAt !== undefined && { endedAt: time(endedAt) }),
    ...(state === 'failed' && failure && { failure }),
    ...(cleanedUp && { cleanedUp }),
    ...(reAnalysed && { reAnalysed }),
  };
}
