/** The files of all teams as the server holds them: where they lie, how full it is, and what is let go of. */
import { join } from 'node:path';
import type { RedisConnection } from '../connection.ts';
import { type StoreFigures, teamKeyPrefix } from '../protocol/team.ts';
import { readJobHashes } from '../queue/bullmq-hashes.ts';
import { createDiskTeamAssets } from './disk-team-assets.ts';
import { createKeptAssets, type KeptAssets } from './kept-assets.ts';
import { createS3TeamAssets } from './s3-team-assets.ts';
import type { ServerLog } from './server-log.ts';
import { createStoreUpkeep, type StoreUpkeep } from './store-upkeep.ts';
import type { TeamConfiguration } from './team-configuration.ts';
import { createTeamQuota, type TeamQuota } from './team-quota.ts';

export interface TeamStore {
  readonly assets: KeptAssets;
  readonly quota: TeamQuota;
  readonly upkeep: StoreUpkeep;
  figures(team: string): Promise<StoreFigures>;
}

export interface TeamStoreOptions {
  readonly configuration: Pick<TeamConfiguration, 'assets' | 'dataDirectory' | 'limits'>;
  /** Of the one who manages every team's queue. */
  readonly connection: RedisConnection;
  readonly log: ServerLog;
  readonly onRemoved: (bytes: number) => void;
}

export function openTeamStore({ configuration, connection, log, onRemoved }: TeamStoreOptions): TeamStore {
  const { dataDirectory, limits } = configuration;
  const stored =
    configuration.assets.kind === 's3'
      ? createS3TeamAssets(configuration.assets)
      : createDiskTeamAssets(join(dataDirectory, 'assets'));
  const assets = createKeptAssets(stored, join(dataDirectory, 'used'));
  const quota = createTeamQuota(assets);
  const jobHashes = (team: string) => readJobHashes(connection, teamKeyPrefix(team));
  return {
    assets,
    quota,
    upkeep: createStoreUpkeep({ assets, quota, limits, jobHashes, log, onRemoved }),
    figures: async (team) => ({ storedBytes: await quota.storedBytes(team), limitBytes: limits.teamBytes }),
  };
}
