/** What files a team waits for: named in Redis before they are sent, looked up by the team server. */
import { askRedis, type RedisConnection } from './connection.ts';
import type { AssetReference, Sha256 } from './protocol/assets.ts';
import { wantedAssetKey, wantedAssetSchema, wantedSeconds } from './protocol/team.ts';

/** Whoever submits a job, or has a result, says so before sending it. Throws AppError REDIS_UNREACHABLE. */
export async function nameWantedAsset(
  connection: RedisConnection,
  prefix: string,
  { sha256, mediaType, byteLength }: AssetReference,
): Promise<void> {
  const value = JSON.stringify({ mediaType, byteLength });
  await askRedis(() => connection.set(wantedAssetKey(prefix, sha256), value, 'EX', wantedSeconds));
}

/** Undefined for what nobody named, and for a name that is to stay longer than names may. */
export async function findWantedAsset(
  connection: RedisConnection,
  prefix: string,
  sha256: Sha256,
): Promise<Omit<AssetReference, 'sha256'> | undefined> {
  const key = wantedAssetKey(prefix, sha256);
  const [value, leftSeconds] = await askRedis(() => Promise.all([connection.get(key), connection.ttl(key)]));
  if (value === null || leftSeconds < 0 || leftSeconds > wantedSeconds) return undefined;
  try {
    return wantedAssetSchema.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}
