import { useStore } from 'zustand';
import type { WorkerView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { deviceNames } from './device-names.ts';

const statusWords: Readonly<Record<WorkerView['status'], string>> = {
  starting: 'Starting',
  idle: 'Idle',
  busy: 'Working',
  restarting: 'Restarting',
  stopped: 'Stopped',
};

export function workerStatus({ status, paused, leaving, refusal }: WorkerView): string {
  if (leaving === true) return 'Finishing';
  if (refusal !== undefined && status === 'idle') return 'Refuses';
  return paused === true && status === 'idle' ? 'Paused' : statusWords[status];
}

/** Each worker with what it runs on, how fast, and why not on what was asked for. */
export function WorkersList() {
  const { settings } = useAppStores();
  const known = useStore(settings, (state) => state.workers);
  const workers = [...known.values()].filter(({ place }) => place !== 'team');
  return (
    <section aria-labelledby="workers-heading">
      <h2 id="workers-heading">Workers</h2>
      {workers.length === 0 ? <p className="quiet">No worker is running.</p> : undefined}
      <ul aria-label="Workers" className="workers">
        {workers.map((worker, index) => (
          <li key={worker.id}>
            <span>Worker {index + 1}</span>
            <span className={worker.status === 'busy' ? '' : 'quiet'}>{workerStatus(worker)}</span>
            <span>{worker.device === undefined ? '' : deviceNames[worker.device.active]}</span>
            <span className="number">
              {worker.device?.inferencesPerSecond === undefined ? '' : worker.device.inferencesPerSecond.toFixed(0)}
              {worker.device?.inferencesPerSecond === undefined ? undefined : <small> poses/s</small>}
            </span>
            <span className="number">
              {worker.memoryBytes === undefined ? '' : Math.round(worker.memoryBytes / 2 ** 20)}
              {worker.memoryBytes === undefined ? undefined : <small> MB</small>}
            </span>
            {worker.restarts > 0 ? <p className="quiet">Restarted {worker.restarts} times.</p> : undefined}
            {worker.refusal === undefined ? undefined : <p className="worker-fallback">{worker.refusal}</p>}
            {worker.device?.fallbackReason === undefined ? undefined : (
              <p className="worker-fallback">{worker.device.fallbackReason}</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
