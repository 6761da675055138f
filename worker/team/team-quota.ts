/** How much of a team's room is taken: what is stored, and what uploads under way have announced. */
import type { TeamAssets } from './team-assets.ts';

export interface TeamQuota {
  /** Bytes stored; counted when first asked for, kept from then on. */
  storedBytes(team: string): Promise<number>;
  stored(team: string, bytes: number): void;
}

export function createTeamQuota(assets: TeamAssets): TeamQuota {
  const counts = new Map<string, Promise<number>>();
  const count = (team: string): Promise<number> => {
    const counted = counts.get(team) ?? assets.usedBytes(team);
    counts.set(team, counted);
    counted.catch(() => counts.delete(team));
    return counted;
  };
  return {
    storedBytes: count,
    stored(team, bytes) {
      const before = counts.get(team);
      if (before !== undefined)
        counts.set(
          team,
          before.then((sum) => sum + bytes),
        );
    },
  };
}
