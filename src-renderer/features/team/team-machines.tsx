import { modelIds, poseModels } from '../../../models/registry.ts';
import type { TeamMachine, TeamStatus } from '../../../src-main/contract/team-views.ts';
import { CurrentWork } from '../queue/current-work.tsx';
import { deviceNames } from '../settings/device-names.ts';
import { machineWords, workWords } from './team-words.ts';

/** People and machines of the team: what each runs on, how fast, with which models and version, and what it does. */
export function TeamMachines({ status: { state, machines } }: { readonly status: TeamStatus }) {
  return (
    <section aria-labelledby="team-machines">
      <h2 id="team-machines">People and machines</h2>
      {machines.length === 0 ? (
        <p className="quiet">
          {state === 'local' ? 'They are shown while the switch is on.' : 'Nobody has been heard of lately.'}
        </p>
      ) : (
        <ul aria-label="People and machines" className="team-machines">
          {machines.map((machine) => (
            <Machine key={machine.id} machine={machine} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Machine({ machine }: { readonly machine: TeamMachine }) {
  const { device, inferencesPerSecond, models, version, refusal, currentJobs = [] } = machine;
  const labels = modelIds.filter((id) => models.includes(id)).map((id) => poseModels[id].label);
  return (
    <li aria-label={machine.name}>
      <span className="team-machine-name" title={machineWords(machine)}>
        {machineWords(machine)}
      </span>
      <span className={machine.busy > 0 ? '' : 'quiet'}>{workWords(machine)}</span>
      <span>{device === undefined ? '' : deviceNames[device.active]}</span>
      <span className="number">
        {inferencesPerSecond?.toFixed(0)}
        {inferencesPerSecond === undefined ? undefined : <small> poses/s</small>}
      </span>
      <span className="quiet number">{version}</span>
      <p className="quiet team-machine-more">
        {currentJobs.length > 0 ? <CurrentWork jobIds={currentJobs} /> : undefined}
        {labels.length > 0 ? <span>Models: {labels.join(', ')}</span> : undefined}
      </p>
      {refusal === undefined ? undefined : <p className="worker-fallback">{refusal}</p>}
      {device?.fallbackReason === undefined ? undefined : <p className="worker-fallback">{device.fallbackReason}</p>}
    </li>
  );
}
