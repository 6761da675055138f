/** The certificate of the team server: given, or made once and kept with its key in the data folder. */
// Wanted by @peculiar/x509 before itself.
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { AppError } from '../protocol/errors.ts';
import { replaceFile } from '../storage/place-file.ts';
import { pinOfKey, publicKeyPin } from '../storage/public-key-pin.ts';
import { isMissingFile } from '../storage/storage-error.ts';

export interface ServerCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** For invitations; undefined for a certificate that others vouch for. */
  readonly pin: string | undefined;
}

export interface CertificateOptions {
  /** Of the certificate that is made. */
  readonly directory: string;
  readonly address: string;
  readonly given: { readonly certificateFile: string; readonly keyFile: string } | undefined;
}

const yearMilliseconds = 365 * 24 * 3600 * 1000;
const validYears = 10;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Throws AppError CONFIGURATION_INVALID. */
export async function loadServerCertificate(options: CertificateOptions): Promise<ServerCertificate> {
  if (options.given !== undefined) return await readGiven(options.given);
  const files = {
    certificateFile: join(options.directory, 'certificate.pem'),
    keyFile: join(options.directory, 'key.pem'),
  };
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const key = (await readIfThere(files.keyFile)) ?? (await makeKey(files.keyFile));
  const kept = await readIfThere(files.certificateFile);
  // Its key stays, and so does the pin that members hold, whatever becomes of its names and dates.
  const certificate =
    kept !== undefined && isUsable(kept, key, options.address)
      ? kept
      : await makeCertificate(files.certificateFile, key, options.address);
  return { ...files, certificate, key, pin: publicKeyPin(new X509Certificate(certificate)) };
}

async function readGiven(files: { certificateFile: string; keyFile: string }): Promise<ServerCertificate> {
  try {
    const [certificate, key] = [await readFile(files.certificateFile, 'utf8'), await readFile(files.keyFile, 'utf8')];
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error('The key belongs to another certificate.');
    if (Date.parse(parsed.validTo) < Date.now()) throw new Error(`The certificate expired on ${parsed.validTo}.`);
    const isSelfSigned = parsed.verify(parsed.publicKey);
    return { ...files, certificate, key, pin: isSelfSigned ? publicKeyPin(parsed) : undefined };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'CONFIGURATION_INVALID',
      `The certificate ${files.certificateFile} with the key ${files.keyFile} cannot be used: ${reason}`,
      { cause },
    );
  }
}

function isUsable(pem: string, keyPem: string, address: string): boolean {
  try {
    const parsed = new X509Certificate(pem);
    const lastsAYear = Date.parse(parsed.validTo) > Date.now() + yearMilliseconds;
    const isNamed = isIP(address) ? parsed.checkIP(address) : parsed.checkHost(address);
    return lastsAYear && isNamed !== undefined && pinOfKey(createPublicKey(keyPem)) === publicKeyPin(parsed);
  } catch {
    return false;
  }
}

async function makeKey(path: string): Promise<string> {
  const { privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const pem = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
  await replaceFile(path, new TextEncoder().encode(pem));
  return pem;
}

/** Self-signed, for the address and for this machine itself. */
async function makeCertificate(path: string, keyPem: string, address: string): Promise<string> {
  const importKey = (format: 'pkcs8' | 'spki', key: BufferSource, use: 'sign' | 'verify') =>
    webcrypto.subtle.importKey(format, key, algorithm, true, [use]);
  const spki = createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
  const keys = {
    privateKey: await importKey('pkcs8', x509.PemConverter.decodeFirst(keyPem), 'sign'),
    publicKey: await importKey('spki', new Uint8Array(spki), 'verify'),
  };
  const names = [...new Set([address, 'localhost', '127.0.0.1', '::1'])];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Positive and unlike any other (RFC 5280, 4.1.2.2).
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=Shadow Trainer team server',
    notBefore: new Date(Date.now() - 24 * 3600 * 1000),
    notAfter: new Date(Date.now() + validYears * yearMilliseconds),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  const pem = `${certificate.toString('pem')}\n`;
  await replaceFile(path, new TextEncoder().encode(pem));
  return pem;
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissingFile(error)) return undefined;
    throw error;
  });
}
