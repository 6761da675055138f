/** Downloads of assets by hash, whole or in ranges. */
import { Readable } from 'node:stream';
import { sha256Schema } from '../protocol/assets.ts';
import { parseByteRange } from '../protocol/byte-range.ts';
import { AppError, type Failure } from '../protocol/errors.ts';
import { assetMissingSentence } from '../protocol/team.ts';
import type { TeamAssets } from './team-assets.ts';

/** Where assets are looked up and read. */
export type AssetSource = Pick<TeamAssets, 'find' | 'read'>;

export interface AssetRequest {
  readonly method: 'GET' | 'HEAD';
  readonly team: string;
  /** As it stands in the address. */
  readonly sha256: string;
  readonly headers: Headers;
}

/** An asset of another team, one that is not there and what is no hash at all have one answer. */
export async function answerAssetRequest(assets: AssetSource, request: AssetRequest): Promise<Response> {
  const sha256 = sha256Schema.safeParse(request.sha256);
  const reference = sha256.success ? await assets.find(request.team, sha256.data) : undefined;
  if (reference === undefined) return missing();
  const { byteLength, mediaType } = reference;
  const etag = `"${reference.sha256}"`;
  const common = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=31536000, immutable',
    'content-type': mediaType,
    // Nothing that a member uploaded is ever shown as a page of this server.
    'content-disposition': 'attachment',
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: common });
  const ifRange = request.headers.get('if-range');
  const range = parseByteRange(ifRange === null || ifRange === etag ? request.headers.get('range') : null, byteLength);
  if (range === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { etag, 'content-range': `bytes */${byteLength}` } });
  }
  const { start, end } = range ?? { start: 0, end: byteLength - 1 };
  const headers = {
    ...common,
    'content-length': String(end - start + 1),
    ...(range && { 'content-range': `bytes ${start}-${end}/${byteLength}` }),
  };
  const status = range ? 206 : 200;
  if (request.method === 'HEAD' || byteLength === 0) return new Response(null, { status, headers });
  try {
    const stream = await assets.read(request.team, reference, range);
    return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
  } catch (error) {
    if (error instanceof AppError && error.code === 'ASSET_MISSING') return missing();
    throw error;
  }
}

function missing(): Response {
  const failure: Failure = { code: 'ASSET_MISSING', message: assetMissingSentence };
  return Response.json(failure, { status: 404 });
}
