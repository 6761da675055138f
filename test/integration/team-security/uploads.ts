/** Uploads that nobody asked for, that are too large, that never end, or that are not what they say. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { teamPaths, wantedAssetKey } from '../../../worker/protocol/team.ts';
import { nameWantedAsset } from '../../../worker/wanted-assets.ts';
import { until } from '../app-under-test.ts';
import type { RawAnswer } from '../team-server-bench.ts';
import { bearer, expectRefusal, host, newHash, type SecurityBench } from './security-bench.ts';

export function describeUploads(security: () => SecurityBench): void {
  const uploadPath = (sha256: string): string => `${teamPaths.uploads}/${sha256}`;
  const directory = (): string => join(security().bench.dataDirectory, 'uploads', 'aces');
  /** Names of files that hold bytes. */
  const unfinished = async (): Promise<string[]> =>
    (await readdir(directory())).filter((name) => !name.endsWith('.json'));
  const isStored = async (sha256: string): Promise<boolean> =>
    (await security().bench.ask('HEAD', `${teamPaths.assets}/${sha256}`, bearer(security().invitation))).status === 200;
  const create = (
    sha256: string,
    size: number | undefined,
    { mediaType, headers = {}, body }: { mediaType?: string; headers?: object; body?: Uint8Array } = {},
  ): Promise<RawAnswer> =>
    security().bench.ask(
      'POST',
      teamPaths.uploads,
      { ...security().tusHeaders(sha256, size, mediaType), ...headers },
      body,
    );
  const want = (sha256: string, byteLength: number): Promise<void> =>
    nameWantedAsset(security().coach.redis, security().coach.team.keyPrefix, {
      ...{ sha256, byteLength, mediaType: 'video/mp4' },
    });
  const begin = async (size: number, sha256 = newHash()): Promise<string> => {
    await want(sha256, size);
    expect((await create(sha256, size)).status).toBe(201);
    return sha256;
  };
  const patchHeaders = (sha256: string, offset = 0) => ({
    ...security().tusHeaders(sha256, undefined),
    'upload-offset': String(offset),
    'content-type': 'application/offset+octet-stream',
  });
  /** Undefined where the connection was broken off instead. */
  const send = (sha256: string, body: Uint8Array, headers: Record<string, string> = {}) =>
    security()
      .bench.ask('PATCH', uploadPath(sha256), { ...patchHeaders(sha256), ...headers }, body)
      .catch(() => undefined);

  describe('uploads', () => {
    afterEach(async () => {
      for (const sha256 of await unfinished())
        await security().bench.ask('DELETE', uploadPath(sha256), security().tusHeaders(sha256, undefined));
      expect(await readdir(directory())).toEqual([]);
    });

    it('are taken only for what was named, with its size and type, for a while', async () => {
      const unwanted = { status: 403, code: 'ASSET_UNWANTED' };
      const sha256 = newHash();
      expectRefusal(await create(sha256, 100), unwanted);
      await want(sha256, 100);
      expectRefusal(await create(sha256, 101), unwanted);
      expectRefusal(await create(sha256, 100, { mediaType: 'text/html' }), unwanted);
      const forever = newHash();
      await security().coach.redis.set(
        wantedAssetKey(security().coach.team.keyPrefix, forever),
        JSON.stringify({ byteLength: 100, mediaType: 'video/mp4' }),
      );
      expectRefusal(await create(forever, 100), unwanted);
      // What one team has named another one may not send.
      const theirs = security().other.team.http.headers['authorization'] ?? '';
      expectRefusal(await create(sha256, 100, { headers: { authorization: theirs } }), unwanted);
      await security().isLogged(/ASSET_UNWANTED/);
    });

    it('say what they are, in full', async () => {
      const sha256 = newHash();
      await want(sha256, 100);
      const wrong = { status: 400, code: 'INVALID_INPUT' };
      expectRefusal(await create('../../etc', 100), wrong);
      expectRefusal(await create(sha256, undefined), wrong);
      expectRefusal(await create(sha256, 100, { mediaType: 'text/html\r\nx: y' }), wrong);
      // The protocol lets a client say the length later: here nobody may.
      expectRefusal(await create(sha256, undefined, { headers: { 'upload-defer-length': '1' } }), wrong);
      const { status, body } = await create(sha256, -5);
      expect([status, body.toString()]).toEqual([400, 'Invalid upload-length\n']);
      await security().isLogged(/INVALID_INPUT/);
      await security().isLogged(/no request of the upload protocol/);
    });

    it('are not larger than one may be, nor more or together larger than a team may have', async () => {
      const full = (status: number) => ({ status, code: 'TEAM_FULL' });
      const refuse = async (size: number, status: number): Promise<void> => {
        const sha256 = newHash();
        await want(sha256, size);
        expectRefusal(await create(sha256, size), full(status));
        expect(await unfinished()).not.toContain(sha256);
      };
      await refuse(1_000_001, 413);
      await refuse(Number.MAX_SAFE_INTEGER, 413);
      for (let i = 0; i < 3; i++) await begin(900_000);
      // Not a byte of them has come, and yet they count.
      await refuse(900_000, 413);
      await begin(100);
      await refuse(100, 429);
      await security().isLogged(/too many unfinished/);
      await security().isLogged(/no room left/);
      await security().isLogged(/larger than the team server takes/);
    });

    it('hold no more than they said they would, however much comes, and are thrown away then', async () => {
      for (const headers of [{ 'transfer-encoding': 'chunked' }, { 'content-length': '900000' }]) {
        const before = security().refusals().length;
        const sha256 = await begin(50_000);
        const answer = await send(sha256, randomBytes(900_000), headers);
        if (answer) expect(answer.status).toBeGreaterThanOrEqual(400);
        for (const name of await unfinished())
          expect((await stat(join(directory(), name))).size).toBeLessThanOrEqual(50_000);
        expect(await isStored(sha256)).toBe(false);
        await until('it is in the log', () => security().refusals().length > before);
      }
      const eager = newHash();
      await want(eager, 50_000);
      const headers = { 'content-type': 'application/offset+octet-stream' };
      const answer = await create(eager, 50_000, { headers, body: randomBytes(900_000) }).catch(() => undefined);
      if (answer) expect(answer.status).toBeGreaterThanOrEqual(400);
      for (const name of await unfinished())
        expect((await stat(join(directory(), name))).size).toBeLessThanOrEqual(50_000);
      expect(await isStored(eager)).toBe(false);
    });

    it('end, though the sender never does', async () => {
      const sha256 = await begin(50_000);
      const before = security().refusals().length;
      const socket = await security().openTls();
      const closed = once(socket, 'close');
      const headers = Object.entries({ ...patchHeaders(sha256), 'transfer-encoding': 'chunked' });
      const lines = headers.map(([name, value]) => `${name}: ${value}`);
      socket.write(`PATCH ${uploadPath(sha256)} HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`);
      const chunk = Buffer.concat([Buffer.from('4000\r\n'), randomBytes(0x4000), Buffer.from('\r\n')]);
      const pour = setInterval(() => socket.write(chunk), 5);
      await closed;
      clearInterval(pour);
      for (const name of await unfinished())
        expect((await stat(join(directory(), name))).size).toBeLessThanOrEqual(50_000);
      expect(await isStored(sha256)).toBe(false);
      await until('it is in the log', () => security().refusals().length > before);
    });

    it('are thrown away when they are not what their hash says, whoever began them', async () => {
      const bytes = new Uint8Array(randomBytes(50_000));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const wrong = new Uint8Array(randomBytes(50_000));
      await begin(bytes.byteLength, sha256);
      expectRefusal((await send(sha256, wrong)) as RawAnswer, { status: 422, code: 'ASSET_CORRUPT' });
      expect(await unfinished()).toEqual([]);
      expect(await isStored(sha256)).toBe(false);
      await security().isLogged(/ASSET_CORRUPT/);
      // Somebody of the team begins it with something else: who has the right bytes gets them there all the same.
      await begin(bytes.byteLength, sha256);
      expect((await send(sha256, wrong.subarray(0, 20_000)))?.status).toBe(204);
      const { coach } = security();
      await coach.assets.upload(await coach.stores.assets.putBytes(bytes, 'video/mp4'));
      expect(await isStored(sha256)).toBe(true);
    });

    it('that only hold a connection are cut off', async () => {
      const sha256 = await begin(500_000);
      const body = await security().openTls();
      body.write(
        `PATCH ${uploadPath(sha256)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${security().invitation.token}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 500000\r\n\r\n`,
      );
      const drip = setInterval(() => body.write('x'), 100);
      const headers = await security().openTls();
      headers.write('GET / HTTP/1.1\r\n');
      const more = setInterval(() => headers.write('x-slow: 1\r\n'), 100);
      const silent = connect({ host, port: security().bench.port });
      silent.on('error', () => undefined);
      await Promise.all([body, headers, silent].map((socket) => once(socket, 'close')));
      clearInterval(drip);
      clearInterval(more);
      await security().isLogged(/slow body/);
      await security().isLogged(/no HTTP: ERR_HTTP_REQUEST_TIMEOUT/);
      await security().isLogged(/no TLS: ERR_TLS_HANDSHAKE_TIMEOUT/);
    });
  });
}
