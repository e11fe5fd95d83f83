import type { Verdict } from '../../model/commit.ts';

/** Who signed, as far as it can be told: what matters before verification is switched on. */
export const SIGNERS = ['known-key', 'github', 'unknown-key', 'unusable', 'unsigned'] as const;

/**
 * - `known-key`: Flux accepts it
 * - `github`: signed by GitHub itself, or says so, with a key that is not in the keyring
 * - `unknown-key`: signed by a key that is not in the keyring
 * - `unusable`: signed, and Flux refuses it for another reason
 * - `unsigned`
 */
export type Signer = (typeof SIGNERS)[number];

/** Whether a verdict tells of a signature by GitHub, by the keys of github.com. */
function isWebFlow(verdict: Verdict): boolean {
  return !verdict.accepted && verdict.claimed?.webFlow !== undefined;
}

/** Which kind of signer a verdict tells of. */
export function signerOf(verdict: Verdict, isGitHubs = isWebFlow): Signer {
  if (verdict.accepted) return 'known-key';
  switch (verdict.refusal) {
    case 'unsigned':
      return 'unsigned';
    case 'unknown-key':
    case 'no-keys-of-this-kind':
    case 'unreadable-keys':
      return isGitHubs(verdict) ? 'github' : 'unknown-key';
    default:
      return 'unusable';
  }
}

/** How many commits each kind of signer made. */
export function survey(
  verdicts: readonly Verdict[],
  isGitHubs = isWebFlow,
): Record<Signer, number> {
  const counts = { 'known-key': 0, github: 0, 'unknown-key': 0, unusable: 0, unsigned: 0 };
  for (const verdict of verdicts) counts[signerOf(verdict, isGitHubs)] += 1;
  return counts;
}
