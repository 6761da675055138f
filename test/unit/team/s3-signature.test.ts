import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from 'vitest';
import { isSigned, s3Signature } from '../../integration/s3-signature.ts';

/** The key, time and bucket of all examples in Amazon's description of the signature. */
const key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const host = 'examplebucket.s3.amazonaws.com';
const time = '20130524T000000Z';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Example {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signature: string;
}
const examples: readonly Example[] = [
  {
    ...{ method: 'GET', target: '/test.txt', headers: { range: 'bytes=0-9' } },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    ...{ method: 'PUT', target: '/test%24file.text', body: 'Welcome to Amazon S3.' },
    headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    ...{ method: 'GET', target: '/?lifecycle' },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    ...{ method: 'GET', target: '/?max-keys=2&prefix=J' },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

describe('the signature of a request to S3', () => {
  it.each(examples)(
    'of Amazon’s own examples is right: $method $target',
    ({ method, target, headers, body = '', signature }) => {
      const all = { host, 'x-amz-content-sha256': sha256(body), 'x-amz-date': time, ...headers };
      expect(s3Signature({ method, target, headers: all }, Object.keys(all).sort(), key)).toBe(signature);
    },
  );

  it.each(examples)('that our client sends is the same: $method $target', async (example) => {
    const { method, target, headers, body = '', signature } = example;
    const signer = new AwsV4Signer({
      ...{ ...key, service: 's3', datetime: time, method, url: `https://${host}${target}`, allHeaders: true },
      headers: { ...headers, 'x-amz-content-sha256': sha256(body) },
    });
    expect((await signer.sign()).headers.get('authorization')).toContain(`Signature=${signature}`);
  });

  it('is none with another key, for another body, or for another file', async () => {
    const url = `https://${host}/test.txt`;
    const { headers } = await new AwsV4Signer({
      ...{ ...key, service: 's3', method: 'PUT', url, body: 'x' },
      headers: { 'x-amz-content-sha256': sha256('x') },
    }).sign();
    const request = { method: 'PUT', target: '/test.txt', headers: { ...Object.fromEntries(headers), host } };
    const body = new TextEncoder().encode('x');
    expect(isSigned(request, body, key)).toBe(true);
    expect(isSigned(request, body, { ...key, secretAccessKey: 'other' })).toBe(false);
    expect(isSigned(request, body, { ...key, accessKeyId: 'other' })).toBe(false);
    expect(isSigned(request, new TextEncoder().encode('y'), key)).toBe(false);
    expect(isSigned({ ...request, target: '/other.txt' }, body, key)).toBe(false);
    expect(isSigned({ ...request, method: 'DELETE' }, body, key)).toBe(false);
  });
});
