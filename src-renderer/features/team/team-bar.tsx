import { Users } from 'lucide-react';
import { useState } from 'react';
import { Button, Switch } from 'react-aria-components';
import { useStore } from 'zustand';
import type { TeamStatus } from '../../../src-main/contract/team-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { QueuedJobsQuestion } from './queued-jobs-question.tsx';
import { stateWords } from './team-words.ts';
import { useWaitingJobs } from './use-waiting-jobs.ts';

/** The window's title bar: whose queue it is, and the switch between this computer and the team. */
export function TeamBar() {
  const { team } = useAppStores();
  const { status, show } = useStore(team);
  return (
    <header className="title-bar">
      <span className="quiet">Shadow Trainer</span>
      <span className="push-end" />
      {status === undefined ? undefined : status.membership === undefined ? (
        <Button className="button small title-button" onPress={() => show(true)}>
          <Users size={14} aria-hidden /> Join a team
        </Button>
      ) : (
        <TeamSwitch status={status} />
      )}
    </header>
  );
}

function TeamSwitch({ status }: { readonly status: TeamStatus }) {
  const { team } = useAppStores();
  const { acting, show } = useStore(team);
  const waiting = useWaitingJobs(status.state === 'local' ? 'local' : 'team');
  const [asksFor, setAsksFor] = useState<boolean>();
  const isOn = status.state !== 'local';
  const isSwitching = status.isSwitching || acting === 'switch';
  const turn = (on: boolean) => {
    if (waiting > 0) setAsksFor(on);
    else void team.getState().switch(on, 'along');
  };
  return (
    <>
      <Switch className="switch" isSelected={asksFor ?? isOn} isDisabled={isSwitching} onChange={turn}>
        <span className="quiet">Connect to team server</span>
        <span className="switch-track" aria-hidden />
      </Switch>
      <Button className="button small title-button" onPress={() => show(true)} aria-label="Team">
        <span role="status" aria-label="Team state" className="team-state" data-state={status.state}>
          {stateWords(status)}
        </span>
        {status.state === 'local' ? undefined : (
          <span className="quiet">
            {status.machines.length === 1 ? '1 machine' : `${status.machines.length} machines`}
          </span>
        )}
        {status.outbox > 0 ? <span className="team-outbox">{status.outbox} waiting</span> : undefined}
        <Users size={14} aria-hidden />
      </Button>
      {asksFor === undefined ? undefined : (
        <QueuedJobsQuestion
          count={waiting}
          to={asksFor ? 'team' : 'local'}
          onAnswer={(choice) => {
            setAsksFor(undefined);
            if (choice !== undefined) void team.getState().switch(asksFor, choice);
          }}
        />
      )}
    </>
  );
}
