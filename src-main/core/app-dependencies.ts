import type { MachineState } from '../../worker/machine/machine-state.ts';
import type { NodeRunner } from '../../worker/node-runner.ts';
import type { StartInProcessWorker } from '../../worker/queue/in-process-worker.ts';
import type { GivenWorkerSettings } from '../../worker/worker-settings.ts';

/** Files that the coach handed to the host, by the ids the window knows. */
export interface HandedFiles {
  pathOf(id: string): string | undefined;
  /** The core has its own copy now. */
  release(id: string): Promise<void>;
}

export interface InProcessEngine {
  readonly kind: 'in-process';
  readonly startWorker: StartInProcessWorker;
}

export interface AppDependencies {
  readonly host: 'electron' | 'loopback' | 'terminal';
  readonly version: string;
  /** Library, assets, analyses, settings, and the queue. Shared by any number of terminals and one window. */
  readonly dataDirectory: string;
  /** `kept`: the queue survives this run. `private`: a queue of its own, gone with it. */
  readonly queue: 'kept' | 'private';
  /**
   * Where the jobs are: `redis`, when absent, in a Redis of the app's own, done by processes of their own;
   * `in-process` in this process, done in it, and gone with it.
   */
  readonly engine?: { readonly kind: 'redis' } | InProcessEngine | undefined;
  readonly weightsDirectory: string;
  readonly samplePath: string;
  readonly runner: NodeRunner;
  readonly workerScript: string;
  readonly redisGuardScript: string;
  /** What the user of this machine has set, as `REDIS_URL`: see worker/configuration.ts. Overrules the settings. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Overrules both. */
  readonly workers?: number | undefined;
  /** Overrules what local workers are told by themselves: their limits, their memory. */
  readonly workerSettings?: Partial<GivenWorkerSettings> | undefined;
  /** A local worker that is not heard of for this long is killed. */
  readonly frozenSeconds?: number | undefined;
  /** What the machine is like; the system's own tables and load, when absent. */
  readonly machine?: MachineState | undefined;
  readonly files: HandedFiles;
  readonly onLog: (line: string) => void;
}
