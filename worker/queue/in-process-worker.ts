/**
 * A worker inside the process of its engine, as the app sees it. What it runs on (model, ffmpeg) is no business of the
 * app, which may not even import it: whoever starts the app hands over the function that starts workers, see
 * worker/in-process-worker.ts. Functions rather than a process spoken to: a job in the hand of the memory engine is an
 * object with methods, and "no other process" is what this engine is for.
 */
import type { Heartbeat } from '../protocol/control.ts';
import type { Device } from '../protocol/devices.ts';
import type { LimitOverrides } from '../protocol/limits.ts';
import type { JobSource } from './job-engine.ts';

export interface InProcessWorkerSettings {
  readonly workerId: string;
  readonly appVersion: string;
  readonly dataDirectory: string;
  readonly weightsDirectory: string;
  readonly device: Device;
  readonly inferenceThreads?: number | undefined;
  readonly temporaryDirectory: string;
  readonly jobTimeLimitSeconds?: number | undefined;
  readonly limits?: LimitOverrides | undefined;
  readonly graceSeconds?: number | undefined;
}

export interface InProcessWorkerOptions {
  readonly source: JobSource;
  readonly settings: InProcessWorkerSettings;
  readonly onLog: (line: string) => void;
  /** Its heartbeat has changed. */
  readonly onChange: () => void;
  /** The job was asked to stop and does not. It cannot be ended without ending this process. */
  readonly onDeafJob: (jobId: string) => void;
}

export interface InProcessWorker {
  heartbeat(): Heartbeat;
  /** Finishes what is in hand and takes nothing else until resumed. */
  pause(): void;
  resume(): void;
  /** Takes nothing new; what is in hand is finished (drain), or goes back at once (stop). Resolves soon in any case. */
  leave(how: 'drain' | 'stop'): Promise<void>;
}

export type StartInProcessWorker = (options: InProcessWorkerOptions) => Promise<InProcessWorker>;
