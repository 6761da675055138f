/** Who answers at the other end, and in which language. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, pingRedis, type RedisTarget, refusedCertificateOf } from '../../../worker/connection.ts';
import { protocolHeader, teamPaths } from '../../../worker/protocol/team.ts';
import { fetchPinnedCertificate } from '../../../worker/storage/team-http.ts';
import { loadServerCertificate } from '../../../worker/team/server-certificate.ts';
import { assetPath, bearer, host, type SecurityBench } from './security-bench.ts';

export function describeWire(security: () => SecurityBench): void {
  it('plain text on the TLS port is refused', async () => {
    const socket = connect({ host, port: security().bench.port });
    let said = '';
    socket.on('data', (data) => {
      said += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.write(
      `GET ${assetPath(security().clip.sha256)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${security().invitation.token}\r\n\r\n`,
    );
    await once(socket, 'close');
    expect(said).not.toContain('HTTP');
    await security().isLogged(/no TLS: ERR_SSL/);
  });

  it('another server at the address is not spoken to', async () => {
    const wrong = { ...security().invitation, pin: createHash('sha256').update('other').digest('base64url') };
    const before = security().refusals().length;
    await expect(fetchPinnedCertificate(wrong.server, wrong.pin)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    await expect(security().bench.join(wrong)).rejects.toMatchObject({ code: 'TEAM_REFUSED' });
    await expect(security().bench.join({ ...security().invitation, pin: undefined })).rejects.toMatchObject({
      code: 'TEAM_UNREACHABLE',
    });
    expect(
      security()
        .refusals()
        .slice(before)
        .filter((reason) => /token/.test(reason)),
    ).toEqual([]);
  });

  it('another protocol version is told so in a sentence, both ways', async () => {
    const [older, newer] = await Promise.all(
      ['0', '2'].map((version) =>
        security().bench.ask('GET', teamPaths.team, { ...bearer(security().invitation), [protocolHeader]: version }),
      ),
    );
    expect(older?.status).toBe(426);
    expect(older?.body.toString()).toMatch(/PROTOCOL_MISMATCH.*Update it on this computer/);
    expect(newer?.body.toString()).toMatch(/PROTOCOL_MISMATCH.*Update it on the team server/);
    await security().isLogged(/protocol 2/);
  });

  describe('somebody in between, with a certificate of the same names', () => {
    let folder: string;
    let impostor: Server;
    let port: number;
    /** What a client said to him. */
    let heard = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-impostor-'));
      const { key, certificate } = await loadServerCertificate({ directory: folder, address: host, given: undefined });
      impostor = createServer({ key, cert: certificate }, (socket) => {
        socket
          .on('error', () => undefined)
          .on('data', (data) => {
            heard += data.toString('latin1');
          });
      });
      impostor.on('tlsClientError', () => undefined).listen(0, host);
      await once(impostor, 'listening');
      ({ port } = impostor.address() as AddressInfo);
    });
    afterAll(async () => {
      impostor?.close();
      await rm(folder, { recursive: true });
    });
    const at = (place: object): RedisTarget => ({ ...security().coach.team.redis, ...place }) as RedisTarget;
    const refused = {
      code: 'TEAM_REFUSED',
      message: expect.stringMatching(/is not the one of the invitation: nothing was sent to it/),
    };

    it('is not told a word at the HTTPS port', async () => {
      await expect(security().bench.join(security().invitation, { port })).rejects.toMatchObject(refused);
      expect(heard).toBe('');
    });

    it('is not told a word at the port of the queue', async () => {
      const redis = connectRedis(at({ port }), 'answer');
      await expect(pingRedis(redis)).rejects.toMatchObject(refused);
      // And again, when it has tried again: neither a password nor a command.
      await once(redis, 'error');
      await expect(pingRedis(redis)).rejects.toMatchObject(refused);
      redis.disconnect();
      expect(heard).toBe('');
    });
  });

  it('the key is what counts in the queue, under whatever name it is reached', async () => {
    // Another way to write the loopback address, which no certificate names.
    const target = { ...security().coach.team.redis, host: '127.1' } as RedisTarget;
    const redis = connectRedis(target, 'answer');
    await pingRedis(redis);
    expect(refusedCertificateOf(redis)).toBeUndefined();
    redis.disconnect();
    const tls = 'tls' in target && typeof target.tls === 'object' ? { ca: target.tls.ca } : {};
    const named = connectRedis({ ...target, tls } as RedisTarget, 'answer');
    await expect(pingRedis(named)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    named.disconnect();
  });
}
