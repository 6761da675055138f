/** Lets go of what nobody has used for long, and of what was used least recently where a team's room runs out. */
import type { JobHashes } from '../queue/bullmq-hashes.ts';
import type { KeptAsset, KeptAssets } from './kept-assets.ts';
import type { ServerLog } from './server-log.ts';
import { sumOfBytes } from './team-assets.ts';
import type { TeamLimits } from './team-configuration.ts';
import type { TeamQuota } from './team-quota.ts';

export interface StoreUpkeepOptions {
  readonly assets: KeptAssets;
  readonly quota: TeamQuota;
  readonly limits: Pick<TeamLimits, 'teamBytes' | 'unusedSeconds' | 'recentSeconds'>;
  /** Throws where it cannot be known: then nothing is removed. */
  readonly jobHashes: (team: string) => Promise<JobHashes>;
  readonly log: ServerLog;
  readonly onRemoved: (bytes: number) => void;
  readonly now?: () => number;
}

export interface StoreUpkeep {
  /** Every team that stores something, or may. Throws nothing: what failed is in the log, and tried again. */
  run(): Promise<void>;
  /** As many bytes as have to be free for an upload, where they can be had. */
  makeRoom(team: string, bytes: number): Promise<void>;
}

/** Fuller than this a store makes room, so that an upload seldom has to wait for it; and makes this much at once. */
const fullShare = 0.95;
const roomyShare = 0.85;

/**
 * Never removed is what a job names that has not ended, and what was used within `recentSeconds`: a clip is sent before
 * its job is there.
 */
export function createStoreUpkeep(options: StoreUpkeepOptions): StoreUpkeep {
  const { assets, quota, limits, jobHashes, log, now = Date.now } = options;
  let last: Promise<void> = Promise.resolve();

  const tend = async (team: string, { above, to }: { above: number; to: number }): Promise<void> => {
    // Listed before jobs are read: what comes to be needed afterwards is looked up, and so used, by whoever needs it.
    const listed = await assets.list(team);
    let bytes = sumOfBytes(listed);
    quota.counted(team, bytes);
    const recent = now() - limits.recentSeconds * 1000;
    const unused = now() - limits.unusedSeconds * 1000;
    const candidates = listed.filter(({ usedAt }) => usedAt < recent);
    if (candidates.length === 0 || (bytes <= above && candidates.every(({ usedAt }) => usedAt >= unused))) return;
    const { needed, ended } = await jobHashes(team);
    const mostBytes = bytes > above ? to : Number.POSITIVE_INFINITY;
    const removed = { files: 0, bytes: 0 };
    for (const asset of byUse(candidates, ended)) {
      if (needed.has(asset.sha256) || (bytes <= mostBytes && asset.usedAt >= unused)) continue;
      if (!(await assets.removeUnused(team, asset))) continue;
      bytes -= asset.byteLength;
      quota.stored(team, -asset.byteLength);
      removed.files++;
      removed.bytes += asset.byteLength;
    }
    if (removed.files > 0) log.info('assets removed', { team, ...removed, storedBytes: bytes });
    options.onRemoved(removed.bytes);
  };
  /** One after the other: two at once would remove too much. */
  const inTurn = (team: string, bounds: { above: number; to: number }): Promise<void> => {
    const done = last.then(() => tend(team, bounds));
    last = done.catch((error: unknown) => log.error('store upkeep', { team, reason: String(error) }));
    return last;
  };

  return {
    async run() {
      const teams = await assets.teams().catch((error: unknown) => {
        log.error('store upkeep', { reason: String(error) });
        return [];
      });
      const above = limits.teamBytes * fullShare;
      for (const team of teams) await inTurn(team, { above, to: limits.teamBytes * roomyShare });
    },
    async makeRoom(team, bytes) {
      const above = limits.teamBytes - bytes;
      await inTurn(team, { above, to: Math.min(above, limits.teamBytes * roomyShare) });
    },
  };
}

/** Least recently used first; what jobs that have ended speak of, last. */
function byUse(assets: readonly KeptAsset[], ended: ReadonlySet<string>): KeptAsset[] {
  const rank = ({ sha256 }: KeptAsset): number => (ended.has(sha256) ? 1 : 0);
  return [...assets].sort((one, other) => rank(one) - rank(other) || one.usedAt - other.usedAt);
}
