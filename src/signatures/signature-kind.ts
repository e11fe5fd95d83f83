import type { SignatureKind } from '../model/commit.ts';
import { startsWith, trimSpace, utf8 } from './bytes.ts';

/** `SIGNED MESSAGE` is S/MIME and gitsign, which Flux never verifies. */
const FIRST_LINES: readonly (readonly [SignatureKind, Uint8Array])[] = [
  ['openpgp', utf8('-----BEGIN PGP SIGNATURE-----')],
  ['ssh', utf8('-----BEGIN SSH SIGNATURE-----')],
  ['x509', utf8('-----BEGIN SIGNED MESSAGE-----')],
];

/** What a signature is, by how it begins (leading white space aside), as Flux 2.9 decides it. */
export function kindOfSignature(signature: Uint8Array): SignatureKind {
  if (signature.length === 0) return 'empty';
  const trimmed = trimSpace(signature);
  return FIRST_LINES.find(([, begin]) => startsWith(trimmed, begin))?.[0] ?? 'unknown';
}
