import type { SignedEntity, TrustMaterial } from '@sigstore/verify';

type Certificate = TrustMaterial['certificateAuthorities'][number]['certChain'][number];
type Encoded = Certificate['root'];

/**
 * Keeps octets as they stand. The library takes those that happen to read as DER for such, and
 * writes them anew where it checks what was signed: a length in more bytes than it takes comes out
 * shorter, as in the key id of one certificate in 200,000. Changes what it is given.
 *
 * @returns bytes in which it will be written
 */
function keepOctets(encoded: Encoded): number {
  const { subs, value, tag } = encoded;
  let length = value.length;
  if (subs.length > 0) {
    const written = subs.reduce((sum, sub) => sum + keepOctets(sub), 0);
    // Nothing but lengths is ever written otherwise, and never in more bytes.
    if (tag.isOctetString() && written !== length) subs.splice(0);
    else length = written;
  }
  const more = length < 0x80 ? 0 : Math.ceil(Math.log2(length + 1) / 8);
  return 2 + more + length;
}

/** The certificate, whose copies keep their octets too: the library reads them once more. */
export function asSigned(certificate: Certificate): Certificate {
  keepOctets(certificate.root);
  const copy = certificate.clone.bind(certificate);
  return Object.defineProperty(certificate, 'clone', { value: () => asSigned(copy()) });
}

/** A timestamp, likewise. */
export function asStamped(
  stamp: SignedEntity['timestamps'][number],
): SignedEntity['timestamps'][number] {
  if (stamp.$case === 'timestamp-authority') keepOctets(stamp.timestamp.root);
  return stamp;
}
