/** Assets in an S3-compatible store. Only files whose hash was checked get there. */
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AwsClient } from 'aws4fetch';
import { type Sha256, sha256Schema } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { assetMissingSentence, teamNameSchema } from '../protocol/team.ts';
import { hashBytes } from '../storage/hash-file.ts';
import type { StoredAsset, TeamAssets } from './team-assets.ts';
import type { S3Configuration } from './team-configuration.ts';

/** Ten thousand parts of this size are more than any upload may have. */
const partBytes = 16 * 2 ** 20;

/** Requests that fail for a while are tried again by the client, with growing pauses. Throws AppError INTERNAL. */
export function createS3TeamAssets(configuration: S3Configuration): TeamAssets {
  const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = configuration;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 5 });
  const bucketUrl = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const urlOf = (team: string, sha256: Sha256): string => `${bucketUrl}/${prefix}${team}/${sha256}`;

  const ask = async (doing: string, url: string, init: S3Request = {}): Promise<Response> => {
    // Signed with the request: the store takes no other bytes for these. The client would leave them out.
    const headers = { ...init.headers, 'x-amz-content-sha256': hashBytes(bytesOf(init.body)) };
    let response: Response;
    try {
      response = await client.fetch(url, { ...init, headers });
    } catch (cause) {
      throw new AppError('INTERNAL', `The store of the team server does not answer (${doing}).`, { cause });
    }
    if (response.ok || response.status === 404) return response;
    const said = (await response.text()).slice(0, 500);
    throw new AppError('INTERNAL', `The store of the team server could not ${doing} (${response.status}).`, {
      cause: new Error(said),
    });
  };
  const required = async (doing: string, url: string, init?: S3Request): Promise<Response> => {
    const response = await ask(doing, url, init);
    if (response.status !== 404) return response;
    throw new AppError('INTERNAL', `The store of the team server could not ${doing}: there is no bucket ${bucket}.`);
  };

  /** Answers of S3 until the last. */
  async function* listed(below: string, delimiter?: string): AsyncGenerator<string> {
    let next: string | undefined;
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix: below });
      if (delimiter !== undefined) query.set('delimiter', delimiter);
      if (next !== undefined) query.set('continuation-token', next);
      const said = await (await required('list files', `${bucketUrl}?${query}`)).text();
      yield said;
      next = /<IsTruncated>true/.test(said) ? textOf(said, 'NextContinuationToken') : undefined;
    } while (next !== undefined);
  }

  const putInParts = async (url: string, path: string, mediaType: string, byteLength: number): Promise<void> => {
    const begun = await required('begin a file', `${url}?uploads`, {
      method: 'POST',
      headers: { 'content-type': mediaType },
    });
    const uploadId = encodeURIComponent(textOf(await begun.text(), 'UploadId'));
    try {
      const parts: string[] = [];
      const file = await open(path, 'r');
      try {
        for (let at = 0; at < byteLength; at += partBytes) {
          const number = parts.length + 1;
          const body = await readPart(file, at, Math.min(partBytes, byteLength - at));
          const partUrl = `${url}?partNumber=${number}&uploadId=${uploadId}`;
          const response = await required('store a file', partUrl, { method: 'PUT', body });
          const etag = response.headers.get('etag') ?? '';
          parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
        }
      } finally {
        await file.close();
      }
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
      const done = await required('finish a file', `${url}?uploadId=${uploadId}`, { method: 'POST', body });
      // It may say 200 and then fail (S3, CompleteMultipartUpload).
      const said = await done.text();
      if (/<Error>/.test(said)) throw new AppError('INTERNAL', 'The store of the team server could not finish a file.');
    } catch (error) {
      await ask('give up a file', `${url}?uploadId=${uploadId}`, { method: 'DELETE' }).catch(() => undefined);
      throw error;
    }
  };

  return {
    async find(team, sha256) {
      const response = await ask('look up a file', urlOf(team, sha256), { method: 'HEAD' });
      if (response.status === 404) return undefined;
      return {
        sha256,
        mediaType: response.headers.get('content-type') ?? 'application/octet-stream',
        byteLength: Number(response.headers.get('content-length')),
      };
    },
    async put(team, path, { sha256, mediaType, byteLength }) {
      const url = urlOf(team, sha256);
      if (byteLength > partBytes) {
        await putInParts(url, path, mediaType, byteLength);
      } else {
        const file = await open(path, 'r');
        try {
          const body = await readPart(file, 0, byteLength);
          await required('store a file', url, { method: 'PUT', headers: { 'content-type': mediaType }, body });
        } finally {
          await file.close();
        }
      }
      await rm(path, { force: true });
    },
    async read(team, { sha256 }, range) {
      const headers = range && { range: `bytes=${range.start}-${range.end}` };
      const response = await ask('read a file', urlOf(team, sha256), headers && { headers });
      if (response.status === 404) throw new AppError('ASSET_MISSING', assetMissingSentence);
      return response.body
        ? Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
        : Readable.from([]);
    },
    async remove(team, sha256) {
      await ask('remove a file', urlOf(team, sha256), { method: 'DELETE' });
    },
    async teams() {
      const names: string[] = [];
      for await (const said of listed(prefix, '/'))
        for (const [, folder = ''] of said.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)\/<\/Prefix>/g))
          names.push(folder.slice(folder.lastIndexOf('/') + 1));
      return names.filter((name) => teamNameSchema.safeParse(name).success);
    },
    async list(team) {
      const assets: StoredAsset[] = [];
      for await (const said of listed(`${prefix}${team}/`))
        for (const [, contents = ''] of said.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const key = textOf(contents, 'Key');
          const sha256 = sha256Schema.safeParse(key.slice(key.lastIndexOf('/') + 1)).data;
          const storedAt = Date.parse(textOf(contents, 'LastModified'));
          if (sha256 !== undefined) assets.push({ sha256, byteLength: Number(textOf(contents, 'Size')), storedAt });
        }
      return assets;
    },
  };
}

interface S3Request {
  readonly method?: 'DELETE' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

function bytesOf(body: S3Request['body'] = ''): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

async function readPart(
  file: Awaited<ReturnType<typeof open>>,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(part, done, length - done, position + done);
    if (bytesRead === 0) throw new AppError('INTERNAL', 'An uploaded file is shorter than it was.');
    done += bytesRead;
  }
  return part;
}

/** Of an answer of S3: flat XML with known elements. */
function textOf(xml: string, element: string): string {
  const found = new RegExp(`<${element}>([^<]+)</${element}>`).exec(xml)?.[1];
  if (found === undefined) throw new AppError('INTERNAL', `The store of the team server said no ${element}.`);
  return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
