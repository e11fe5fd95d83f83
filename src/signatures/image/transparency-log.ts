import { createHash, createPublicKey } from 'node:crypto';

import { field, readJson } from './json.ts';
import { isSignedBy } from './public-key.ts';

/**
 * Rekor's key, by which the public log of Sigstore signs its promises (SET).
 *
 * @see https://rekor.sigstore.dev/api/v1/log/publicKey
 */
const REKOR = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwr
kBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==
-----END PUBLIC KEY-----`);

/** Whether the public log promised to hold exactly this signature of exactly this payload. */
export function isLogged(entry: string, payload: Uint8Array, signature: string): boolean {
  const parsed = readJson(entry);
  const promise = field(parsed, 'SignedEntryTimestamp');
  const said = field(parsed, 'Payload');
  const [body, time, index, id] = ['body', 'integratedTime', 'logIndex', 'logID'].map((name) =>
    field(said, name),
  );
  if (typeof promise !== 'string' || typeof body !== 'string' || typeof id !== 'string') {
    return false;
  }
  if (!Number.isSafeInteger(time) || !Number.isSafeInteger(index)) return false;
  // Canonical JSON of these four fields: keys in order, no blanks.
  const signed = JSON.stringify({ body, integratedTime: time, logID: id, logIndex: index });
  if (!isSignedBy(REKOR, Buffer.from(signed), Buffer.from(promise, 'base64'))) return false;
  const record = readJson(Buffer.from(body, 'base64').toString());
  return (
    field(record, 'spec', 'signature', 'content') === signature &&
    field(record, 'spec', 'data', 'hash', 'algorithm') === 'sha256' &&
    field(record, 'spec', 'data', 'hash', 'value') ===
      createHash('sha256').update(payload).digest('hex')
  );
}
