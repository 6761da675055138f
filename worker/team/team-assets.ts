/** Where the team server keeps files whose hash it has checked; each team's apart, so that none learns of another's. */
import type { Readable } from 'node:stream';
import type { AssetReference, Sha256 } from '../protocol/assets.ts';
import type { ByteRange } from '../protocol/byte-range.ts';

export interface TeamAssets {
  find(team: string, sha256: Sha256): Promise<AssetReference | undefined>;
  /** Takes the file at `path`, which is gone afterwards. Its bytes are what the reference says: that was checked. */
  put(team: string, path: string, reference: AssetReference): Promise<void>;
  /** Throws AppError ASSET_MISSING. */
  read(team: string, reference: AssetReference, range: ByteRange | undefined): Promise<Readable>;
  /** Nothing happens when it is not there. */
  remove(team: string, sha256: Sha256): Promise<void>;
  /** Those of whom something is stored. */
  teams(): Promise<string[]>;
  /** All assets of the team, looked up anew. */
  list(team: string): Promise<StoredAsset[]>;
}

export interface StoredAsset {
  readonly sha256: Sha256;
  readonly byteLength: number;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
}

export function sumOfBytes(assets: readonly Pick<StoredAsset, 'byteLength'>[]): number {
  return assets.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
