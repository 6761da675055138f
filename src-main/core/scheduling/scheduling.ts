/** What is done later, or by itself: held jobs, the jobs of the night, and who does them. */

import { createSystemMachine } from '../../../worker/machine/machine-state.ts';
import type { JobEngine, JobSource } from '../../../worker/queue/job-engine.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import type { Settings } from '../../contract/calls.ts';
import type { AppDependencies } from '../app-dependencies.ts';
import type { Library } from '../library/library.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { cleanUp } from '../upkeep/clean-up.ts';
import { reAnalyse } from '../upkeep/re-analyse.ts';
import { startUpkeep } from '../upkeep/upkeep.ts';
import type { Work } from '../work.ts';
import { startConditionGate } from './condition-gate.ts';
import { applyNightly } from './nightly.ts';
import { createScheduleCalls, type ScheduleCalls } from './schedule-calls.ts';

export interface SchedulingOptions {
  readonly dependencies: AppDependencies;
  readonly engine: JobEngine;
  readonly source: JobSource;
  /** Of jobs that wait for the team. */
  readonly outbox: JobEngine;
  /** This installation. */
  readonly owner: string;
  readonly settings: SettingsStore;
  readonly libraryDirectory: string;
  readonly library: Library;
  readonly stores: FileStores;
  readonly work: Work;
  readonly isWorking: () => Promise<boolean>;
  readonly mostHeldAtOnce: () => number;
  readonly onSettings: (settings: Settings) => void;
  readonly onChange: () => void;
}

export interface Scheduling {
  readonly calls: ScheduleCalls;
  /** The queue follows the settings. Never rejects. */
  apply(): Promise<void>;
  stop(): Promise<void>;
}

export function startScheduling(options: SchedulingOptions): Scheduling {
  const { dependencies, engine, source, owner, settings, library, stores, work, onChange } = options;
  const { dataDirectory, onLog, machine } = dependencies;
  const gate = startConditionGate({
    engine,
    machine: machine ?? createSystemMachine({ platform: process.platform, isWorking: options.isWorking }),
    mostAtOnce: options.mostHeldAtOnce,
    onLog,
  });
  const upkeep = startUpkeep({
    source,
    owner,
    processors: {
      'clean-up': (signal) =>
        cleanUp(
          {
            ...{ dataDirectory, stores, engine, library },
            libraryDirectory: options.libraryDirectory,
            outbox: options.outbox,
          },
          signal,
        ),
      're-analyse': (signal) =>
        reAnalyse(
          { library, analyses: stores.analyses, work, model: settings.get().model, quality: settings.get().quality },
          signal,
        ),
    },
    onLog,
    onChange,
  });
  const planNight = async (): Promise<void> => {
    // A queue that is gone with this run is none to plan the night with.
    if (dependencies.queue === 'private') return;
    try {
      await applyNightly(engine, settings.get(), owner);
      onChange();
    } catch (error) {
      onLog(`the night is not planned: ${String(error)}`);
    }
  };
  // One after the other, so that the last settings win.
  let planned = Promise.resolve();
  const apply = (): Promise<void> => {
    planned = planned.then(planNight);
    return planned;
  };
  return {
    apply,
    calls: createScheduleCalls({
      engine,
      owner,
      settings,
      async onSettings() {
        options.onSettings(settings.get());
        await apply();
      },
    }),
    async stop() {
      gate.stop();
      await upkeep.stop();
    },
  };
}
