/** The local worker processes: as many as wanted, restarted with a growing pause when they die, ended with the app. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type WorkerSettings, workerSettingsVariable } from '../../../worker/worker-settings.ts';
import type { NodeRunner } from '../node-runner.ts';

export interface WorkerFleetOptions {
  readonly runner: NodeRunner;
  /** The built worker/main. */
  readonly workerScript: string;
  readonly settings: Omit<WorkerSettings, 'workerId'>;
  readonly onLog: (line: string) => void;
  readonly onChange: () => void;
}

export interface LocalWorker {
  readonly id: string;
  readonly status: 'starting' | 'running' | 'restarting' | 'stopped';
  readonly restarts: number;
}

export interface WorkerFleet {
  list(): LocalWorker[];
  resize(count: number): void;
  /** Ends every worker: politely, then not. */
  stop(): Promise<void>;
}

interface Slot {
  readonly id: string;
  process: ChildProcess | undefined;
  status: LocalWorker['status'];
  restarts: number;
  restart: NodeJS.Timeout | undefined;
  startedAt: number;
}

const longestPauseMilliseconds = 30_000;
/** After this long without dying, a worker's next death is a first one again. */
const healthyMilliseconds = 60_000;
const politeMilliseconds = 13_000;

export function createWorkerFleet(options: WorkerFleetOptions): WorkerFleet {
  const slots: Slot[] = [];
  let stopping = false;

  const launch = (slot: Slot): void => {
    const settings: WorkerSettings = { ...options.settings, workerId: slot.id };
    slot.status = 'starting';
    slot.startedAt = Date.now();
    const child = spawn(options.runner.execPath, [options.workerScript], {
      env: { ...process.env, ...options.runner.env, [workerSettingsVariable]: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    slot.process = child;
    child.stdout?.on('data', (data: Buffer) => options.onLog(data.toString().trim()));
    child.stderr?.on('data', (data: Buffer) => options.onLog(data.toString().trim()));
    child.on('message', () => {
      slot.status = 'running';
      options.onChange();
    });
    child.on('error', (error) => options.onLog(`worker ${slot.id}: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (slot.process !== child) return;
      slot.process = undefined;
      if (stopping || slot.status === 'stopped') return;
      if (Date.now() - slot.startedAt > healthyMilliseconds) slot.restarts = 0;
      const pause = Math.min(longestPauseMilliseconds, 250 * 2 ** slot.restarts++);
      options.onLog(`worker ${slot.id} ended (${signal ?? code}); starting it again in ${pause} ms`);
      slot.status = 'restarting';
      slot.restart = setTimeout(() => launch(slot), pause);
      options.onChange();
    });
    options.onChange();
  };

  const end = async (slot: Slot): Promise<void> => {
    slot.status = 'stopped';
    clearTimeout(slot.restart);
    const child = slot.process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), politeMilliseconds);
    await ended;
    clearTimeout(impatience);
  };

  let nextNumber = 1;
  return {
    list: () => slots.map(({ id, status, restarts }) => ({ id, status, restarts })),
    resize(count) {
      while (slots.length < count) {
        const id = `local-${process.pid}-${nextNumber++}`;
        const slot: Slot = {
          id,
          process: undefined,
          status: 'starting',
          restarts: 0,
          restart: undefined,
          startedAt: 0,
        };
        slots.push(slot);
        launch(slot);
      }
      for (const slot of slots.splice(count)) void end(slot);
      options.onChange();
    },
    async stop() {
      stopping = true;
      await Promise.all(slots.map(end));
    },
  };
}
