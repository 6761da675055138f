/** The stores of a worker whose files are a team's: its own disk in front, the team server behind it. */
import { connectRedis } from './connection.ts';
import type { DerivedStore, Ports } from './pipeline/ports.ts';
import { createFileStores } from './storage/file-stores.ts';
import { createRemoteAssetStore } from './storage/remote-asset-store.ts';
import { createTeamHttp } from './storage/team-http.ts';
import { touchedAnalyses, transfersDirectory } from './storage/tidy-worker-folder.ts';
import { nameWantedAsset } from './wanted-assets.ts';
import type { WorkerSettings } from './worker-settings.ts';

export type TeamStores = Required<Pick<Ports, 'assets' | 'derived' | 'analyses' | 'team'>>;

/**
 * About as long as a job may be silent: a server that is away for longer gets its jobs back, see `wayIsBlocked`, instead
 * of a failure that counts.
 */
const retryMilliseconds = [200, 1000, 3000, 5000, 10_000, 10_000, 10_000];

/** Undefined where the settings name no team. Reaches for the server with the first file. */
export function openTeamStores(
  settings: Pick<WorkerSettings, 'team' | 'redis' | 'keyPrefix' | 'dataDirectory'>,
): TeamStores | undefined {
  const { team, keyPrefix, dataDirectory } = settings;
  if (team === undefined) return undefined;
  const local = createFileStores({ dataDirectory });
  const redis = connectRedis(settings.redis);
  const reached = new Map<string, number>();
  let moved = 0;
  const assets = createRemoteAssetStore({
    http: createTeamHttp(team),
    local: local.assets,
    directory: transfersDirectory(dataDirectory),
    name: (reference) => nameWantedAsset(redis, keyPrefix, reference),
    cacheBytes: team.cacheBytes,
    keepsOwn: team.keepsOwn,
    retryMilliseconds,
    onTransfer({ direction, reference, bytesDone }) {
      const key = `${direction} ${reference.sha256}`;
      moved += Math.max(0, bytesDone - (reached.get(key) ?? 0));
      if (bytesDone < reference.byteLength) reached.set(key, bytesDone);
      else reached.delete(key);
    },
  });
  const derived: DerivedStore = {
    async get(key) {
      const known = await local.derived.get(key);
      // The team may have lost it meanwhile, or never got it: it is noted before it has arrived there.
      if (known) await assets.upload(known);
      return known;
    },
    put: local.derived.put,
  };
  return {
    assets,
    derived,
    analyses: touchedAnalyses(local.analyses),
    team: {
      bytesMoved: () => moved,
      assetsFor(clip, signal) {
        const { release } = assets.hold([clip.sha256]);
        return { ...assets.sending(signal), release };
      },
    },
  };
}
