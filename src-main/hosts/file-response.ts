/** A file as an HTTP response, with byte ranges, so that a video can be stepped through. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { parseByteRange } from '../../worker/protocol/byte-range.ts';

/** Contents named by their hash never change: the browser may keep them. */
const cacheControl = 'private, max-age=31536000, immutable';

export async function fileResponse(path: string, mediaType: string, rangeHeader: string | null): Promise<Response> {
  const found = await stat(path).catch(() => undefined);
  // Removed meanwhile, or an analysis folder that somebody thinned out.
  if (found === undefined || !found.isFile()) return new Response('Not found', { status: 404 });
  const { size } = found;
  const range = parseByteRange(rangeHeader, size);
  if (range === 'unsatisfiable') {
    return new Response(undefined, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const body = size === 0 ? undefined : (Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream);
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      'accept-ranges': 'bytes',
      'cache-control': cacheControl,
      'content-length': String(size === 0 ? 0 : end - start + 1),
      'content-type': mediaType,
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    },
  });
}
