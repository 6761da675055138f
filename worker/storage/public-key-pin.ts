/** How a machine knows the team server again: by the public key that the invitation named. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { AppError } from '../protocol/errors.ts';

/** SHA-256 of the public key in SPKI and DER, base64url, as `pinSchema` of the invitation. */
export function pinOfKey(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
}

export function publicKeyPin(certificate: X509Certificate): string {
  return pinOfKey(certificate.publicKey);
}

/**
 * As Node's TLS clients ask for it, in addition to a `ca`: the key is the identity, and under which name or address the
 * server was reached does not matter.
 */
export function checkPinnedIdentity(pin: string) {
  return (_host: string, { raw }: { readonly raw: Buffer }): AppError | undefined =>
    publicKeyPin(new X509Certificate(raw)) === pin ? undefined : wrongServer();
}

export function wrongServer(cause?: unknown): AppError {
  return new AppError(
    'TEAM_REFUSED',
    'The server at this address is not the one of the invitation: nothing was sent to it. Ask for a new invitation.',
    { cause },
  );
}
