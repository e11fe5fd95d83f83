import type { KeyringEntryRecord, PgpKeyRecord, Verdict } from '../../model/commit.ts';
import type { RuleContext } from '../rule.ts';

/** How GitHub's own keys are told from those of people, on the host of this repository. */
export interface GitHubKeys {
  readonly host: string;
  /** Whether the host's keys are known by fingerprint, and not only by the name that they bear. */
  readonly areKnown: boolean;
  isGitHubs(key: PgpKeyRecord): boolean;
  /** Whether a signature is GitHub's, or says that it is. */
  isSignedByGitHub(verdict: Verdict): boolean;
}

const PUBLIC_HOST = 'github.com';

/**
 * github.com's keys are known; those of another host are the ones that the configuration names, and
 * where it names none, keys that bear GitHub's name: keyrings are trusted, so a name on a key of
 * theirs says what it is.
 */
export function githubKeys({ facts, settings }: RuleContext): GitHubKeys {
  const host = facts.identity?.state === 'known' ? facts.identity.value.host : PUBLIC_HOST;
  const named = settings.commitSignatures.webFlowKeys[host] ?? [];
  const isPublic = host === PUBLIC_HOST;
  const areKnown = isPublic || named.length > 0;
  return {
    host,
    areKnown,
    isGitHubs({ fingerprint, webFlow, userIds }) {
      if (named.includes(fingerprint)) return true;
      if (webFlow !== undefined) return isPublic || named.length === 0;
      return !areKnown && userIds.some((id) => /^GitHub(?: Enterprise)? <noreply@/.test(id));
    },
    isSignedByGitHub(verdict) {
      const { key } = verdict;
      const claimed = verdict.accepted ? undefined : verdict.claimed;
      const isWebFlow = (key?.webFlow ?? claimed?.webFlow) !== undefined;
      if (isPublic && isWebFlow) return true;
      return named.some(
        (fingerprint) =>
          fingerprint === key?.fingerprint ||
          (claimed !== undefined && fingerprint.endsWith(claimed.id)),
      );
    },
  };
}

export function pgpKeys(entries: readonly KeyringEntryRecord[]): PgpKeyRecord[] {
  return entries.flatMap(({ keys }) => keys.filter((key) => key.kind === 'openpgp'));
}

/** Whether Flux accepts what the key signs now. */
export function isUsable(key: PgpKeyRecord, now: number): boolean {
  const seconds = now / 1000;
  const isLive = ({ revoked, expires }: { revoked: boolean; expires?: number }) =>
    !revoked && (expires === undefined || expires > seconds);
  return isLive(key) && (key.signs || key.subkeys.some((subkey) => subkey.signs && isLive(subkey)));
}
