import type { WebFlowKey } from '../model/commit.ts';

/**
 * The keys with which github.com signs what it commits itself: merges, squashes, the web editor.
 * Published at https://github.com/web-flow.gpg. Whoever trusts the current one trusts everybody
 * who may merge on GitHub. A GitHub Enterprise Server has a key of its own.
 */
const KEYS: readonly { readonly fingerprint: string; readonly which: WebFlowKey }[] = [
  // RSA 4096, made on 2024-01-16, does not expire.
  { fingerprint: '968479A1AFF927E37D1A566BB5690EEEBB952194', which: 'current' },
  // Expired on 2024-01-16: Flux refuses every commit signed with it, also old ones.
  { fingerprint: '5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23', which: 'retired' },
];

/** Which of GitHub's own keys this is. @param fingerprint upper-case hexadecimal. */
export function webFlowKey(fingerprint: string): WebFlowKey | undefined {
  return KEYS.find((key) => key.fingerprint === fingerprint)?.which;
}

/** Which of GitHub's own keys an id names. Ids can be imitated: good for a claim only. */
export function webFlowKeyById(id: string): WebFlowKey | undefined {
  return KEYS.find((key) => key.fingerprint.endsWith(id))?.which;
}
