/**
 * Signature Version 4 of a request to S3, computed from the request as it arrived: what a store would compare. After
 * Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk".
 */
import { createHash, createHmac } from 'node:crypto';

export interface ArrivedRequest {
  readonly method: string;
  /** As in the first line of the request. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Whether the request shows the signature that it should, and its body is what was signed. */
export function isSigned(request: ArrivedRequest, body: Uint8Array, key: S3Key): boolean {
  const { authorization = '', 'x-amz-content-sha256': bodyHash, 'x-amz-date': time = '' } = request.headers;
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=(?<credential>[^,]+), ?SignedHeaders=(?<names>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/;
  const { credential, names = '', signature } = pattern.exec(authorization)?.groups ?? {};
  return (
    credential === `${key.accessKeyId}/${scopeOf(time, key)}` &&
    ['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.split(';').includes(name)) &&
    bodyHash === createHash('sha256').update(body).digest('hex') &&
    signature === s3Signature(request, names.split(';'), key)
  );
}

export function s3Signature({ method, target, headers }: ArrivedRequest, names: readonly string[], key: S3Key): string {
  const [path = '', query = ''] = target.split('?');
  const { 'x-amz-date': time = '', 'x-amz-content-sha256': bodyHash = '' } = headers;
  const canonical = [
    ...[method, path, canonicalQuery(query)],
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    ...['', names.join(';'), bodyHash],
  ].join('\n');
  const scope = scopeOf(time, key);
  const text = [algorithm, time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const secret = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${key.secretAccessKey}`);
  return hmac(secret, text).toString('hex');
}

function scopeOf(time: string, { region }: S3Key): string {
  return `${time.slice(0, 8)}/${region}/s3/aws4_request`;
}

function canonicalQuery(query: string): string {
  const encode = (text: string): string =>
    encodeURIComponent(decodeURIComponent(text.replaceAll('+', ' '))).replaceAll(
      /[!'()*]/g,
      (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split('='));
  return pairs
    .map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
