import { Trash2, UserPlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import { useStore } from 'zustand';
import type { TeamMember } from '../../../src-main/contract/member-views.ts';
import { memberNameSchema, type TeamRole, teamRoles } from '../../../worker/protocol/team.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { InvitationCard } from './invitation-card.tsx';
import { TeamProblem } from './team-problem.tsx';
import { roleHints, roleWords } from './team-words.ts';

const day = 24 * 3600;
const expiries = {
  day: { label: '1 day', seconds: day },
  month: { label: '30 days', seconds: 30 * day },
  year: { label: '1 year', seconds: 365 * day },
  never: { label: 'Never', seconds: undefined },
} as const;
type Expiry = keyof typeof expiries;

/** For operators: who was invited, and inviting somebody. */
export function TeamMembers() {
  const { team } = useAppStores();
  const { members, invited, loadMembers } = useStore(team);
  const own = useStore(team, ({ status }) => status?.membership?.member);
  useEffect(() => void loadMembers(), [loadMembers]);
  return (
    <section aria-labelledby="team-members" className="team-members">
      <h2 id="team-members">Members</h2>
      {members === undefined ? (
        <p className="quiet">The team server has not said yet who was invited.</p>
      ) : (
        <ul aria-label="Members">
          {members.map((member) => (
            <li key={member.name} aria-label={member.name}>
              <span>{member.name}</span>
              <span className="quiet">{roleWords[member.role]}</span>
              <span className="quiet">{seenWords(member)}</span>
              <RemoveButton name={member.name} isOwn={member.name === own} />
            </li>
          ))}
        </ul>
      )}
      <TeamProblem acts={['remove']} />
      {invited === undefined ? <InviteForm /> : <InvitationCard invited={invited} />}
    </section>
  );
}

/** Asks once more: it cuts off whatever they have open. Nobody shuts out themselves. */
function RemoveButton({ name, isOwn }: { readonly name: string; readonly isOwn: boolean }) {
  const { team } = useAppStores();
  const { acting, remove } = useStore(team);
  const [isAsking, setAsking] = useState(false);
  if (isOwn) return <span className="quiet">You</span>;
  if (!isAsking) return <IconButton icon={Trash2} label={`Remove ${name}`} onPress={() => setAsking(true)} />;
  return (
    <Button
      className="button small"
      autoFocus
      isDisabled={acting === 'remove'}
      onBlur={() => setAsking(false)}
      onPress={() => remove(name)}
      aria-label={`Remove ${name} now`}
    >
      Remove
    </Button>
  );
}

function InviteForm() {
  const { team } = useAppStores();
  const { acting, invite } = useStore(team);
  const [name, setName] = useState('');
  const [role, setRole] = useState<TeamRole>('coach');
  const [expiry, setExpiry] = useState<Expiry>('never');
  const isNamed = memberNameSchema.safeParse(name).success;
  return (
    <Form
      className="settings-grid"
      onSubmit={(event) => {
        event.preventDefault();
        const { seconds } = expiries[expiry];
        if (isNamed) void invite({ name, role, ...(seconds !== undefined && { expiresInSeconds: seconds }) });
      }}
    >
      <span>Invite</span>
      <TextField value={name} onChange={setName}>
        <Label className="visually-hidden">Name of whoever is invited</Label>
        <Input className="settings-text team-name" placeholder="Name" autoComplete="off" />
      </TextField>
      <span>As</span>
      <div>
        <Segments
          label="Role"
          value={role}
          choices={teamRoles.map((value) => ({ value, label: shortRoles[value] }))}
          onChange={setRole}
        />
        <p className="quiet settings-hint">{roleHints[role]}</p>
      </div>
      <span>Expires</span>
      <Segments
        label="Expires after"
        value={expiry}
        choices={Object.entries(expiries).map(([value, { label }]) => ({ value: value as Expiry, label }))}
        onChange={setExpiry}
      />
      <span />
      <div>
        <Button type="submit" className="button small" isDisabled={!isNamed || acting === 'invite'}>
          <UserPlus size={14} aria-hidden /> Make an invitation
        </Button>
        <TeamProblem acts={['invite']} />
      </div>
    </Form>
  );
}

const shortRoles: Readonly<Record<TeamRole, string>> = {
  coach: 'Coach',
  worker: 'Machine',
  operator: 'Operator',
  viewer: 'Viewer',
};

function seenWords({ lastUsedAt, expiresAt }: TeamMember): string {
  if (expiresAt !== undefined && expiresAt <= Date.now()) return 'Expired';
  const seen = lastUsedAt === undefined ? 'Not seen yet' : `Seen ${new Date(lastUsedAt).toLocaleString()}`;
  return expiresAt === undefined ? seen : `${seen}, until ${new Date(expiresAt).toLocaleDateString()}`;
}
