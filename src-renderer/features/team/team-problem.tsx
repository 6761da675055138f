import { CircleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import type { TeamAct } from './team-store.ts';

/** Why what was just tried could not be done, beside where it was tried. */
export function TeamProblem({ acts }: { readonly acts: readonly TeamAct[] }) {
  const { team } = useAppStores();
  const problem = useStore(team, (state) => state.problem);
  if (problem === undefined || !acts.includes(problem.act)) return undefined;
  return <TroubleText message={problem.message} />;
}

export function TroubleText({ message }: { readonly message: string }) {
  return (
    <p role="alert" className="team-trouble">
      <CircleAlert size={14} aria-hidden />
      <span className="selectable">{message}</span>
    </p>
  );
}
