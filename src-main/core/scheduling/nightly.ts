/** The jobs of the night, as the settings want them. */
import { priorities } from '../../../worker/protocol/jobs.ts';
import { upkeepQueue } from '../../../worker/protocol/queues.ts';
import { type UpkeepName, upkeepNames } from '../../../worker/protocol/upkeep.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';
import type { JobEngine, JobSchedule } from '../../../worker/queue/job-engine.ts';
import type { Settings } from '../../contract/calls.ts';

export type NightlySettings = Pick<Settings, 'nightlyTime' | 'nightlyCleanUp' | 'nightlyReAnalysis'>;

/** Which setting switches which job. */
export const nightlySwitches = {
  'clean-up': 'nightlyCleanUp',
  're-analyse': 'nightlyReAnalysis',
} as const satisfies Record<UpkeepName, keyof Settings>;

/** `owner`: the installation; the schedules of several may lie in one queue. */
export function scheduleId(name: UpkeepName, owner: string): string {
  return `${name}-${owner}`;
}

export function upkeepData(owner: string) {
  return { protocolVersion, owner };
}

/** `timeZone`: of the clock that the coach looks at. */
export function nightlySchedules(settings: NightlySettings, owner: string, timeZone: string): JobSchedule[] {
  const [hours, minutes] = settings.nightlyTime.split(':').map(Number);
  return upkeepNames
    .filter((name) => settings[nightlySwitches[name]])
    .map((name) => ({
      queue: upkeepQueue,
      id: scheduleId(name, owner),
      name,
      data: upkeepData(owner),
      priority: priorities.batch,
      pattern: `${minutes} ${hours} * * *`,
      timeZone,
    }));
}

/** Makes the queue's schedules those of the settings. A run that was missed is kept where nothing has changed. */
export async function applyNightly(engine: JobEngine, settings: NightlySettings, owner: string): Promise<void> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const wanted = nightlySchedules(settings, owner, timeZone);
  for (const name of upkeepNames) {
    const schedule = wanted.find((each) => each.name === name);
    if (schedule) await engine.schedule(schedule);
    else await engine.unschedule({ queue: upkeepQueue, id: scheduleId(name, owner) });
  }
}
