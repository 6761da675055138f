import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { InvitedMember } from '../../../src-main/contract/member-views.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { TroubleText } from './team-problem.tsx';

/** The link of whoever was just invited, to be handed on: as text, and as a code to photograph. */
export function InvitationCard({ invited: { member, link, code, problem } }: { readonly invited: InvitedMember }) {
  const { team } = useAppStores();
  const { forgetInvited } = useStore(team);
  const [copied, setCopied] = useState<boolean>();
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    setCopied(done);
  };
  return (
    <section aria-label={`Invitation for ${member.name}`} className="team-card">
      <img
        alt={`Invitation for ${member.name} as a code to photograph`}
        src={`data:image/svg+xml,${encodeURIComponent(code)}`}
      />
      <div>
        <p>
          For <strong>{member.name}</strong> alone. It is shown this once: whoever has it can come in with it.
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is there to be selected. */}
        <p className="selectable team-link" tabIndex={0}>
          {link}
        </p>
        {problem === undefined ? undefined : <TroubleText message={problem.message} />}
        <div className="question-answers">
          <Button className="button small" onPress={copy}>
            {copied === true ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />} Copy
          </Button>
          <span role="status" className="quiet">
            {copied === undefined ? '' : copied ? 'Copied.' : 'Not copied: select the text and copy it.'}
          </span>
          <Button className="button small push-end" onPress={forgetInvited}>
            Done
          </Button>
        </div>
      </div>
    </section>
  );
}
