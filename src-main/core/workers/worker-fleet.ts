/** The local worker processes: as many as wanted, restarted with a growing pause when they die, ended with the app. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Device } from '../../../worker/protocol/devices.ts';
import { type GivenWorkerSettings, workerSettingsVariable } from '../../../worker/worker-settings.ts';
import type { NodeRunner } from '../node-runner.ts';

export interface WorkerFleetOptions {
  readonly runner: NodeRunner;
  /** The built worker/main. */
  readonly workerScript: string;
  readonly settings: Omit<GivenWorkerSettings, 'workerId' | 'holder'>;
  readonly onLog: (line: string) => void;
  readonly onChange: () => void;
  /** A worker died again and again. */
  readonly onTrouble: () => void;
}

export interface LocalWorker {
  readonly id: string;
  readonly status: 'starting' | 'running' | 'restarting' | 'stopped';
  readonly restarts: number;
  readonly pid?: number;
}

export interface WorkerFleet {
  list(): LocalWorker[];
  /** Starts or ends workers. One that has to go finishes the job in hand, or hands it back. */
  resize(count: number): void;
  /** Workers that run on another device are replaced. */
  setDevice(device: Device): void;
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
const restartsForTrouble = 4;
/** More than a worker's own time for finishing or handing back its job. */
const politeMilliseconds = 13_000;

export function createWorkerFleet(options: WorkerFleetOptions): WorkerFleet {
  const { runner, onLog, onChange } = options;
  const slots: Slot[] = [];
  const ending = new Set<Promise<void>>();
  let { device } = options.settings;
  let nextNumber = 1;

  const launch = (slot: Slot): void => {
    const settings: GivenWorkerSettings = { ...options.settings, device, workerId: slot.id };
    slot.status = 'starting';
    slot.startedAt = Date.now();
    const child = spawn(runner.execPath, [options.workerScript], {
      env: { ...process.env, ...runner.env, [workerSettingsVariable]: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    slot.process = child;
    child.stdout?.on('data', (data: Buffer) => onLog(data.toString().trim()));
    child.stderr?.on('data', (data: Buffer) => onLog(data.toString().trim()));
    // Its one message: it takes jobs.
    child.on('message', () => {
      if (slot.status === 'starting') slot.status = 'running';
      onChange();
    });
    const ended = (how: string): void => {
      if (slot.process !== child) return;
      slot.process = undefined;
      if (slot.status === 'stopped') return;
      if (Date.now() - slot.startedAt > healthyMilliseconds) slot.restarts = 0;
      const pause = Math.min(longestPauseMilliseconds, 250 * 2 ** slot.restarts++);
      if (slot.restarts === restartsForTrouble) options.onTrouble();
      onLog(`worker ${slot.id} ended (${how}); starting it again in ${pause} ms`);
      slot.status = 'restarting';
      slot.restart = setTimeout(() => launch(slot), pause);
      onChange();
    };
    child.on('exit', (code, signal) => ended(String(signal ?? code)));
    // A process that could not be started has no exit.
    child.on('error', (error) => ended(error.message));
  };

  const end = (slot: Slot): void => {
    slot.status = 'stopped';
    clearTimeout(slot.restart);
    const child = slot.process;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => {
      const impatience = setTimeout(() => child.kill('SIGKILL'), politeMilliseconds);
      const finish = (): void => {
        clearTimeout(impatience);
        ending.delete(ended);
        resolve();
      };
      child.once('exit', finish);
      child.once('error', finish);
      child.kill('SIGTERM');
    });
    ending.add(ended);
  };

  const resize = (count: number): void => {
    while (slots.length < count) {
      const id = `local-${process.pid}-${nextNumber++}`;
      const slot: Slot = { id, process: undefined, status: 'starting', restarts: 0, restart: undefined, startedAt: 0 };
      slots.push(slot);
      launch(slot);
    }
    for (const slot of slots.splice(count)) end(slot);
    onChange();
  };

  return {
    list: () =>
      slots.map(({ id, status, restarts, process: child }) => ({
        id,
        status,
        restarts,
        ...(child?.pid !== undefined && { pid: child.pid }),
      })),
    resize,
    setDevice(wanted) {
      if (wanted === device) return;
      device = wanted;
      const count = slots.length;
      resize(0);
      resize(count);
    },
    async stop() {
      resize(0);
      await Promise.all(ending);
    },
  };
}
