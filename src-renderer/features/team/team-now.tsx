import { useStore } from 'zustand';
import type { TeamMembership, TeamStatus, TeamTransfer } from '../../../src-main/contract/team-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { TeamProblem, TroubleText } from './team-problem.tsx';
import { jobsInWords, megabytes, queueSentence, roleWords, stateSentence } from './team-words.ts';

interface TeamNowProps {
  readonly status: TeamStatus;
  readonly membership: TeamMembership;
}

/** Whether the team is connected, what is wrong, what waits and what travels. */
export function TeamNow({ status, membership }: TeamNowProps) {
  const { settings } = useAppStores();
  const waits = useStore(settings, (state) => state.settings?.team.whenUnreachable !== 'local');
  const { problem, transfers, outbox, leftBehind, state, queue } = status;
  const { member, role, server, expiresAt } = membership;
  return (
    <section aria-label="Connection" className="team-now">
      <p role="status">{stateSentence(status, waits)}</p>
      {queue === undefined ? undefined : <p>{queueSentence(queue)}</p>}
      {problem === undefined ? undefined : <TroubleText message={problem.message} />}
      <TeamProblem acts={['switch', 'monitor']} />
      {state === 'team' && outbox > 0 ? <p>{jobsInWords(outbox)} on the way to the team.</p> : undefined}
      {leftBehind > 0 ? (
        <p className="quiet">
          {jobsInWords(leftBehind)} {leftBehind === 1 ? 'goes' : 'go'} on in the queue that was left, until{' '}
          {leftBehind === 1 ? 'it ends' : 'they end'}.
        </p>
      ) : undefined}
      {transfers.length === 0 ? undefined : (
        <ul aria-label="Transfers" className="team-transfers">
          {transfers.map((transfer) => (
            <Transfer key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
      <p className="quiet team-who">
        {member === undefined
          ? ''
          : `You are ${member}${role === undefined ? '' : `, ${roleWords[role].toLowerCase()}`}. `}
        Server <span className="selectable">{server}</span>
        {expiresAt === undefined ? '' : `. The invitation is good until ${new Date(expiresAt).toLocaleDateString()}`}.
      </p>
    </section>
  );
}

function Transfer({ transfer: { direction, name, bytesDone, bytesTotal } }: { readonly transfer: TeamTransfer }) {
  const what = direction === 'up' ? `Sending ${name}` : `Fetching ${name}`;
  return (
    <li>
      <span className="team-transfer-name">{what}</span>
      <span className="quiet number">
        {megabytes(bytesDone)} of {megabytes(bytesTotal)}
      </span>
      <ProgressLine label={what} fraction={bytesTotal === 0 ? undefined : bytesDone / bytesTotal} />
    </li>
  );
}
