import { X } from 'lucide-react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { JoinTeam } from './join-team.tsx';
import { LeaveTeam } from './leave-team.tsx';
import { TeamChoices } from './team-choices.tsx';
import { TeamMachines } from './team-machines.tsx';
import { TeamMembers } from './team-members.tsx';
import { TeamNow } from './team-now.tsx';

/** Everything about the team: joining, who is there, what this computer does for it, leaving. */
export function TeamDialog() {
  const { team } = useAppStores();
  const { isOpen, show, status, invitation } = useStore(team);
  const membership = status?.membership;
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={show} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog">
          <header className="panel-header">
            <Heading slot="title">{membership === undefined ? 'Join a team' : `Team ${membership.team}`}</Heading>
            <IconButton icon={X} label="Close" onPress={() => show(false)} className="push-end" />
          </header>
          <div className="dialog-body team-body">
            {status === undefined ? (
              <p className="quiet">The team could not be asked for yet.</p>
            ) : membership === undefined ? (
              <JoinTeam />
            ) : (
              <>
                <TeamNow status={status} membership={membership} />
                <TeamMachines status={status} />
                <TeamChoices status={status} />
                {membership.role === 'operator' ? <TeamMembers /> : undefined}
                {invitation === '' ? undefined : <JoinTeam />}
                <LeaveTeam status={status} membership={membership} />
              </>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
