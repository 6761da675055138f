import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { TeamMembership, TeamStatus } from '../../../src-main/contract/team-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { TeamProblem } from './team-problem.tsx';
import { jobsInWords } from './team-words.ts';
import { useWaitingJobs } from './use-waiting-jobs.ts';

interface LeaveTeamProps {
  readonly status: TeamStatus;
  readonly membership: TeamMembership;
}

/** Asks once more, since it takes a new invitation to come back. */
export function LeaveTeam({ status, membership: { team: name } }: LeaveTeamProps) {
  const { team } = useAppStores();
  const { acting, leave } = useStore(team);
  const waiting = useWaitingJobs('team') + status.outbox;
  const [isAsking, setAsking] = useState(false);
  const isLeaving = acting === 'leave';
  if (!isAsking) {
    return (
      <section aria-label="Leave">
        <Button className="button small" onPress={() => setAsking(true)}>
          <LogOut size={14} aria-hidden /> Leave the team
        </Button>
        <TeamProblem acts={['leave']} />
      </section>
    );
  }
  return (
    <section aria-label="Leave" className="team-leave">
      <p>
        This computer forgets its invitation to {name}; coming back takes a new one. Everything that was analysed stays
        here.
        {waiting > 0 ? ` ${jobsInWords(waiting)} of yours ${waiting === 1 ? 'waits' : 'wait'} for the team.` : ''}
      </p>
      <TeamProblem acts={['leave']} />
      <div className="question-answers">
        <Button className="button small" onPress={() => setAsking(false)}>
          Stay
        </Button>
        <span className="push-end" />
        {waiting > 0 ? (
          <Button className="button small" isDisabled={isLeaving} onPress={() => leave('stay')}>
            Leave, and the jobs to the team
          </Button>
        ) : undefined}
        <Button className="button small" isDisabled={isLeaving} onPress={() => leave('along')}>
          {waiting > 0 ? 'Leave, and take the jobs along' : 'Leave'}
        </Button>
      </div>
    </section>
  );
}
