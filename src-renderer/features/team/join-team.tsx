import { Button, Form, Label, TextArea, TextField } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { TeamProblem } from './team-problem.tsx';

/** Takes an invitation, and says before what joining means. */
export function JoinTeam() {
  const { team } = useAppStores();
  const { invitation, setInvitation, join, acting } = useStore(team);
  return (
    <Form
      className="team-join"
      onSubmit={(event) => {
        event.preventDefault();
        void join();
      }}
    >
      <TextField value={invitation} onChange={setInvitation} isDisabled={acting === 'join'} autoFocus>
        <Label>Invitation</Label>
        <TextArea
          className="team-invitation"
          rows={4}
          spellCheck="false"
          autoComplete="off"
          placeholder="shadow-trainer://join/…"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      </TextField>
      <TeamProblem acts={['join']} />
      <ul className="team-meaning">
        <li>Whoever runs your team’s server gives you an invitation. It is like a key: show it to nobody else.</li>
        <li>Joining changes nothing yet. A switch at the top of the window turns the team on and off.</li>
        <li>
          While it is on, the clips you analyse are copied to the team server, and any computer of the team may work on
          them. Results come back to this computer and stay here.
        </li>
        <li>This computer works for others only if you share its workers.</li>
      </ul>
      <div className="question-answers">
        <span className="push-end" />
        <Button type="submit" className="button primary" isDisabled={invitation.trim() === '' || acting === 'join'}>
          {acting === 'join' ? 'Asking the team server…' : 'Join'}
        </Button>
      </div>
    </Form>
  );
}
