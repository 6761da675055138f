/** How a machine knows the team server again: by the public key that the invitation named. */
import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';

/** SHA-256 of the public key in SPKI and DER, base64url, as `pinSchema` of the invitation. */
export function pinOfKey(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
}

export function publicKeyPin(certificate: X509Certificate): string {
  return pinOfKey(certificate.publicKey);
}
