/** Workers in the app's own process: nothing to supervise, but started, paused and ended like the others. */

import type { LocalWorker, WorkerFleet } from '../../../worker/machine/worker-fleet.ts';
import { createWorkerSlots } from '../../../worker/machine/worker-slots.ts';
import type { Heartbeat } from '../../../worker/protocol/control.ts';
import type { Device } from '../../../worker/protocol/devices.ts';
import type {
  InProcessWorker,
  InProcessWorkerOptions,
  InProcessWorkerSettings,
  StartInProcessWorker,
} from '../../../worker/queue/in-process-worker.ts';
import type { WorkerControl } from './worker-control.ts';

export interface InProcessFleetOptions extends Omit<InProcessWorkerOptions, 'settings'> {
  readonly startWorker: StartInProcessWorker;
  readonly settings: Omit<InProcessWorkerSettings, 'workerId'>;
}

export interface InProcessFleet extends WorkerFleet {
  readonly control: WorkerControl;
  heartbeats(): Map<string, Heartbeat>;
}

interface Slot {
  readonly id: string;
  worker: InProcessWorker | undefined;
  status: LocalWorker['status'];
  /** Takes no jobs until it is resumed, also when it is started again. */
  isPaused: boolean;
  /** Starting and ending, one after the other. */
  work: Promise<void>;
}

export function createInProcessFleet(options: InProcessFleetOptions): InProcessFleet {
  const { startWorker, onLog, onChange } = options;
  let { device } = options.settings;
  let nextNumber = 1;

  const launch = async (slot: Slot): Promise<void> => {
    slot.status = 'starting';
    try {
      slot.worker = await startWorker({ ...options, settings: { ...options.settings, device, workerId: slot.id } });
      slot.status = 'running';
      if (slot.isPaused) slot.worker.pause();
    } catch (error) {
      slot.status = 'stopped';
      onLog(`worker ${slot.id} did not start: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    }
    onChange();
  };
  const end = async (slot: Slot, how: 'drain' | 'stop'): Promise<void> => {
    slot.status = 'stopped';
    await slot.worker?.leave(how);
    slot.worker = undefined;
    onChange();
  };
  const inTurn = (slot: Slot, next: () => Promise<void>): Promise<void> => {
    slot.work = slot.work.then(next);
    return slot.work;
  };
  const slots = createWorkerSlots<Slot>({
    openOne() {
      const id = `in-process-${nextNumber++}`;
      const slot: Slot = { id, worker: undefined, status: 'starting', isPaused: false, work: Promise.resolve() };
      void inTurn(slot, () => launch(slot));
      return slot;
    },
    endOne: (slot) => inTurn(slot, () => end(slot, 'stop')),
    onChange,
  });
  const find = (id: string): Slot | undefined => slots.open.find((slot) => slot.id === id);
  const setPaused = (id: string, isPaused: boolean): void => {
    const slot = find(id);
    if (slot === undefined) return;
    slot.isPaused = isPaused;
    if (isPaused) slot.worker?.pause();
    else slot.worker?.resume();
  };
  /** As a worker process that is told to end, and started again. */
  const restart = async (id: string, how: 'drain' | 'stop'): Promise<void> => {
    const slot = find(id);
    if (slot === undefined) return;
    await inTurn(slot, () => end(slot, how));
    void inTurn(slot, () => launch(slot));
  };

  return {
    list: () => slots.open.map(({ id, status }) => ({ id, status, restarts: 0, pid: process.pid })),
    heartbeats: () =>
      new Map(slots.open.flatMap(({ id, worker }) => (worker ? [[id, worker.heartbeat()] as const] : []))),
    resize: slots.resize,
    setDevice(wanted: Device) {
      if (wanted === device) return;
      device = wanted;
      slots.replaceAll();
    },
    stop: slots.stop,
    control: {
      pause: async (id) => setPaused(id, true),
      resume: async (id) => setPaused(id, false),
      restart: (id) => restart(id, 'drain'),
      async drain(id) {
        setPaused(id, true);
        await restart(id, 'drain');
      },
      stop: (id) => restart(id, 'stop'),
      // There is one version only.
      announceProtocol: async () => undefined,
    },
  };
}
