/** How much of a team's room is taken by what is stored. */
import { sumOfBytes, type TeamAssets } from './team-assets.ts';

export interface TeamQuota {
  /** Bytes stored; counted when first asked for, kept from then on. */
  storedBytes(team: string): Promise<number>;
  /** So many more, or fewer. */
  stored(team: string, bytes: number): void;
  /** They were counted anew. */
  counted(team: string, bytes: number): void;
}

export function createTeamQuota(assets: Pick<TeamAssets, 'list'>): TeamQuota {
  const counts = new Map<string, Promise<number>>();
  return {
    storedBytes(team) {
      const counted = counts.get(team) ?? assets.list(team).then(sumOfBytes);
      counts.set(team, counted);
      counted.catch(() => counts.delete(team));
      return counted;
    },
    stored(team, bytes) {
      const before = counts.get(team);
      if (before !== undefined)
        counts.set(
          team,
          before.then((sum) => sum + bytes),
        );
    },
    counted: (team, bytes) => void counts.set(team, Promise.resolve(bytes)),
  };
}
