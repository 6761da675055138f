/** An analysis between machines that do not see each other's disks: its files as assets of the team. */
import type { AnalysisStore, AssetStore } from '../pipeline/ports.ts';
import { type AnalysisAssets, analysisFileNames } from '../protocol/analysis.ts';
import type { AssetReference } from '../protocol/assets.ts';

export interface AnalysisEnds {
  readonly analyses: Pick<AnalysisStore, 'has' | 'read' | 'write'>;
  readonly assets: Pick<AssetStore, 'putBytes' | 'read'>;
}

/** Resolves when the store has every file. Throws AppError NOT_FOUND where the analysis is not on this disk. */
export async function sendAnalysis(from: AnalysisEnds, analysisId: string): Promise<AnalysisAssets> {
  const sent: [string, AssetReference][] = [];
  for (const name of analysisFileNames) {
    const mediaType = name.endsWith('.json') ? 'application/json' : 'application/x-npy';
    sent.push([name, await from.assets.putBytes(await from.analyses.read(analysisId, name), mediaType)]);
  }
  return Object.fromEntries(sent) as AnalysisAssets;
}

/**
 * The analysis is on this disk afterwards: whole, or not at all. Nothing is fetched where it is already. Throws
 * AppError ASSET_MISSING, ASSET_CORRUPT, TEAM_UNREACHABLE or TEAM_REFUSED.
 */
export async function receiveAnalysis(to: AnalysisEnds, analysisId: string, files: AnalysisAssets): Promise<void> {
  if (await to.analyses.has(analysisId)) return;
  const bytes = new Map<string, Uint8Array>();
  for (const name of analysisFileNames) bytes.set(name, await to.assets.read(files[name]));
  await to.analyses.write(analysisId, bytes);
}
