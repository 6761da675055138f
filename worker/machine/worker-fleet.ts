/**
 * The local worker processes: as many as wanted, restarted with a growing pause when they die, killed when they freeze,
 * ended with the app. What a worker held when it died goes back to the queue at once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import type { NodeRunner } from '../node-runner.ts';
import { heartbeatSeconds, workerExitCodes } from '../protocol/control.ts';
import type { Device } from '../protocol/devices.ts';
import { type GivenWorkerSettings, workerSettingsVariable } from '../worker-settings.ts';
import { workerMemory } from './worker-memory.ts';
import { createWorkerSlots } from './worker-slots.ts';

export interface WorkerFleetOptions {
  readonly runner: NodeRunner;
  /** The built worker/main. */
  readonly workerScript: string;
  readonly settings: Omit<GivenWorkerSettings, 'workerId' | 'holder'>;
  /** Of the workers' ids, which no other machine that works on the same queue may use. */
  readonly idPrefix?: string;
  readonly onLog: (line: string) => void;
  readonly onChange: () => void;
  /** A worker died again and again. */
  readonly onTrouble: () => void;
  /** A process ended, however it did; `holder` is what it called itself towards the queue. */
  readonly onGone?: (holder: string) => Promise<void>;
  /** A worker that runs and is not heard of for this long is frozen. More than a few heartbeats. */
  readonly frozenSeconds?: number;
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
  /** Seconds since it was heard of; below zero while it may still be starting. */
  silentSeconds: number;
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
/** A worker that ends itself between two jobs sooner than this gains nothing by being started again at once. */
const leastUptimeMilliseconds = 5000;
const defaultFrozenSeconds = 7 * heartbeatSeconds;
const lookSeconds = 0.5;
/** How long a new process may take to say its first word. */
const startSeconds = 60;

export function createWorkerFleet(options: WorkerFleetOptions): WorkerFleet {
  const { runner, onLog, onChange, onGone = async () => undefined, frozenSeconds = defaultFrozenSeconds } = options;
  const { idPrefix = `local-${process.pid}` } = options;
  const clearing = new Set<Promise<void>>();
  let { device } = options.settings;
  let nextNumber = 1;
  let wantedCount = 0;

  const launch = (slot: Slot): void => {
    const holder = randomUUID();
    const settings: GivenWorkerSettings = {
      ...workerMemory({ memoryBytes: totalmem(), workers: wantedCount }),
      ...options.settings,
      device,
      workerId: slot.id,
      holder,
    };
    slot.status = 'starting';
    slot.silentSeconds = -startSeconds;
    slot.startedAt = Date.now();
    const child = spawn(runner.execPath, [options.workerScript], {
      env: { ...process.env, ...runner.env, [workerSettingsVariable]: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    slot.process = child;
    child.stdout?.on('data', (data: Buffer) => onLog(data.toString().trim()));
    child.stderr?.on('data', (data: Buffer) => onLog(data.toString().trim()));
    child.on('message', (message) => {
      if (slot.process !== child) return;
      slot.silentSeconds = 0;
      const { type } = message as { type: 'ready' | 'beat' | 'changed' };
      if (type === 'ready' && slot.status === 'starting') slot.status = 'running';
      if (type !== 'beat') onChange();
    });
    const ended = (how: string, code?: number | null): void => {
      const cleared = onGone(holder).catch((error: unknown) => onLog(`jobs of ${slot.id} wait: ${String(error)}`));
      clearing.add(cleared);
      void cleared.then(() => clearing.delete(cleared));
      if (slot.process !== child) return;
      slot.process = undefined;
      if (slot.status === 'stopped') return;
      const uptime = Date.now() - slot.startedAt;
      if (uptime > healthyMilliseconds) slot.restarts = 0;
      // It left in order, to be started again: no death.
      const isGrown = code === workerExitCodes.grown && uptime > leastUptimeMilliseconds;
      const isOrderly = isGrown || code === workerExitCodes.asked;
      const pause = isOrderly ? 0 : Math.min(longestPauseMilliseconds, 250 * 2 ** slot.restarts++);
      if (!isOrderly && slot.restarts === restartsForTrouble) options.onTrouble();
      onLog(`worker ${slot.id} ended (${how}); starting it again in ${pause} ms`);
      slot.status = 'restarting';
      slot.restart = setTimeout(() => launch(slot), pause);
      onChange();
    };
    child.on('exit', (code, signal) => ended(String(signal ?? code), code));
    // A process that could not be started has no exit.
    child.on('error', (error) => ended(error.message));
  };

  const end = async (slot: Slot): Promise<void> => {
    slot.status = 'stopped';
    clearTimeout(slot.restart);
    const child = slot.process;
    if (child === undefined) return;
    await new Promise<void>((resolve) => {
      const impatience = setTimeout(() => child.kill('SIGKILL'), politeMilliseconds);
      const finish = (): void => {
        clearTimeout(impatience);
        resolve();
      };
      child.once('exit', finish);
      child.once('error', finish);
      child.kill('SIGTERM');
    });
  };
  const slots = createWorkerSlots<Slot>({
    openOne() {
      const slot: Slot = {
        id: `${idPrefix}-${nextNumber++}`,
        process: undefined,
        silentSeconds: -startSeconds,
        status: 'starting',
        restarts: 0,
        restart: undefined,
        startedAt: 0,
      };
      launch(slot);
      return slot;
    },
    endOne: end,
    onChange,
  });

  // Counted in looks, not by the clock: in the time that a machine sleeps, or this process is stopped, nobody is heard.
  const watch = setInterval(() => {
    for (const slot of slots.open) {
      if (slot.process === undefined) continue;
      slot.silentSeconds += lookSeconds;
      if (slot.silentSeconds <= frozenSeconds) continue;
      slot.silentSeconds = -startSeconds;
      onLog(`worker ${slot.id} is frozen: not heard of for ${frozenSeconds} s`);
      // Nothing else reaches a stopped process.
      slot.process.kill('SIGKILL');
    }
  }, lookSeconds * 1000);
  watch.unref();

  return {
    list: () =>
      slots.open.map(({ id, status, restarts, process: child }) => ({
        id,
        status,
        restarts,
        ...(child?.pid !== undefined && { pid: child.pid }),
      })),
    resize(count) {
      wantedCount = count;
      slots.resize(count);
    },
    setDevice(wanted) {
      if (wanted === device) return;
      device = wanted;
      slots.replaceAll();
    },
    async stop() {
      await slots.stop();
      clearInterval(watch);
      await Promise.all(clearing);
    },
  };
}
