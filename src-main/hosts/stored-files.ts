/** Which stored file an address of the window means. Both hosts serve the same addresses. */
import { join } from 'node:path';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import { assetReferenceSchema, sha256Schema } from '../../worker/protocol/assets.ts';
import type { App } from '../core/app.ts';

export interface StoredFile {
  readonly path: string;
  readonly mediaType: string;
}

const analysisFileNames: readonly string[] = Object.values(analysisFiles);

/** `/asset/SHA256?type=…&bytes=…` and `/analysis/ID/FILE`. Undefined for anything else: no path leads anywhere. */
export async function findStoredFile(app: App, url: URL): Promise<StoredFile | undefined> {
  const [kind, id, file, ...rest] = url.pathname.split('/').filter(Boolean);
  if (rest.length > 0) return undefined;
  if (kind === 'asset' && file === undefined) {
    const reference = assetReferenceSchema.safeParse({
      sha256: id,
      mediaType: url.searchParams.get('type'),
      byteLength: Number(url.searchParams.get('bytes')),
    }).data;
    if (reference === undefined || !(await app.stores.assets.has(reference))) return undefined;
    return { path: await app.stores.assets.localPath(reference), mediaType: reference.mediaType };
  }
  const analysisId = sha256Schema.safeParse(id).data;
  if (kind !== 'analysis' || analysisId === undefined || !analysisFileNames.includes(file ?? '')) return undefined;
  if (!(await app.stores.analyses.has(analysisId))) return undefined;
  const mediaType = file === analysisFiles.document ? 'application/json' : 'application/x-npy';
  return { path: join(app.stores.analyses.folder(analysisId), file ?? ''), mediaType };
}
