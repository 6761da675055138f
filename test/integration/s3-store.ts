/**
 * An S3-compatible store on a free loopback port. The store itself takes any signature of version 4 for a good one: so
 * requests are looked at before they reach it, and refused as Amazon's would be.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import S3rver from 's3rver';
import { isSigned } from './s3-signature.ts';

export interface S3Store {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly directory: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

export async function startS3Store(): Promise<S3Store> {
  const directory = await mkdtemp(join(tmpdir(), 'shadow-trainer-s3-'));
  const bucket = 'clips';
  const server = new S3rver({
    ...{ address: host, port: 0, silent: true, directory },
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  // The only ones it knows.
  const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', region: 'eu-test-1' };

  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part);
    const body = Buffer.concat(parts);
    const { method = '', url: target = '' } = asked;
    const headers = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name, String(value)]));
    if (!isSigned({ method, target, headers }, body, key)) {
      answer.writeHead(403, { 'content-type': 'application/xml' });
      return void answer.end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    }
    const passed = request({ host, port, method, path: target, headers: asked.headers });
    passed.end(body);
    const [found] = (await once(passed, 'response')) as [IncomingMessage];
    answer.writeHead(found.statusCode ?? 500, found.headers);
    await pipeline(found, answer);
  };
  const front = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()));
  front.listen(0, host);
  await once(front, 'listening');
  return {
    ...{ endpoint: `http://${host}:${(front.address() as AddressInfo).port}`, bucket, directory, ...key },
    async stop() {
      front.closeAllConnections();
      front.close();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
