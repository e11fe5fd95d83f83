import type { TrustMaterial } from '@sigstore/verify';

import { toTrustMaterial } from '@sigstore/verify';
import { TrustedRoot } from '@sigstore/protobuf-specs';

import { asSigned } from './octets.ts';
import { PUBLIC_ROOT } from './public-root.ts';

/** What certificates, logs and timestamps are trusted; never fetched while a review runs. */
let publicTrust: TrustMaterial | undefined;
let own: { readonly json: string; readonly trust: TrustMaterial } | undefined;

/**
 * @param json the operator's trust root; the public one of Sigstore where absent
 * @throws when it is none
 */
export function trustOf(json: string | undefined): TrustMaterial {
  if (json === undefined) return (publicTrust ??= read(PUBLIC_ROOT));
  if (own?.json !== json) own = { json, trust: read(JSON.parse(json)) };
  return own.trust;
}

function read(root: unknown): TrustMaterial {
  const trusted = TrustedRoot.fromJSON(root);
  if (trusted.certificateAuthorities.length === 0 && trusted.tlogs.length === 0) {
    throw new TypeError('The trust root holds no authority and no log.');
  }
  const trust = toTrustMaterial(trusted);
  for (const { certChain } of [...trust.certificateAuthorities, ...trust.timestampAuthorities]) {
    for (const certificate of certChain) asSigned(certificate);
  }
  return trust;
}
