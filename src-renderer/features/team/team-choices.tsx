import { ExternalLink } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { TeamStatus } from '../../../src-main/contract/team-views.ts';
import { rightsOfRole } from '../../../worker/protocol/team.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { Segments } from '../../ui/segments.tsx';

/** What this computer does for the team, and what happens while the team is away. */
export function TeamChoices({ status }: { readonly status: TeamStatus }) {
  const { settings: store, team } = useAppStores();
  const { settings, change } = useStore(store);
  const { openMonitor, acting } = useStore(team);
  const { role } = status.membership ?? {};
  if (settings === undefined) return undefined;
  const { shareWorkers, whenUnreachable, prefersGpu } = settings.team;
  return (
    <section aria-label="This computer" className="settings-grid team-choices">
      <span>Share workers</span>
      <div>
        <Segments
          label="Share this computer’s workers with the team when it is idle"
          value={shareWorkers ? 'on' : 'off'}
          choices={[
            { value: 'off', label: 'No' },
            { value: 'on', label: 'When idle' },
          ]}
          onChange={(value) => change({ team: { ...settings.team, shareWorkers: value === 'on' } })}
        />
        <p className="quiet settings-hint">
          {!shareWorkers
            ? 'Others’ clips are not analysed here.'
            : status.isSharing
              ? 'Its workers are at the team’s disposal now.'
              : 'Its workers join in when the switch is on and nobody uses this computer.'}
        </p>
      </div>
      <span>Analyses go to</span>
      <div>
        <Segments
          label="Which machines new analyses go to"
          value={prefersGpu ? 'gpu' : 'any'}
          choices={[
            { value: 'any', label: 'Any machine' },
            { value: 'gpu', label: 'GPU first' },
          ]}
          onChange={(value) => change({ team: { ...settings.team, prefersGpu: value === 'gpu' } })}
        />
        <p className="quiet settings-hint">
          {prefersGpu
            ? 'Machines with a graphics processor do them; others only while there is none.'
            : 'Whoever is free takes the next part.'}
        </p>
      </div>
      <span>Server away</span>
      <div>
        <Segments
          label="When the team server cannot be reached"
          value={whenUnreachable}
          choices={[
            { value: 'wait', label: 'Wait' },
            { value: 'local', label: 'Run here' },
          ]}
          onChange={(value) => change({ team: { ...settings.team, whenUnreachable: value } })}
        />
        <p className="quiet settings-hint">
          {whenUnreachable === 'wait'
            ? 'New jobs wait on this computer and are sent as soon as the team server is back.'
            : 'New jobs are done on this computer until the team server is back.'}
        </p>
      </div>
      {role !== undefined && rightsOfRole[role].includes('monitor') ? (
        <>
          <span>Monitor</span>
          <div>
            <Button className="button small" isDisabled={acting === 'monitor'} onPress={openMonitor}>
              <ExternalLink size={14} aria-hidden /> Open in a browser
            </Button>
            <p className="quiet settings-hint">
              The team’s whole queue, from the team server. A certificate of its own makes the browser ask first.
            </p>
          </div>
        </>
      ) : undefined}
    </section>
  );
}
