import { LogOut, Pause, Play, RotateCw } from 'lucide-react';
import { useStore } from 'zustand';
import type { WorkerView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { deviceNames } from '../settings/device-names.ts';
import { workerStatus } from '../settings/workers-list.tsx';
import { CurrentWork } from './current-work.tsx';
import { workerName } from './queue-words.ts';
import { useTeamQueue } from './use-team-queue.ts';

/** Every worker: what it is, what it runs on, what it does, and what it did. Those of a connected team by themselves. */
export function QueueWorkers() {
  const { settings } = useAppStores();
  const workers = useStore(settings, (state) => state.workers);
  const team = useTeamQueue();
  const shown = [...workers.values()].filter(({ status }) => status !== 'stopped');
  const [own, theirs] = [shown.filter(({ place }) => place !== 'team'), shown.filter(({ place }) => place === 'team')];
  return (
    <section className="queue-workers" aria-label="All workers">
      {team === undefined ? undefined : (
        <WorkerGroup title={`Workers of team ${team.name}`} workers={theirs} mayTell={team.mayOperate} />
      )}
      <WorkerGroup title={team === undefined ? 'Workers' : 'Workers of this computer'} workers={own} mayTell />
    </section>
  );
}

interface WorkerGroupProps {
  readonly title: string;
  readonly workers: readonly WorkerView[];
  readonly mayTell: boolean;
}

function WorkerGroup({ title, workers, mayTell }: WorkerGroupProps) {
  const { queue } = useAppStores();
  const { access } = useStore(queue);
  return (
    <>
      <h2>{title}</h2>
      {workers.length === 0 ? <p className="quiet">No worker is running.</p> : undefined}
      <ul aria-label={title}>
        {workers.map((worker) => (
          <WorkerRow key={worker.id} worker={worker} mayTell={mayTell && access !== 'viewer'} />
        ))}
      </ul>
    </>
  );
}

function WorkerRow({ worker, mayTell }: { readonly worker: WorkerView; readonly mayTell: boolean }) {
  const { queue, settings } = useAppStores();
  const { tellWorker } = useStore(queue);
  const workers = useStore(settings, (state) => state.workers);
  const { id, device, memoryBytes, versions, totals, refusal } = worker;
  return (
    <li aria-label={workerName(id, workers)}>
      <span title={id}>{workerName(id, workers)}</span>
      <span className={worker.status === 'busy' ? '' : 'quiet'}>{workerStatus(worker)}</span>
      <span className="worker-job">
        <CurrentWork jobIds={worker.currentJobs ?? []} />
      </span>
      <span>{device === undefined ? '' : deviceNames[device.active]}</span>
      <Measure value={device?.inferencesPerSecond?.toFixed(0)} unit="poses/s" />
      <Measure value={memoryBytes === undefined ? undefined : String(Math.round(memoryBytes / 2 ** 20))} unit="MB" />
      <Measure value={totals === undefined ? undefined : String(totals.done)} unit="done" className="worker-done" />
      <span className="quiet worker-versions" title={versionWords(versions)}>
        {versions === undefined ? '' : versions.app}
      </span>
      <span className="job-actions">
        {!mayTell ? undefined : worker.paused === true ? (
          <IconButton icon={Play} label="Resume worker" onPress={() => tellWorker('resume', id)} />
        ) : (
          <IconButton icon={Pause} label="Pause worker" onPress={() => tellWorker('pause', id)} />
        )}
        {!mayTell ? undefined : (
          <>
            <IconButton icon={RotateCw} label="Restart worker" onPress={() => tellWorker('restart', id)} />
            <IconButton icon={LogOut} label="Drain worker" onPress={() => tellWorker('drain', id)} />
          </>
        )}
      </span>
      {refusal === undefined ? undefined : <p className="worker-fallback">{refusal}</p>}
      {device?.fallbackReason === undefined ? undefined : <p className="worker-fallback">{device.fallbackReason}</p>}
    </li>
  );
}

interface MeasureProps {
  readonly value: string | undefined;
  readonly unit: string;
  readonly className?: string;
}

function Measure({ value, unit, className = '' }: MeasureProps) {
  return (
    <span className={`number ${className}`}>
      {value}
      {value === undefined ? undefined : <small> {unit}</small>}
    </span>
  );
}

function versionWords(versions: WorkerView['versions']): string {
  if (versions === undefined) return '';
  const { app, protocol, onnxruntime, ffmpeg } = versions;
  const parts = [`Shadow Trainer ${app}`, `protocol ${protocol}`, `onnxruntime ${onnxruntime}`];
  return [...parts, ...(ffmpeg === undefined ? [] : [`ffmpeg ${ffmpeg}`])].join(', ');
}
