import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publicKeyPin } from '../../../worker/storage/public-key-pin.ts';
import { loadServerCertificate } from '../../../worker/team/server-certificate.ts';

describe('certificate of a team server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-tls-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const make = (address: string) =>
    loadServerCertificate({ directory: join(folder, 'made'), address, given: undefined });

  it('is made once, for its address and for this machine', async () => {
    const made = await make('clips.example.org');
    const certificate = new X509Certificate(made.certificate);
    expect(certificate.checkHost('clips.example.org')).toBeDefined();
    expect(certificate.checkHost('localhost')).toBeDefined();
    expect(certificate.checkIP('127.0.0.1')).toBeDefined();
    expect(certificate.checkHost('other.example.org')).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 9 * 365 * 24 * 3600 * 1000);
    expect(await make('clips.example.org')).toEqual(made);
  });

  it('is made anew for another address, and keeps the pin that members hold', async () => {
    const first = await make('127.0.0.1');
    const second = await make('10.1.2.3');
    expect(second.certificate).not.toBe(first.certificate);
    expect(new X509Certificate(second.certificate).checkIP('10.1.2.3')).toBeDefined();
    expect(second.pin).toBe(first.pin);
    expect(second.pin).toBe(publicKeyPin(new X509Certificate(second.certificate)));
  });

  it('that is given is used with its key, and with no other', async () => {
    const made = await make('a.example');
    const other = await loadServerCertificate({
      directory: join(folder, 'other'),
      address: 'b.example',
      given: undefined,
    });
    const load = (certificateFile: string, keyFile: string) =>
      loadServerCertificate({ directory: folder, address: 'a.example', given: { certificateFile, keyFile } });
    expect(await load(made.certificateFile, made.keyFile)).toMatchObject({
      certificate: made.certificate,
      pin: made.pin,
    });
    await expect(load(made.certificateFile, other.keyFile)).rejects.toThrow(/key belongs to another/);
    writeFileSync(join(folder, 'x.pem'), 'nonsense');
    await expect(load(join(folder, 'x.pem'), made.keyFile)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    await expect(load(join(folder, 'gone.pem'), made.keyFile)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});
